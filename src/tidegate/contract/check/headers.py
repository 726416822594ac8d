"""The headers of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.contract.check import places, words
from tidegate.contract.check.subject import Subject
from tidegate.contract.document.parameters import read_header
from tidegate.contract.model import Parameter
from tidegate.records import Finding


def answer(subject: Subject) -> Iterator[Finding]:
    """Headers that are missing or not what was promised; Content-Type is no header here (OpenAPI 3.1, 4.8.17)."""
    for header in subject.promise.headers if subject.promise else ():
        if header.name.lower() != "content-type":
            yield from _checked(subject, header)


def _checked(subject: Subject, header: Parameter) -> Iterator[Finding]:
    where = places.answer(subject.status, "header", header.name)
    promised = words.promised(header.schema)
    try:
        value = read_header(header, subject.response.headers)
    except KeyError:
        if header.required and subject.exchange.method != "HEAD":  # which may leave it out (RFC 9110, 9.3.2)
            yield subject.finding("missing-header", where, promised, "missing")
        return
    if header.schema and not header.schema.allows(value):
        came = ", ".join(text for name, text in subject.response.headers if name.lower() == header.name.lower())
        yield subject.finding("invalid-header", where, promised, places.cut(came))
