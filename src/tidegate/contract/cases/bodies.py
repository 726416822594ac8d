"""What can be wrong in a body: each a change of a right one that its schema does not allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tidegate.contract.cases.case import Edit, NotApplicable, pointer
from tidegate.contract.cases.fields import Field, fields_of, made
from tidegate.contract.cases.sample import NoSample, sample
from tidegate.contract.schema import Schema

EXTRA = "not_in_the_document"
# What no framework takes for a value of this type, however willingly it converts.
OTHERS: dict[str, Any] = {
    "string": {"not": "a text"},
    "integer": "not a number",
    "number": "not a number",
    "boolean": "not a boolean",
    "array": "not a list",
    "object": "not an object",
}
_LONGEST, _MOST = 20_000, 500


class Wrong(NamedTuple):
    """One thing that is wrong: its kind, where, and the changes that make it so."""

    kind: str
    subject: str
    edits: tuple[Edit, ...]


def wrongs(schema: Schema) -> Iterator[Wrong]:
    """Everything that is wrong by the schema alone; what it allows after all is left out."""
    try:
        right = sample(schema)
    except NoSample:
        right = None
    for field in fields_of(schema):
        for wrong in _wrongs(schema, field):
            if right is None or _is_wrong(schema, wrong, right):
                yield wrong


def _is_wrong(schema: Schema, wrong: Wrong, body: Any) -> bool:
    try:
        for edit in wrong.edits:
            body = edit(body)
    except NotApplicable:
        return False
    return next(schema.breaches(body), None) is not None


def _wrongs(schema: Schema, field: Field) -> Iterator[Wrong]:
    plain, at = field.plain, field.at
    if at and field.required and isinstance(at[-1], str):
        yield _of("missing", field, Edit(at, "remove"))
    declared = plain.get("type")
    kinds = [declared] if isinstance(declared, str) else [kind for kind in declared or () if kind != "null"]
    if len(kinds) == 1 and kinds[0] in OTHERS:
        yield _of("wrong type", field, Edit(at, "set", OTHERS[kinds[0]]))
    if at and plain.get("enum"):
        yield _of("not in enum", field, Edit(at, "set", _no_member(plain["enum"])))
    yield from _out_of_limits(field, kinds, schema)
    if "object" in kinds and plain.get("additionalProperties") is False:
        ahead = (*field.ahead, *made(field, schema)) if at else field.ahead
        yield Wrong("extra field", f"in {pointer(at)}" if at else "", (*ahead, Edit((*at, EXTRA), "set", "x")))


def _out_of_limits(field: Field, kinds: list[str], schema: Schema) -> Iterator[Wrong]:
    plain, at = field.plain, field.at
    if at and "string" in kinds and "enum" not in plain:
        if (most := plain.get("maxLength")) is not None and most < _LONGEST:
            yield _of("too long", field, Edit(at, "lengthen", most + 1))
        if plain.get("minLength", 0) > 0:
            yield _of("too short", field, Edit(at, "set", "x" * (plain["minLength"] - 1)))
    if at and {"integer", "number"} & {*kinds}:
        for kind, value in beyond(plain):
            yield _of(kind, field, Edit(at, "set", value))
    if at and "array" in kinds:
        yield from _counts(field, schema)


def _counts(field: Field, schema: Schema) -> Iterator[Wrong]:
    most = field.plain.get("maxItems")
    if field.plain.get("minItems", 0) > 0:
        yield _of("too few", field, Edit(field.at, "set", []))
    if most is not None and most < _MOST and (ahead := made(field, schema)):
        yield Wrong("too many", pointer(field.at), (*field.ahead, *ahead, Edit(field.at, "fill", most + 1)))


def beyond(plain: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Numbers just outside of the limits."""
    if "minimum" in plain or "exclusiveMinimum" in plain:
        yield "below minimum", min(_less(plain, "minimum", "exclusiveMinimum", -1))
    if "maximum" in plain or "exclusiveMaximum" in plain:
        yield "above maximum", max(_less(plain, "maximum", "exclusiveMaximum", 1))


def _less(plain: Mapping[str, Any], limit: str, exclusive: str, step: int) -> list[Any]:
    inside = [_whole(plain[limit]) + step] if limit in plain else []
    return [*inside, *([_whole(plain[exclusive])] if exclusive in plain else [])]


def _whole(number: Any) -> Any:
    return int(number) if float(number).is_integer() else number


def _no_member(members: list[Any]) -> Any:
    if all(isinstance(member, (int, float)) for member in members):
        return max(members) + 1
    return "not-in-the-enum"


def _of(kind: str, field: Field, edit: Edit) -> Wrong:
    return Wrong(kind, pointer(field.at) or "body", (*field.ahead, edit))
