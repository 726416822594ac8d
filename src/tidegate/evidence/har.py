"""The exchanges of a run as HAR 1.2, which browsers and proxies open, with one page for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import harfile

import tidegate

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.records import Exchange, Headers, Message

NAME, NOWHERE = "run.har", "outside of any test"


def write_har(bundle: Bundle) -> Path:
    """Writes `run.har` into the bundle's folder, an entry at a time."""
    path = bundle.folder / NAME
    about = {"version": harfile.HAR_VERSION, "creator": {"name": "tidegate", "version": tidegate.__version__}}
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"log": {json.dumps(about)[:-1]}, "pages": {json.dumps([*_pages(bundle)])}, "entries": [')
        for number, exchange in enumerate(bundle.exchanges()):
            entry = entry_of(exchange, exchange.test or NOWHERE)
            file.write((",\n" if number else "\n") + json.dumps(entry, ensure_ascii=False))
        file.write("]}}\n")
    return path


def entry_of(exchange: Exchange, page: str) -> dict[str, Any]:
    """One exchange on the page; of one that no answer came to, status 0 and the error."""
    took = round(exchange.elapsed * 1000, 3)
    entry: dict[str, Any] = {"pageref": page, "startedDateTime": _time(exchange.started), "time": took}
    entry |= {"request": _request(exchange).asdict(), "response": _response(exchange).asdict(), "cache": {}}
    entry["timings"] = harfile.Timings(send=0, wait=took, receive=0).asdict()
    return entry | {"comment": f"{exchange.phase}, {exchange.identity or 'credentials of nobody known'}"}


def _pages(bundle: Bundle) -> Iterator[dict[str, Any]]:
    """A page of each test that has sent something, and one of what was sent outside of any."""
    began = {test.id: test.at for test in reversed(bundle.tests())}
    for test, first in bundle.senders().items():
        yield _page(test, began.get(test, first))


def _page(test: str, at: float) -> dict[str, Any]:
    return {"id": test or NOWHERE, "title": test or NOWHERE, "startedDateTime": _time(at), "pageTimings": {}}


def _request(exchange: Exchange) -> harfile.Request:
    sent = exchange.request
    text, kind = _text(sent), sent.header("Content-Type") or ""
    return harfile.Request(
        exchange.method,
        exchange.url,
        "HTTP/1.1",
        headers=_records(sent.headers),
        queryString=[harfile.Record(name, value) for name, value in _query(exchange.url)],
        postData=harfile.PostData(kind, text=text) if text else None,
        bodySize=sent.size,
    )


def _response(exchange: Exchange) -> harfile.Response:
    came = exchange.response
    if came is None or exchange.status is None:
        return harfile.Response(0, "", "", comment=exchange.error or "no answer came")
    kind = came.header("Content-Type") or ""
    why = None if came.body is not None or not came.size else "the body was not kept"
    return harfile.Response(
        exchange.status,
        _phrase(exchange.status),
        "HTTP/1.1",
        headers=_records(came.headers),
        content=harfile.Content(came.size, mimeType=kind, text=_text(came), comment=why),
        redirectURL=came.header("Location") or "",
        bodySize=came.size,
    )


def _records(headers: Headers) -> list[harfile.Record]:
    return [harfile.Record(name, value) for name, value in headers]


def _text(message: Message) -> str | None:
    return None if message.body is None else message.body.decode("utf-8", "replace")


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
