"""The body of an answer: whether there may be one, of which media type, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tidegate.contract.check import body, media, payload, places, words
from tidegate.contract.check.subject import Subject
from tidegate.contract.model import Answer, Media
from tidegate.contract.schema import Schema
from tidegate.records import Finding

_KINDS = {"invalid": "invalid-body", "undocumented": "undocumented-field", "hidden": "write-only-field"}


def answer(subject: Subject) -> Iterator[Finding]:
    """Everything about the body of an answer."""
    if subject.bodiless:
        yield from _none(subject)
    elif (promise := subject.promise) is None:
        return
    elif not promise.media:
        yield from _empty(subject)
    elif not subject.sent(subject.response):
        yield from _missing(subject, promise)
    else:
        yield from _typed(subject, promise)


def _none(subject: Subject) -> Iterator[Finding]:
    """Where HTTP allows no body; a client that keeps to that sees only what the headers announce (RFC 9110, 8.6)."""
    response, status = subject.response, subject.status
    announced = (response.header("Content-Length") or "0").strip()
    came = f"{response.size or len(response.body or b'')} bytes" if subject.sent(response) else ""
    if not came and status in (204, 205) and subject.exchange.method != "HEAD":
        came = f"Content-Length: {announced}" if announced.strip("0") else ""
    if came:
        yield subject.finding("unexpected-body", places.answer(status, "body"), "no body", came)


def _empty(subject: Subject) -> Iterator[Finding]:
    """Where the document has none. That an error's body or a redirect's is left out is custom, not a promise."""
    if 200 <= subject.status < 300 and subject.sent(subject.response):
        came = places.cut((subject.response.body or b"")[:200].decode("utf-8", "replace"))
        where = places.answer(subject.status, "body")
        yield subject.finding("unexpected-body", where, "no body", came or f"{subject.response.size} bytes")


def _missing(subject: Subject, promise: Answer) -> Iterator[Finding]:
    json = all(media.is_json(each.range) for each in promise.media)
    redirect = 300 <= subject.status < 400
    if json and subject.response.body is not None and not redirect and subject.status != 206:
        where = places.answer(subject.status, "body")
        yield subject.finding("invalid-body", where, media.names(promise.media), "nothing")


def _typed(subject: Subject, promise: Answer) -> Iterator[Finding]:
    content_type = subject.response.header("Content-Type")
    option = media.match(promise.media, content_type)
    if option is None and 300 <= subject.status < 400:
        return
    if option is None:
        where = places.answer(subject.status, "header", "Content-Type")
        came = places.cut(content_type or "missing")
        yield subject.finding("undocumented-media-type", where, media.names(promise.media), came)
    elif subject.status != 206:
        yield from _said(subject, option, content_type)


def _said(subject: Subject, option: Media, content_type: str | None) -> Iterator[Finding]:
    raw = subject.readable(subject.response)
    if raw is None:
        return
    where = places.answer(subject.status, "body")
    if media.is_json(content_type):
        read = subject.readings.of(subject.response)
        if read.flaw:
            yield subject.finding("invalid-body", where, "JSON", places.cut(read.flaw))
        if read.repeated:
            yield subject.finding("invalid-body", where, "names that occur once", f"{read.repeated} twice")
        if read.known and option.schema is not None:
            yield from _flawed(subject, option.schema, read.value, where)
    elif option.schema is not None and media.is_text(content_type):
        value = payload.text(raw, content_type, option.schema)
        if not option.schema.allows(value):
            yield subject.finding("invalid-body", where, words.promised(option.schema), places.shown(value))


def _flawed(subject: Subject, schema: Schema, value: Any, where: str) -> Iterator[Finding]:
    for flaw in body.flaws(schema, value):
        if kind := _KINDS.get(flaw.kind):
            yield subject.finding(kind, f"{where} {flaw.pointer}".rstrip(), flaw.promised, flaw.came)
