"""What a test sent that the document does not allow, and yet was answered well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from tidegate.contract.check import body, forms, media, places, words
from tidegate.contract.check.subject import Subject
from tidegate.contract.document.parameters import Values, read_values
from tidegate.contract.model import Bound, Media, Parameter
from tidegate.records import Finding

_NOTHING = (b"", b"{}", b"null", b'""')


def illegal(subject: Subject) -> Iterator[Finding]:
    """Everything about a request that is not as documented, where the answer was a success."""
    if 200 <= subject.status < 300:
        values = read_values(Bound(subject.operation, subject.operation.path, subject.values), subject.exchange)
        yield from _missing(subject, values)
        for parameter, came in values.found:
            yield from _came(subject, parameter, came)
        yield from _unknown(subject, values)
        yield from _body(subject)


def _missing(subject: Subject, values: Values) -> Iterator[Finding]:
    there = {id(parameter) for parameter, _ in values.found}
    for each in subject.operation.parameters:
        if each.required and each.place != "path" and id(each) not in there:
            yield subject.finding("illegal-request", places.request(each.place, each.name), "required", "missing")


def _came(subject: Subject, parameter: Parameter, came: Any) -> Iterator[Finding]:
    where = places.request(parameter.place, parameter.name)
    if parameter.deprecated:
        yield subject.finding("deprecated-operation", where, "deprecated", "in use")
    if parameter.schema and came not in ("", [""]) and not parameter.schema.allows(came):
        yield subject.finding("illegal-request", where, words.promised(parameter.schema), places.shown(came))


def _unknown(subject: Subject, values: Values) -> Iterator[Finding]:
    """Query parameters that nobody documented."""
    operation = subject.operation
    if not values.unknown or any(each.place == "querystring" for each in operation.parameters):
        return
    known = {name for name, _ in parse_qsl(operation.path.partition("?")[2], keep_blank_values=True)}
    known |= {each.name for each in operation.parameters if each.place == "query"}  # of which `name[]` is a spelling
    known |= {scheme.key for scheme in subject.document.schemes.values() if scheme.place == "query"}
    for name in values.unknown:
        if name.partition("[")[0] not in known:
            yield subject.finding("illegal-request", places.request("query", name), "no such parameter", name)


def _body(subject: Subject) -> Iterator[Finding]:
    asked, promise = subject.exchange.request, subject.operation.body
    sent = subject.sent(asked)
    if promise is None or not promise.media:
        if sent and (asked.body or b"x").strip() not in _NOTHING and promise is None:
            yield subject.finding("illegal-request", places.request("body"), "no body", places.cut(_start(asked.body)))
        return
    if not sent:
        if promise.required and asked.body is not None:
            yield subject.finding("illegal-request", places.request("body"), "required", "missing")
        return
    content_type = asked.header("Content-Type")
    option = media.match(promise.media, content_type)
    if option is None:
        where = places.request("header", "Content-Type")
        came = places.cut(content_type or "missing")
        yield subject.finding("illegal-request", where, media.names(promise.media), came)
    else:
        yield from _said(subject, option, content_type)


def _said(subject: Subject, option: Media, content_type: str | None) -> Iterator[Finding]:
    raw = subject.readable(subject.exchange.request)
    if raw is None or option.schema is None:
        return
    where = places.request("body")
    if media.is_json(content_type):
        read = subject.readings.of(subject.exchange.request)
        if read.flaw:
            yield subject.finding("illegal-request", where, "JSON", places.cut(read.flaw))
    else:
        read = forms.read(raw, content_type, option.schema)
    if read.known:
        for flaw in body.flaws(option.schema, read.value):
            if flaw.kind != "hidden":
                inner = places.request("body", flaw.pointer)
                yield subject.finding("illegal-request", inner, flaw.promised, flaw.came)


def _start(raw: bytes | None) -> str:
    return "a body" if raw is None else raw[:200].decode("utf-8", "replace")
