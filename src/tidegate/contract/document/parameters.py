"""What a request carries for each parameter of its operation, as values that a schema can judge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from tidegate.contract.document import coerced, styles
from tidegate.contract.model import Bound, Parameter
from tidegate.records import Exchange, Headers
from tidegate.redact import fields

Pairs = list[tuple[str, str]]


class Values(NamedTuple):
    """The parameters that are there with their values, and the names in the query that belong to none."""

    found: tuple[tuple[Parameter, Any], ...]
    unknown: tuple[str, ...]

    def of(self, parameter: Parameter) -> Any:
        """The value of a parameter; KeyError where it is not there."""
        for each, value in self.found:
            if each is parameter:
                return value
        raise KeyError(parameter.name)


def read_values(bound: Bound, exchange: Exchange) -> Values:
    """The values of a request's parameters in the types of their schemas: `?limit=5` is a number if it is to be one.

    Text that cannot be of its type stays text.
    """
    parameters = bound.operation.parameters if bound.operation else ()
    query = exchange.url.partition("#")[0].partition("?")[2]
    pairs = [*fields.pairs(query)]
    cookies = _cookies(exchange.request.headers)
    found: list[tuple[Parameter, Any]] = []
    taken: set[str] = set()
    for parameter in parameters:
        if parameter.place == "query":
            names = _names(parameter, parameters, pairs)
            taken |= names
            text = [each for each in pairs if each[0] in names]
        else:
            text = _elsewhere(parameter, bound.values, exchange.request.headers, cookies, query)
        if text:
            found.append((parameter, _read(parameter, text)))
    return Values(tuple(found), tuple(dict.fromkeys(name for name, _ in pairs if name not in taken)))


def read_header(parameter: Parameter, headers: Headers) -> Any:
    """The value of a header in the type of its schema; KeyError where it is not there."""
    text = _header(parameter.name, headers)
    if not text:
        raise KeyError(parameter.name)
    return _read(parameter, text)


def _elsewhere(parameter: Parameter, path: Mapping[str, str], headers: Headers, cookies: Pairs, query: str) -> Pairs:
    """What stands for a parameter outside the query."""
    if parameter.place == "path":
        return [(parameter.name, path[parameter.name])] if parameter.name in path else []
    if parameter.place == "cookie":
        return [each for each in cookies if each[0] in _names(parameter, (), cookies)]
    if parameter.place == "querystring":
        return [(parameter.name, query)] if query else []
    return _header(parameter.name, headers)


def _header(name: str, headers: Headers) -> Pairs:
    texts = [value for each, value in headers if each.lower() == name.lower()]
    return [(name, ", ".join(texts))] if texts else []


def _cookies(headers: Headers) -> Pairs:
    pieces = [piece for name, value in headers if name.lower() == "cookie" for piece in value.split(";")]
    pairs = [piece.strip().partition("=") for piece in pieces]
    return [(name, unquote(value)) for name, equals, value in pairs if equals]


def _names(parameter: Parameter, others: Iterable[Parameter], pairs: Pairs) -> set[str]:
    """The names under which a parameter appears: those of its fields where an object is spread."""
    name = parameter.name
    if parameter.style == "deepObject":
        return {each for each, _ in pairs if each.startswith(f"{name}[")}
    schema = parameter.schema
    if schema is None or parameter.media or not _spread(parameter):
        return {name}
    fields = set(coerced.fields(schema, schema.plain))
    plain = schema.resolve(schema.plain)
    if isinstance(plain, Mapping) and (plain.get("additionalProperties", not fields) is not False):
        own = {each.name for each in others if each is not parameter and each.place == parameter.place}
        fields |= {each for each, _ in pairs if each not in own and "[" not in each} if not fields else set()
    return fields | ({name} if name in {each for each, _ in pairs} else set())


def _spread(parameter: Parameter) -> bool:
    return parameter.explode and parameter.style == "form" and _kind(parameter) == "object"


def _kind(parameter: Parameter) -> str:
    """Array or object if a value can be one; else empty."""
    found = coerced.known(parameter.schema) if parameter.schema else frozenset()
    return next((each for each in ("array", "object") if each in found), "")


def _read(parameter: Parameter, text: Pairs) -> Any:
    """The value, of all readings the one that the schema allows."""
    if parameter.media:
        return _content(parameter, text[0][1])
    kind = _kind(parameter)
    read = _styled(parameter, kind, text)
    plain = [read] if not kind or len(text) > 1 else [read, text[0][1]]
    return coerced.fitting(parameter.schema, plain)


def _content(parameter: Parameter, text: str) -> Any:
    if "urlencoded" in parameter.media:
        read = dict(parse_qsl(text, keep_blank_values=True))
        return coerced.typed(parameter.schema, parameter.schema.plain, read) if parameter.schema else read
    try:
        return json.loads(text) if "json" in parameter.media else text
    except ValueError:
        return text


def _styled(parameter: Parameter, kind: str, text: Pairs) -> Any:
    name, style, explode, first = parameter.name, parameter.style, parameter.explode, text[0][1]
    if style == "deepObject":
        return styles.deep(text, name)
    if parameter.place == "header":
        return _trimmed(styles.simple(first, kind, explode))
    if style == "matrix":
        return styles.matrix(first, name, kind, explode)
    if style == "label":
        return styles.label(first, kind, explode)
    if parameter.place == "path":
        return styles.simple(first, kind, explode)
    if explode and kind == "object":
        return dict(text)
    if (explode or len(text) > 1) and kind == "array":
        return [value for _, value in text]
    return styles.simple(first, kind, explode=False, delimiter=styles.DELIMITERS.get(style, ","))


def _trimmed(value: Any) -> Any:
    if isinstance(value, list):
        return [each.strip() for each in value]
    return {name.strip(): each.strip() for name, each in value.items()} if isinstance(value, dict) else value
