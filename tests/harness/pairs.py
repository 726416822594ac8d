"""Few combinations that have every pair of choices in one of them, since most faults need no more than two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

Pair = tuple[tuple[str, Any], tuple[str, Any]]


def pairwise(choices: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Combinations that cover all pairs; the same each time."""
    todo: set[Pair] = {
        ((a, one), (b, other)) for a, b in combinations(choices, 2) for one, other in product(choices[a], choices[b])
    }
    found = []
    while todo:
        case: dict[str, Any] = dict(min(todo, key=repr))
        for name, values in choices.items():
            if name not in case:
                case[name] = max(values, key=lambda value: len(todo & _pairs({**case, name: value}, choices)))
        todo -= _pairs(case, choices)
        found.append(case)
    return found


def _pairs(case: Mapping[str, Any], choices: Mapping[str, Sequence[Any]]) -> set[Pair]:
    there = [(name, case[name]) for name in choices if name in case]
    return set(combinations(there, 2))
