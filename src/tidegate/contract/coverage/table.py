"""Coverage as plain text for terminals and CI logs."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tidegate.contract.coverage.coverage import Coverage
from tidegate.contract.coverage.points import INPUT, NEGATIVE, POSITIVE, UNCOUNTED, Row
from tidegate.contract.coverage.shares import Tally, shown
from tidegate.contract.coverage.suggest import generated, suggestions

WIDTH = 100
NAME = 28
HEADS = ("operations", "answers", "refusals", "inputs", "covered")
WORST = 5
CHEAPEST = "cheapest to add:"
GENERATE = 5  # missing refusals from which on it pays to have them made


def summary(coverage: Coverage, resources: int = WORST, lines: int | None = None) -> list[str]:
    """A few lines for the end of a run: the number, where it is lowest, what was never called, what to add first.

    At most `lines`, in which there must be room for so many `resources`, their heads and what is left out of them.
    """
    found = [*_summary(coverage, resources)][:lines]
    return found[:-1] if found[-1] == CHEAPEST else found


def _summary(coverage: Coverage, resources: int) -> Iterator[str]:
    yield headline(coverage)
    poor = [(name, tally) for name, tally in coverage.by_resource().items() if not tally.overall.complete]
    poor.sort(key=lambda each: (each[1].overall.percent, each[0]))
    if len(coverage.by_resource()) > 1:
        yield from _resources(poor[:resources], more=len(poor) - resources)
    yield from _short("never called:", coverage.never_called())
    yield from _cheapest(coverage, most=3)


def table(coverage: Coverage) -> list[str]:
    """All of it: each resource, and of those below 100 % what was not seen."""
    lines = [headline(coverage), *_resources(list(coverage.by_resource().items()))]
    if never := coverage.never_called():
        lines += ["", "never called:", *(f"  {name}" for name in never)]
    if missing := [line for row in coverage.rows for line in _missing(row, coverage)]:
        lines += ["", "never seen:", *missing]
    if cheapest := _cheapest(coverage):
        lines += ["", *cheapest]
    if uncounted := sum(len(list(row.of(UNCOUNTED))) for row in coverage.rows):
        lines += ["", f"not counted: {uncounted} that are deprecated or named in contract.skip_coverage"]
    return lines


def headline(coverage: Coverage) -> str:
    """The number in one line."""
    share, operations = coverage.tally.overall, coverage.tally.operations
    called = f"{operations.covered} of {operations.total} operations called"
    return f"coverage: {shown(share.percent)} % of the contract ({share.covered} of {share.total}), {called}"


def _resources(found: Sequence[tuple[str, Tally]], more: int = 0) -> Iterator[str]:
    if not found:
        return
    yield f"  {'':{NAME}}" + "".join(f"{head:>12}" for head in HEADS)
    for name, tally in found:
        shares = (tally.operations, tally.positive, tally.negative, tally.input)
        percent = f"{shown(tally.overall.percent)} %" if tally.overall.total else "-"
        yield f"  {_cut(name, NAME):{NAME}}" + "".join(f"{cell!s:>12}" for cell in (*shares, percent))
    if more > 0:
        yield f"  … and {more} more below 100 %"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _short(what: str, names: Sequence[str]) -> list[str]:
    """The names on one line, as many as fit."""
    line = what
    for place, name in enumerate(names):
        more, said = f" … and {len(names) - place} more", f"{',' * bool(place)} {name}"
        if len(line) + len(said) + len(more) > WIDTH and place:
            return [_cut(line + more, WIDTH)]
        line += said
    return [_cut(line, WIDTH)] if names else []


def _missing(row: Row, coverage: Coverage) -> Iterator[str]:
    """What was not seen of an operation that was called."""
    if not coverage.has_seen(row):
        return
    statuses = [_status(point, row) for point in coverage.unseen(row, POSITIVE, NEGATIVE)]
    inputs = [re.sub(r"^no ", "without ", point) for point in coverage.unseen(row, INPUT)]
    parts = [", ".join(each) for each in (statuses, inputs) if each]
    if parts:
        text = f"{row.operation}: {'; '.join(parts)}"
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)


def _status(point: str, row: Row) -> str:
    """The status alone, unless it is promised in several media types."""
    by_status = defaultdict[str, list[str]](list)
    for each in row.of(POSITIVE, NEGATIVE):
        by_status[each.partition(" ")[0]].append(each)
    status = point.partition(" ")[0]
    return status if len(by_status[status]) == 1 else point


def _cheapest(coverage: Coverage, most: int = WORST) -> list[str]:
    found = [f"  {_cut(str(each), WIDTH - 2)}" for each in suggestions(coverage, most)]
    if (count := generated(coverage)) >= GENERATE:
        found.append(f"  {count} refusals that are missing are among what tidegate.cases.negative_cases() provokes")
    return [CHEAPEST, *found] if found else []
