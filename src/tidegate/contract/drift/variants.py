"""Which schema of one `oneOf` or `anyOf` is which of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tidegate.contract.drift.side import Side
from tidegate.contract.drift.views import View, both, view

_MANY = 40  # variants left over, above which they are not compared each with each
_DEEP = 3  # choices within choices
_ALIKE = 0.4  # share of common fields


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several schemas. `named` when it is nothing but a reference."""

    name: str
    plain: Any
    view: View
    named: bool

    @property
    def said(self) -> str:
        """What people call it."""
        if self.name:
            return self.name.rpartition("/")[2]
        types = " or ".join(sorted(self.view.types or ())) or "anything"
        return f"{types} with {', '.join(sorted(self.view.properties)[:4])}" if self.view.properties else types


def of(found: View, side: Side, seen: tuple[str, ...] = ()) -> list[Variant]:
    """The schemas of which a value needs one; the whole itself when there is no choice."""
    if not found.variants:
        return [Variant("", None, found, False)]
    alone = replace(found, variants=())
    every = []
    for plain in found.variants:
        name, _ = side.follow(plain)
        if name in seen:  # a choice that has itself among its choices
            continue
        inner = view(plain, side)
        if inner.variants and alone == View() and len(seen) < _DEEP:
            every += of(inner, side, (*seen, name or str(len(seen))))
        else:
            every.append(Variant(name, plain, both(alone, inner), bool(name) and alone == View()))
    return every


def paired(
    old: list[Variant], new: list[Variant], equal: Callable[[Any, Any], bool]
) -> tuple[list[tuple[Variant, Variant]], list[Variant], list[Variant]]:
    """Which is which, those that are gone, and those that are new."""
    pairs: list[tuple[Variant, Variant]] = []
    rest, others = list(old), list(new)
    tests: list[Callable[[Variant, Variant], bool]] = [
        lambda one, other: bool(one.name) and one.name == other.name,
        lambda one, other: one.plain is not None and one.plain == other.plain,
    ]
    if len(old) * len(new) <= _MANY:
        tests.append(lambda one, other: None not in (one.plain, other.plain) and equal(one.plain, other.plain))
    for test in (*tests, _alike):
        for one in list(rest):
            other = next((each for each in others if test(one, each)), None)
            if other is not None:
                pairs.append((one, other))
                rest.remove(one)
                others.remove(other)
    return pairs, rest, others


def _alike(one: Variant, other: Variant) -> bool:
    """Whether two schemas are the same kind of value, and for objects have much in common."""
    if one.view.types != other.view.types:
        return False
    mine, others = set(one.view.properties), set(other.view.properties)
    return not (mine or others) or len(mine & others) / len(mine | others) >= _ALIKE
