"""One JSON line per request on standard output."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent


class AccessLog:
    """Writes the line, and turns a defect into a 500 whose place is in the line and not in the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request and log it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        line, started = _begin(scope), time.perf_counter()

        async def note_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note_status)
        except Exception as error:
            line |= {"error": type(error).__name__, "at": list(_own_places(error))}
            if line["status"] is not None:
                raise  # too late for another answer: the server cuts the connection
            await JSONResponse({"detail": "Internal error."}, 500)(scope, receive, note_status)
        finally:
            line["duration_ms"] = round((time.perf_counter() - started) * 1000, 2)
            print(json.dumps(line), flush=True, file=sys.stdout)


def _begin(scope: Scope) -> dict[str, Any]:
    # The path without its query: the query may hold personal data.
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": scope["method"],
        "path": scope["path"],
        "status": None,
        "duration_ms": None,
        "traceparent": Headers(scope=scope).get("traceparent", "")[:256] or None,
    }


def _own_places(error: Exception) -> Iterator[str]:
    # Places only: an error's message can quote what the client sent.
    for frame, number in walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(HERE):
            yield f"{path.relative_to(HERE)}:{number}"
