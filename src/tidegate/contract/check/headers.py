"""The headers of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.contract.check import places, typed, values, words
from tidegate.contract.check.subject import Subject
from tidegate.contract.model import Parameter
from tidegate.records import Finding


def answer(subject: Subject) -> Iterator[Finding]:
    """Headers that are missing or not what was promised; Content-Type is no header here (OpenAPI 3.1, 4.8.17)."""
    for header in subject.promise.headers if subject.promise else ():
        if header.name.lower() == "content-type":
            continue
        came = [value for name, value in subject.response.headers if name.lower() == header.name.lower()]
        where = places.answer(subject.status, "header", header.name)
        promised = words.promised(header.schema)
        if came:
            yield from _wrong(subject, header, came, where)
        elif header.required and subject.exchange.method != "HEAD":  # which may leave them out (RFC 9110, 9.3.2)
            yield subject.finding("missing-header", where, promised, "missing")


def _wrong(subject: Subject, header: Parameter, came: list[str], where: str) -> Iterator[Finding]:
    listed = (node := values.node(header)) is not None and typed.says(node, "array")
    for texts in [came] if listed else [[each] for each in came]:
        value = values.of(header, texts)
        breach = next(header.schema.breaches(value), None) if header.schema else None
        if breach:
            promised = words.promised(header.schema) if not breach.pointer else breach.promised
            yield subject.finding("invalid-header", where, promised, places.cut(", ".join(texts)))
            return
