"""Whether the document knows the operation and the status."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from tidegate.contract.check import media
from tidegate.contract.check.subject import Promises, Subject
from tidegate.contract.model import Bound
from tidegate.contract.shapes.paths import operation_of
from tidegate.records import Exchange, Finding

_EXISTS = frozenset({409, 422, 500})  # what is said only by something that is there
_TOO_MUCH = frozenset({408, 411, 413, 414, 417, 421, 426, 429, 431})  # said before any operation is chosen


def unbound(document: Promises, bound: Bound, exchange: Exchange, name: str) -> Iterator[Finding]:
    """A path or method that the document hasn't, where the answer shows that it is there."""
    status = exchange.status or 0
    if exchange.method in ("OPTIONS", "TRACE", "CONNECT") or not (200 <= status < 300 or status in _EXISTS):
        return
    if bound.path:
        there = [each.method for each in document.operations if each.path == bound.path]
        yield Finding(
            "undocumented-method", f"{exchange.method} {bound.path}", "method", ", ".join(there), exchange.method
        )
    elif not _is_document(exchange):
        name = name or operation_of(exchange.method, exchange.url)
        yield Finding("undocumented-operation", name, "path", "a path of the document", name)


def status(subject: Subject) -> Iterator[Finding]:
    """A status that is documented neither by itself, nor by its class, nor by default (OpenAPI 3.1, 4.8.16)."""
    if subject.promise is None and not _by_http(subject):
        promised = ", ".join(each.status for each in subject.operation.answers) or "no answer"
        yield subject.finding("undocumented-status", str(subject.status), promised, str(subject.status))


def deprecated(subject: Subject) -> Iterator[Finding]:
    """An operation that is on its way out, and worked."""
    if subject.operation.deprecated and subject.status < 400:
        yield subject.finding("deprecated-operation", "operation", "deprecated", "in use")


def _by_http(subject: Subject) -> bool:
    """Whether HTTP itself promises that status for such a request, so that no document needs to."""
    status, asked = subject.status, subject.exchange.request
    if status == 304:
        return bool(asked.header("If-None-Match") or asked.header("If-Modified-Since"))
    if status in (206, 416):
        return asked.header("Range") is not None
    if status == 412:
        return bool(asked.header("If-Match") or asked.header("If-Unmodified-Since") or asked.header("If-None-Match"))
    if status == 415:
        body = subject.operation.body
        return body is None or media.match(body.media, asked.header("Content-Type")) is None
    if status in (405, 501):  # HEAD where only GET is documented
        return subject.exchange.method != subject.operation.method
    if status == 406:
        return asked.header("Accept") is not None and "*/*" not in (asked.header("Accept") or "")
    return status in _TOO_MUCH or status < 200 or _same_elsewhere(subject)


def _same_elsewhere(subject: Subject) -> bool:
    """A redirect to the same path in another spelling: another scheme or host, or another slash at its end."""
    if subject.status not in (301, 302, 303, 307, 308):
        return False
    there = urlsplit(subject.response.header("Location") or "").path
    return there.rstrip("/") == urlsplit(subject.exchange.url).path.rstrip("/")


def _is_document(exchange: Exchange) -> bool:
    """An API's own OpenAPI document seldom describes itself."""
    start = (exchange.response.body or b"")[:2_000] if exchange.response else b""
    return any(mark in start for mark in (b'"openapi":', b'"swagger":', b'"openapi" :', b"openapi: ", b"swagger: "))
