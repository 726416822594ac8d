"""Text of a URL, a header or a form as the type that its schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.schema import Plain, Schema

_INTEGER = re.compile(r"[+-]?\d{1,400}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_OF_PYTHON = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_STRING = frozenset({"string"})
_DEEP = 12


def known(schema: Schema) -> frozenset[str]:
    """The types that a schema names, looked up once."""
    if schema.kinds is None:
        schema.kinds = kinds(schema, schema.plain)
    return schema.kinds


def kinds(schema: Schema, plain: Plain, depth: int = _DEEP) -> frozenset[str]:
    """The types that a schema names, in whatever part of it; none where it leaves that open."""
    if not isinstance(plain, Mapping) or not depth:
        return frozenset()
    given = plain.get("type")
    if given:
        return frozenset([given] if isinstance(given, str) else given)
    found: set[str] = set()
    for part in parts(schema, plain):
        found |= kinds(schema, part, depth - 1)
    values = [*plain.get("enum", ()), *([plain["const"]] if "const" in plain else [])]
    return frozenset(found) | {_OF_PYTHON[type(each)] for each in values if type(each) in _OF_PYTHON}


def parts(schema: Schema, plain: Mapping[str, Any]) -> Iterator[Plain]:
    """The schemas that apply to the same value."""
    if "$ref" in plain:
        yield schema.target(plain["$ref"])
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from plain.get(keyword, ())


def field(schema: Schema, plain: Plain, name: str, depth: int = _DEEP) -> Plain:
    """The schema of a field of an object."""
    if not isinstance(plain, Mapping) or not depth:
        return True
    if name in plain.get("properties", {}):
        found: Plain = plain["properties"][name]
        return found
    for part in parts(schema, plain):
        inner = field(schema, part, name, depth - 1)
        if inner is not True:
            return inner
    rest: Plain = plain.get("additionalProperties", True)
    return rest


def fields(schema: Schema, plain: Plain, depth: int = _DEEP) -> frozenset[str]:
    """The names of all fields of an object."""
    if not isinstance(plain, Mapping) or not depth:
        return frozenset()
    inner = [fields(schema, part, depth - 1) for part in parts(schema, plain)]
    return frozenset(plain.get("properties", {})).union(*inner)


def items(schema: Schema, plain: Plain, depth: int = _DEEP) -> Plain:
    """The schema of the elements of a list."""
    if not isinstance(plain, Mapping) or not depth:
        return True
    if "items" in plain:
        found: Plain = plain["items"]
        return found
    return next((inner for part in parts(schema, plain) if (inner := items(schema, part, depth - 1)) is not True), True)


def typed(schema: Schema, plain: Plain, value: Any, depth: int = _DEEP) -> Any:
    """A value whose texts are of the types that are asked for, as far as they can be."""
    if not depth:
        return value
    if isinstance(value, list):
        inner = items(schema, plain)
        return [typed(schema, inner, each, depth - 1) for each in value]
    if isinstance(value, dict):
        return {name: typed(schema, field(schema, plain, name), each, depth - 1) for name, each in value.items()}
    return (
        scalar(value, known(schema) if plain is schema.plain else kinds(schema, plain))
        if isinstance(value, str)
        else value
    )


def scalar(text: str, wanted: frozenset[str]) -> Any:
    """A text as boolean, number or null, if it is written like one and that is asked for."""
    if "boolean" in wanted and text in ("true", "false"):
        return text == "true"
    if wanted & {"integer", "number"} and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in wanted and _NUMBER.fullmatch(text):
        return float(text)
    if "null" in wanted and (text == "null" or (not text and "string" not in wanted)):
        return None
    return text


def fitting(schema: Schema | None, candidates: list[Any]) -> Any:
    """The first of several readings that the schema allows, else the first one."""
    if schema is None:
        return candidates[0]
    if len(candidates) == 1 and isinstance(candidates[0], str) and known(schema) <= _STRING:
        return candidates[0]
    read = [typed(schema, schema.plain, each) for each in candidates]
    tries = [*read, *candidates]
    if len(candidates) == 1 and read == candidates:
        return read[0]
    return next((each for each in tries if schema.allows(each)), read[0])
