"""Figures of a run: how long operations and tests took, and which answers of each operation were seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidegate.evidence.tables import mapping

if TYPE_CHECKING:
    from collections import Counter

    from tidegate.evidence.seen import Seen

BUCKETS = 16
SLOWEST, LINES = 100, 500

States = tuple[str, Mapping[str, str]]  # a resource, and what became of each documented status


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds; `bars` are heights from 0 to 1 on a logarithmic scale of time."""

    name: str
    count: int
    p50: float
    p95: float
    most: float
    bars: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A status of an operation, how often it was seen, and what that means: see the legend of the page."""

    status: str
    count: int
    state: str
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """An operation in the heat map."""

    operation: str
    resource: str
    cells: tuple[Cell, ...]


def spreads(took: Mapping[str, Sequence[float]]) -> list[Spread]:
    """Of each the distribution, the slowest first by what one in twenty exceeds."""
    found = [spread(name, times) for name, times in took.items() if times]
    return sorted(found, key=lambda each: -each.p95)[:SLOWEST]


def spread(name: str, times: Sequence[float]) -> Spread:
    """The distribution of these times."""
    ordered = sorted(times)
    low, high = math.log10(max(ordered[0], 0.1)), math.log10(max(ordered[-1], 0.1))
    counts = [0] * BUCKETS
    for each in ordered:
        share = (math.log10(max(each, 0.1)) - low) / (high - low) if high > low else 0
        counts[min(BUCKETS - 1, int(share * BUCKETS))] += 1
    bars = tuple(count / max(counts) for count in counts)
    return Spread(name, len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.95), ordered[-1], bars)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def heat(contract: Mapping[str, Any], seen: Seen) -> tuple[list[str], list[Line]]:
    """The statuses, and each operation's cells in that order, by resource."""
    documented = dict(_documented(contract))
    names = [*documented, *(name for name in sorted(seen.statuses) if name not in documented)][:LINES]
    columns = sorted(
        {str(status) for counts in seen.statuses.values() for status in counts}
        | {status for _, states in documented.values() for status in states}
    )
    lines = [_line(name, columns, documented, seen.statuses.get(name)) for name in names]
    return columns, sorted(lines, key=lambda line: (line.resource == "", line.resource))


def _line(
    name: str,
    columns: Sequence[str],
    documented: Mapping[str, States],
    seen: Counter[int] | None,
) -> Line:
    resource, states = documented.get(name, ("", {}))
    counts = {str(status): count for status, count in (seen or {}).items()}
    cells = []
    for status in columns:
        count = counts.get(status, 0)
        state = states.get(status) or ("undocumented" if count and states else "seen" if count else "")
        state = "seen" if state == "missing" and count else state
        state = "broken" if count and status.startswith("5") else state
        cells.append(Cell(status, count, state, min(4, 1 + int(math.log10(count))) if count else 0))
    return Line(name, resource, tuple(cells))


def _documented(contract: Mapping[str, Any]) -> Iterator[tuple[str, States]]:
    coverage = contract.get("coverage")
    told = coverage.get("operations") if isinstance(coverage, dict) else None
    for each in (each for each in told if isinstance(each, dict)) if isinstance(told, list) else ():
        states: dict[str, str] = {}
        for kind in ("uncounted", "negative", "positive"):
            for point, met in mapping(each, kind).items():
                status = str(point).partition(" ")[0]
                word = "seen" if met else "uncounted" if kind == "uncounted" else "missing"
                states[status] = "seen" if states.get(status) == "seen" else word
        yield str(each.get("operation")), (str(each.get("resource") or ""), states)
