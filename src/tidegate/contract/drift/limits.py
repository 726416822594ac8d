"""Whether a new view allows less than an old one, more, or something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidegate.contract.drift.views import View

_WIDER = {"int32": "int64", "float": "double"}  # the OpenAPI format registry: the second holds every value of the first
_LEAST = {"minLength": 0, "minItems": 0, "minProperties": 0}


@dataclass(frozen=True, slots=True)
class Step:
    """What changed about a value, and which way; something else is less and more at once."""

    text: str
    less: bool
    more: bool


def steps(old: View, new: View) -> Iterator[Step]:
    """Every difference between what is allowed of the value itself, apart from what it consists of."""
    yield from types(old, new)
    yield from _enum(old, new)
    yield from _format(old.format, new.format)
    yield from _patterns(old, new)
    yield from _sizes(old.sizes, new.sizes)
    yield from _bounds(old.bounds, new.bounds)
    yield from _multiple(old.multiple, new.multiple)
    if old.unique != new.unique:
        yield Step("items must differ from each other" if new.unique else "items may repeat", new.unique, old.unique)


def unlike(old: View, new: View) -> bool:
    """Whether no value but null can be both, so that there is no sense in looking further."""
    one, other = _kinds(old), _kinds(new)
    return one is not None and other is not None and not one & other


def _kinds(found: View) -> frozenset[str] | None:
    if found.types is None:
        return None
    return frozenset("number" if kind == "integer" else kind for kind in found.types - {"null"})


def types(old: View, new: View) -> Iterator[Step]:
    """Every difference between the types, null among them."""
    one, other = old.types, new.types
    if one == other:
        return
    if one is not None and other is not None and "null" in one ^ other:
        gained = "null" in other
        yield Step("null is newly allowed" if gained else "null is no longer allowed", not gained, gained)
    lost, gained_types = _beyond(one, other), _beyond(other, one)
    if lost or gained_types:
        yield Step(f"type changed from {_said(one)} to {_said(other)}", lost, gained_types)


def _beyond(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    """Whether `one` has types other than null that `other` lacks."""
    if other is None:
        return False
    return one is None or bool(one - other - {"null"} - ({"integer"} if "number" in other else set()))


def _said(types: frozenset[str] | None) -> str:
    return "any" if types is None else " or ".join(sorted(types - {"null"})) or "null"


def _enum(old: View, new: View) -> Iterator[Step]:
    one, other = old.enum, new.enum
    if one == other:
        return
    if one is None or other is None:
        yield Step(
            f"only {_list(other)} allowed now" if other is not None else "any value allowed now", not one, not other
        )
        return
    if gone := one - other:
        yield Step(f"{_list(gone)} no longer allowed", True, False)
    if added := other - one:
        yield Step(f"{_list(added)} newly allowed", False, True)


def _list(values: frozenset[str] | None) -> str:
    ordered = sorted(values or ())
    return ", ".join(ordered[:6]) + (f" and {len(ordered) - 6} more" if len(ordered) > 6 else "")


def _format(one: str, other: str) -> Iterator[Step]:
    if one != other:
        text = f"format changed from {one or 'none'} to {other or 'none'}"
        less = bool(other) and _WIDER.get(one) != other
        yield Step(text, less, bool(one) and _WIDER.get(other) != one)


def _patterns(old: View, new: View) -> Iterator[Step]:
    less, more = bool(new.patterns - old.patterns), bool(old.patterns - new.patterns)
    if less or more:
        one, other = " and ".join(sorted(old.patterns)), " and ".join(sorted(new.patterns))
        yield Step(f"pattern changed from {one or 'none'} to {other or 'none'}", less, more)


def _sizes(old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[Step]:
    for word in sorted(old.keys() | new.keys()):
        one, other = old.get(word, _LEAST.get(word)), new.get(word, _LEAST.get(word))
        if one == other:
            continue
        grew = one is not None and (other is None or other > one)
        less = grew if word.startswith("min") else not grew
        yield Step(f"{word} changed from {_number(one)} to {_number(other)}", less, not less)


def _bounds(old: Mapping[str, tuple[float, bool]], new: Mapping[str, tuple[float, bool]]) -> Iterator[Step]:
    for word in sorted(old.keys() | new.keys()):
        one, other = old.get(word), new.get(word)
        if one == other:
            continue
        if one is None or other is None:
            less = one is None
        elif one[0] == other[0]:
            less = other[1]
        else:
            less = (other[0] > one[0]) == (word == "minimum")
        yield Step(f"{word} changed from {_bound(one)} to {_bound(other)}", less, not less)


def _bound(bound: tuple[float, bool] | None) -> str:
    return "none" if bound is None else f"{bound[0]:g}" + (" itself excluded" if bound[1] else "")


def _number(value: Any) -> str:
    return "none" if value is None else str(value)


def _multiple(one: float | None, other: float | None) -> Iterator[Step]:
    if one != other:
        less = other is not None and not (one and other and one % other == 0)
        more = one is not None and not (one and other and other % one == 0)
        yield Step(f"multipleOf changed from {_number(one)} to {_number(other)}", less, more)
