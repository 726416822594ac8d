"""The fields of a body's schema, each with the way to it and what must be there on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidegate.contract.cases.case import Edit, Steps
from tidegate.contract.cases.flat import Plain, flat
from tidegate.contract.cases.sample import NoSample, sample
from tidegate.contract.schema import Schema

DEEPEST = 4
MOST = 60


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a body; `plain` has no references. `ahead` makes the way to it."""

    at: Steps
    plain: Mapping[str, Any]
    required: bool
    ahead: tuple[Edit, ...] = ()


def fields_of(schema: Schema) -> list[Field]:
    """The body itself and its fields, those of lists in their first item; at most so many."""
    found: list[Field] = []
    for field in _walk(schema, Field((), _one(schema, schema.plain), required=True)):
        if len(found) == MOST:
            break
        found.append(field)
    return found


def _walk(schema: Schema, field: Field) -> Iterator[Field]:
    yield field
    if len(field.at) >= DEEPEST:
        return
    items = field.plain.get("items")
    of_list = isinstance(items, Mapping) and "prefixItems" not in field.plain
    parts = field.plain.get("properties", {})
    if not parts and not of_list:
        return
    ahead = (*field.ahead, *made(field, schema)) if field.at or of_list else field.ahead
    for name, part in parts.items():
        below = Field((*field.at, name), _one(schema, part), name in field.plain.get("required", ()), ahead)
        if not below.plain.get("readOnly"):
            yield from _walk(schema, below)
    if isinstance(items, Mapping) and of_list:
        yield from _walk(schema, Field((*field.at, 0), _one(schema, items), required=True, ahead=ahead))


def made(field: Field, schema: Schema) -> tuple[Edit, ...]:
    """What puts a value at the place of a field where there is none; a list gets an item."""
    plain = dict(field.plain)
    if plain.get("type") == "array":
        plain["minItems"] = max(1, plain.get("minItems", 0))
    try:
        return (Edit(field.at, "ensure", sample(Schema(plain, schema.root))),)
    except NoSample:
        return ()


def _one(schema: Schema, plain: Plain) -> Mapping[str, Any]:
    """What a value here must be, null aside; nothing where it may be one of several things."""
    found = flat(schema, plain)
    branches = [each for each in found.get("anyOf", found.get("oneOf", ())) if flat(schema, each).get("type") != "null"]
    if len(branches) == 1:
        rest = {key: value for key, value in found.items() if key not in ("anyOf", "oneOf")}
        return flat(schema, {"allOf": [rest, branches[0]]})
    return found
