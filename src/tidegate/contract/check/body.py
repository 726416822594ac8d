"""A body's value against its schema, in either direction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from tidegate.contract.check import fields, places
from tidegate.contract.schema import Breach, Schema

_FORBIDDEN = ("additionalProperties", "unevaluatedProperties")
_MANY = 1_000


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
    sound = True
    for breach in islice(schema.breaches(value), _MANY):
        sound = False
        pointer = fields.general(schema, value, breach.pointer)
        if breach.keyword not in _FORBIDDEN or pointer not in found.unknown:
            yield _invalid(pointer, breach)
    if sound:
        yield from _mistagged(found)
    for pointer, came in found.unknown.items():
        yield Flaw("undocumented", pointer, "no such field", places.shown(came))
    for pointer, came in found.hidden.items():
        yield Flaw("hidden", pointer, "in requests only", places.shown(came))
    for pointer, came in found.given.items():
        yield Flaw("given", pointer, "in answers only", places.shown(came))


def _mistagged(found: fields.Strays) -> Iterator[Flaw]:
    """Values that fit another branch than the one which they name themselves."""
    for pointer, (node, value) in found.tagged.items():
        for breach in islice(node.tree.schema(node.whole).breaches(value), _MANY):
            inner = fields.general(node.tree.schema(node.whole), value, breach.pointer)
            if breach.keyword not in _FORBIDDEN or pointer + inner not in found.unknown:
                yield _invalid(pointer + inner, breach)


def _invalid(pointer: str, breach: Breach) -> Flaw:
    return Flaw("invalid", pointer, places.cut(breach.promised), places.cut(breach.came))
