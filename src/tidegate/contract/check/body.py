"""A body's value against its schema, in either direction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from tidegate.contract.check import fields, places
from tidegate.contract.schema import Schema

_UNEVALUATED = "unevaluatedProperties"
_FORBIDDEN = ("additionalProperties", _UNEVALUATED)
_MANY = 1_000
_PROMISED = {"undocumented": "no such field", "hidden": "in requests only", "given": "in answers only"}


class Flaw(NamedTuple):
    """What is wrong at a place of a body; `kind` is invalid, undocumented, hidden (writeOnly) or given (readOnly)."""

    kind: str
    pointer: str
    promised: str
    came: str


def flaws(schema: Schema, value: Any) -> Iterator[Flaw]:
    """Everything about a value that its schema does not allow or does not know."""
    try:
        yield from _flaws(schema, value)
    except (UnicodeEncodeError, RecursionError):  # half of a surrogate pair, or a depth that nobody can look at
        return


def _flaws(schema: Schema, value: Any) -> Iterator[Flaw]:
    found = fields.strays(schema, value)
    breaches = list(islice(schema.breaches(value), _MANY))
    explained = bool(found.unknown) or any(each.keyword != _UNEVALUATED for each in breaches)
    for breach in breaches:
        pointer = fields.general(schema, value, breach.pointer)
        if breach.keyword == _UNEVALUATED and explained:  # what failed elsewhere accounts for no field any more
            continue
        if breach.keyword not in _FORBIDDEN or pointer not in found.unknown:
            yield Flaw("invalid", pointer, places.cut(breach.promised), places.cut(breach.came))
    for pointer, (came, node) in found.untagged.items():
        names = ", ".join(node.plain["discriminator"]["mapping"])
        yield Flaw("invalid", pointer, places.cut(f"one of: {names}"), places.shown(came))
    for kind, some in (("undocumented", found.unknown), ("hidden", found.hidden), ("given", found.given)):
        for pointer, came in some.items():
            yield Flaw(kind, pointer, _PROMISED[kind], places.shown(came))
