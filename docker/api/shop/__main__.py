"""`python -m shop`: serve the API until SIGTERM or SIGINT."""

import os
import signal
import sys
import threading
from types import FrameType

import uvicorn

from shop.app import create_app
from shop.settings import SettingError, read_settings

DRAIN_SECONDS = 1  # for requests under way when the stop signal comes


def main() -> None:
    """Serve; exit 0 after a stop signal, at most 2 s after it."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        settings = read_settings()
    except SettingError as error:
        raise SystemExit(f"shop: {error}") from None
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        access_log=False,  # the API writes its own
        log_level="warning",
        server_header=False,
    )
    _LastingServer(config).run()


class _LastingServer(uvicorn.Server):
    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        # A thread stuck on a database that hangs can't be cancelled, and Python waits for its threads: don't.
        end = threading.Timer(DRAIN_SECONDS + 0.5, os._exit, (0,))
        end.daemon = True
        end.start()
        await super().shutdown(sockets)  # type: ignore[arg-type]


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
