"""A schema without its references: what `$ref` and `allOf` say together, in one table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tidegate.contract.schema import Schema

Plain = Mapping[str, Any] | bool

_LEAST = ("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum")
_MOST = ("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum")


def flat(schema: Schema, plain: Plain) -> dict[str, Any]:
    """What a value at this place must be; `{"not": {}}` when nothing can be there.

    A reference may stand beside other keywords (JSON Schema 2020-12, 8.2.3.1).
    """
    return _flat(schema, plain, ())


def _flat(schema: Schema, plain: Plain, seen: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(plain, Mapping):
        return {} if plain else {"not": {}}
    found = {key: value for key, value in plain.items() if key not in ("$ref", "allOf")}
    ref = plain.get("$ref")
    parts = [part for part in plain.get("allOf", ()) if isinstance(part, (Mapping, bool))]
    for part in parts:
        found = _both(found, _flat(schema, part, seen))
    if isinstance(ref, str) and ref not in seen:
        found = _both(found, _flat(schema, schema.target(ref), (*seen, ref)))
    return found


def _both(one: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What holds when both hold, as far as a table can say it."""
    both = {**other, **one}
    for key in set(one) & set(other):
        both[key] = _joined(key, one[key], other[key])
    return both


def _joined(key: str, one: Any, other: Any) -> Any:
    if key == "properties":
        return {name: _part(one, other, name) for name in {**other, **one}}
    if key == "required":
        return list(dict.fromkeys([*other, *one]))
    if key == "enum":
        return [value for value in one if value in other]
    if key == "type":
        return _types(one, other)
    if key in _LEAST:
        return max(one, other)
    if key in _MOST:
        return min(one, other)
    if key == "multipleOf" and isinstance(one, int) and isinstance(other, int):
        return math.lcm(one, other)
    if key in ("anyOf", "oneOf") and one != other:
        return [{"allOf": [a, b]} for a in one for b in other]
    return one


def _part(one: Mapping[str, Plain], other: Mapping[str, Plain], name: str) -> Plain:
    if name in one and name in other and one[name] != other[name]:
        return {"allOf": [one[name], other[name]]}
    return one.get(name, other.get(name, True))


def _types(one: Any, other: Any) -> list[str]:
    first, second = ([value] if isinstance(value, str) else list(value) for value in (one, other))
    common = [name for name in first if name in second]
    whole = "integer" in (*first, *second) and "number" in (*first, *second) and "integer" not in common
    return [*common, "integer"] if whole else common
