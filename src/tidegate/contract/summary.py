"""What people are told of how a run met the contract: short, the worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tidegate.contract.coverage.shares import shown
from tidegate.contract.coverage.table import summary as coverage_summary
from tidegate.contract.drift import Change
from tidegate.contract.findings import TESTS
from tidegate.contract.outcome import Outcome
from tidegate.records import Sighting

FINDINGS, CHANGES, ENTRIES, COVERAGE, RESOURCES = 5, 3, 1, 4, 2  # lines of each; all of them together are about 20
WIDTH = 150
SHOW = "tidegate contract show"
SHAPE = "changed-shape"  # what is meant is accepted, and not known as a departure for ever


def summary(outcome: Outcome) -> list[str]:
    """The lines at the end of a run; what belongs to the line above begins with spaces."""
    return [_cut(line) for line in _lines(outcome)]


def _lines(outcome: Outcome) -> Iterator[str]:
    share = outcome.share
    if share.document or share.shapes_locked or share.findings:
        yield first(outcome)
    if silence := str(share.silence):
        yield silence
    yield from _findings(outcome)
    yield from _drift(outcome)
    yield from _coverage(outcome)
    yield from _entries("known, but without owner or reason:", outcome.incomplete)
    yield from _entries("known, but no longer occurs (--contract-update takes it out):", outcome.gone)
    yield from outcome.notes
    yield from (f"note: {what} ({count} times)" for what, count in share.troubles.most_common(ENTRIES))
    if outcome.lost:
        yield f"lost with {' and '.join(outcome.lost)}, which crashed: what it saw, and so some of the coverage"
    yield from (f"FAILED: {failure}" for failure in outcome.failures)
    yield from _next(outcome)


def first(outcome: Outcome) -> str:
    """What was checked, against what, and what came of it."""
    share = outcome.share
    against = f"checked against {share.document}" if share.document else "held to the learned shapes"
    found = [_count(len(outcome.new), "new finding") if outcome.new else "nothing new"]
    found += [f"{len(outcome.known)} known"] * bool(outcome.known)
    covered = f"; coverage {shown(share.coverage.percent)} %" if share.coverage else ""
    unread = f"; {_count(share.unchecked, 'body', 'bodies')} too large or not read" if share.unchecked else ""
    return f"{_count(share.exchanges, 'exchange')} {against}, {', '.join(found)}{covered}{unread}"


def _findings(outcome: Outcome) -> Iterator[str]:
    grouped: dict[tuple[str, ...], list[Sighting]] = defaultdict(list)
    for each in outcome.new:
        grouped[each.level, each.finding.kind, each.finding.where, each.finding.promised].append(each)
    groups = [*grouped.values()]
    yield from (f"  {_alike(group)}" for group in groups[:FINDINGS])
    if rest := sum(map(len, groups[FINDINGS:])) + outcome.share.findings.more:
        yield f"  … and {rest} more: {SHOW}"


def _alike(group: list[Sighting]) -> str:
    """Findings of the same at several operations, as one."""
    first = group[0].finding
    also = f" and {len(group) - 1} more" if len(group) > 1 else ""
    level = "" if group[0].level == "strict" else f"({group[0].level}) "
    tests = {test for each in group for test in each.tests}
    by = f" ({_count(len(tests), 'test')}{_or_more(group)})" if tests else ""
    came = ", ".join(f"{name} {text}" for name in ("promised", "came") if (text := getattr(first, name)))
    return f"{level}{first.kind}: {first.operation}{also}, {first.where}{by}{f': {came}' if came else ''}"


def _or_more(group: list[Sighting]) -> str:
    """Of each finding only so many tests are kept."""
    return " or more" if any(len(each.tests) >= TESTS for each in group) else ""


def _drift(outcome: Outcome) -> Iterator[str]:
    if outcome.lock == "missing":
        yield "the document is not locked: `tidegate contract accept` keeps it, and later runs tell what changed"
    others = [change for change in outcome.changes if not change.breaking]
    if outcome.breaking:
        yield f"CHANGED since it was accepted, and clients may break: {_count(len(outcome.breaking), 'change')}"
        yield from _changes(outcome.breaking)
    if others:
        more = f"; {SHOW}" if outcome.breaking else ""
        yield f"changed since it was accepted, no client breaks: {_count(len(others), 'change')}{more}"
        yield from () if outcome.breaking else _changes(others)


def _changes(changes: list[Change]) -> Iterator[str]:
    yield from (f"  {change}" for change in changes[:CHANGES])
    if len(changes) > CHANGES:
        yield f"  … and {len(changes) - CHANGES} more: {SHOW}"


def _coverage(outcome: Outcome) -> Iterator[str]:
    """Where to cover more, when less is covered than must be."""
    coverage = outcome.share.coverage
    if coverage and _is_short(outcome):
        heads = len(coverage.by_resource()) > 1
        yield from coverage_summary(coverage, resources=RESOURCES, lines=COVERAGE + heads)


def _is_short(outcome: Outcome) -> bool:
    return any("is covered to" in failure for failure in outcome.failures)


def _entries(what: str, entries: list[str]) -> Iterator[str]:
    yield from (f"{what} {entry}" for entry in entries[:ENTRIES])
    if len(entries) > ENTRIES:
        yield f"{what} … and {len(entries) - ENTRIES} more"


def _next(outcome: Outcome) -> Iterator[str]:
    reshaped = any(each.finding.kind == SHAPE for each in outcome.new)
    ways = ["findings with --contract-update"] * any(each.finding.kind != SHAPE for each in outcome.new)
    ways += ["changes with `tidegate contract accept`"] * bool(outcome.breaking or reshaped)
    if ways:
        yield f"next: mend the API or its document; `{SHOW}` has all of it"
        yield f"  or take over {', '.join(ways)}"
    elif _is_short(outcome):
        yield f"next: `{SHOW}` has all that is not covered, and the tests that are cheapest to add"


def _count(count: int, noun: str, many: str = "") -> str:
    return f"{count} {noun if count == 1 else many or f'{noun}s'}"


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
