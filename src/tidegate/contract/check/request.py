"""What a test sent that the document does not allow, and yet was answered well."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from tidegate.contract.check import body, forms, media, payload, places, typed, values, words
from tidegate.contract.check.subject import Subject
from tidegate.contract.model import Media, Parameter
from tidegate.records import Finding

_NOTHING = (b"", b"{}", b"null", b'""')


def illegal(subject: Subject) -> Iterator[Finding]:
    """Everything about a request that is not as documented, where the answer was a success."""
    if not 200 <= subject.status < 300:
        return
    query = urlsplit(subject.exchange.url).query
    pairs = parse_qsl(query, keep_blank_values=True) if query else []
    for parameter in subject.operation.parameters:
        yield from _parameter(subject, parameter, pairs)
    yield from _unknown(subject, pairs)
    yield from _body(subject)


def _parameter(subject: Subject, parameter: Parameter, pairs: values.Pairs) -> Iterator[Finding]:
    came = _came(subject, parameter, pairs)
    where = places.request(parameter.place, parameter.name)
    if came is values.ABSENT:
        if parameter.required and parameter.place in ("query", "header", "cookie"):
            yield subject.finding("illegal-request", where, "required", "missing")
        return
    if parameter.deprecated:
        yield subject.finding("deprecated-operation", where, "deprecated", "in use")
    breach = next(parameter.schema.breaches(came), None) if parameter.schema and came != "" else None
    if breach:
        promised = words.promised(parameter.schema) if not breach.pointer else breach.promised
        yield subject.finding("illegal-request", where, promised, places.shown(came))


def _came(subject: Subject, parameter: Parameter, pairs: values.Pairs) -> object:
    if parameter.place == "query":
        return values.asked(parameter, pairs)
    if parameter.place == "path":
        return (
            values.of(parameter, [subject.values[parameter.name]])
            if parameter.name in subject.values
            else values.ABSENT
        )
    asked = subject.exchange.request
    if parameter.place == "cookie":
        return values.asked(parameter, list(values.cookies(asked).items()))
    texts = [value for name, value in asked.headers if name.lower() == parameter.name.lower()]
    return values.of(parameter, texts) if texts else values.ABSENT


def _unknown(subject: Subject, pairs: values.Pairs) -> Iterator[Finding]:
    """Query parameters that nobody documented."""
    operation = subject.operation
    if not pairs or any(each.place == "querystring" for each in operation.parameters):
        return
    query = [each for each in operation.parameters if each.place == "query"]
    known = {each.name for each in query} | {name for name, _ in parse_qsl(operation.path.partition("?")[2])}
    known |= {scheme.key for scheme in subject.document.schemes.values() if scheme.place == "query"}
    for parameter in query:
        if values.exploded(parameter) and (schema := values.node(parameter)):
            names = typed.named(schema)
            if names is None:
                return
            known |= names
    for name, value in pairs:
        if name not in known and name.partition("[")[0] not in known:
            yield subject.finding(
                "illegal-request", places.request("query", name), "no such parameter", places.shown(value)
            )


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
        read = payload.read(raw, content_type, subject.exchange.request.header("Content-Encoding"))
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
