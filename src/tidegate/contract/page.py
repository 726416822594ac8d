"""All of what a run found, for who asks: `tidegate contract show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tidegate.contract.coverage.table import table
from tidegate.contract.findings import TESTS as KEPT
from tidegate.contract.outcome import Outcome
from tidegate.contract.summary import first
from tidegate.records import Sighting

TESTS = 3  # by name; contract.json has more


def page(outcome: Outcome) -> Iterator[str]:
    """Every finding with its command, every change, all of the coverage."""
    yield f"run {outcome.run or 'unknown'}: {first(outcome)}"
    if silence := str(outcome.share.silence):
        yield silence
    yield from _section("new, not in the baseline:", (line for each in outcome.new for line in _finding(each)))
    yield from _section("known:", (line for each in outcome.known for line in _finding(each)))
    changes = (f"  {'BREAKING' if each.breaking else '        '}  {each}" for each in outcome.changes)
    yield from _section("changed since it was accepted:", changes)
    yield from _section("known, but without owner or reason:", (f"  {each}" for each in outcome.incomplete))
    yield from _section("known, but no longer occurs:", (f"  {each}" for each in outcome.gone))
    if outcome.share.coverage:
        yield from ("", *table(outcome.share.coverage))
    yield from _section("not checked:", (f"  {what} ({count} times)" for what, count in outcome.share.troubles.items()))
    yield from _section("failed:", (f"  {failure}" for failure in outcome.failures))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", title, *found)


def _finding(sighting: Sighting) -> Iterator[str]:
    finding = sighting.finding
    level = "" if sighting.level == "strict" else f" ({sighting.level})"
    yield f"  {finding.kind}{level}: {finding.operation}, {finding.where}"
    told = {"promised": finding.promised, "came": finding.came, "known": sighting.known, "curl": sighting.curl}
    yield from (f"    {name}: {text}" for name, text in told.items() if text)
    if sighting.tests:
        least = "at least " * (len(sighting.tests) >= KEPT)
        more = f" and {least}{len(sighting.tests) - TESTS} more" if len(sighting.tests) > TESTS else ""
        yield f"    seen {sighting.count} times, by {', '.join(sighting.tests[:TESTS])}{more}"
