"""Which keywords of a schema are taken over, and in which form they must be for that (JSON Schema 2020-12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

TYPES = frozenset({"null", "boolean", "object", "array", "number", "string", "integer"})

ONE = frozenset({"not", "if", "then", "else", "contains", "propertyNames", "additionalProperties"}) | frozenset(
    {"unevaluatedItems", "unevaluatedProperties"}
)
LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAPS = frozenset({"properties", "dependentSchemas"})
IN_PLACE = ("$ref", "allOf", "anyOf", "oneOf", "not", "if")

FORMATS = frozenset({"date-time", "date", "uuid", "email", "uri", "uri-reference", "ipv4", "ipv6", "byte"})
"""Formats of text that are held to; a value's form in any other is nobody's business."""

RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _positive(value: Any) -> bool:
    return _number(value) and value > 0


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _count),
    **dict.fromkeys(("minContains", "maxContains"), _count),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _number),
    **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "deprecated"), _flag),
    "multipleOf": _positive,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "const": lambda _: True,
    "required": _names,
    "dependentRequired": lambda value: isinstance(value, Mapping) and all(_names(each) for each in value.values()),
    "title": lambda value: isinstance(value, str),
}
"""Keywords that hold no schema, and what they may hold; in any other form they say nothing and are left out."""
