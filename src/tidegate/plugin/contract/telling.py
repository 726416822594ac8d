"""What a test is told of the departures from the contract that it saw; loaded once there is a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tidegate.plugin.contract.watch import Watch
    from tidegate.plugin.state import State
    from tidegate.records import Finding, Sighting


class Departed(pytest.fail.Exception):  # type: ignore[misc,name-defined]
    """A test departs from the contract; pytest calls that what it calls any failure that a test is told of."""

    __module__, __qualname__ = "builtins", "Failed"


def tell_of_call(item: pytest.Item, state: State, watch: Watch) -> None:
    """Fails a test that has passed, with what it saw that is new."""
    if getattr(item, "_excinfo", None):  # where unittest keeps what failed
        return
    _settle(state)
    watch.passed(item.nodeid)
    if seen := watch.seen_during(item.nodeid):
        raise Departed(_told(watch, seen, item.nodeid), pytrace=False)


def tell_of_teardown(item: pytest.Item, state: State, watch: Watch) -> None:
    """Fails the teardown in which something new was seen."""
    _settle(state)
    if seen := watch.seen_after(item.nodeid):
        raise Departed(_told(watch, seen, item.nodeid), pytrace=False)


def tell_beside(item: pytest.Item, call: pytest.CallInfo[None], watch: Watch) -> None:
    """Shows what a test saw that has failed by itself."""
    if not call.excinfo or call.excinfo.errisinstance((pytest.skip.Exception, pytest.exit.Exception)):
        return
    seen = (watch.seen_after if call.when == "teardown" else watch.seen_during)(item.nodeid)
    if seen:
        item.add_report_section(call.when, "contract", _told(watch, seen, item.nodeid))


def note_report(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, watch: Watch) -> None:
    """Notes what people have now seen in full; a test that is known to fail shows nothing of it."""
    if report.failed:
        watch.in_full |= {key: watch.in_full.get(key, item.nodeid) for key in watch.showing}
    watch.showing.clear()
    if call.when == "teardown":
        watch.ended(item.nodeid)


def _settle(state: State) -> None:
    if state.recording:
        state.recording.recorder.settle()


def _told(watch: Watch, seen: Sequence[Sighting], test: str) -> str:
    """Each in full where it comes up first, and again when that test is repeated; else where to find it."""
    first = [each for each in seen if watch.in_full.get(each.finding.key, test) == test]
    again = [each.finding for each in seen if each not in first]
    watch.showing |= {each.finding.key for each in first}
    parts = [*map(_in_full, first), *(_again(finding, watch.in_full[finding.key]) for finding in again)]
    return "\n".join([*parts, *(_against(watch, first) if first else ())])


def _against(watch: Watch, seen: Sequence[Sighting]) -> tuple[str, str]:
    held = watch.held.described
    against = f"the contract, {held}" if held else "the learned shapes"
    way = "--contract-update takes it for known"
    if any(sighting.finding.kind == "changed-shape" for sighting in seen):
        way = f"`tidegate contract accept` takes the new shape over, {way}"
    return f"departs from {against}", f"next: mend the API or its document; {way}"


def _in_full(sighting: Sighting) -> str:
    finding = sighting.finding
    told = {"promised": finding.promised, "came": finding.came, "curl": sighting.curl}
    lines = [f"  {name}: {text}" for name, text in told.items() if text]
    return "\n".join([f"{finding.kind}: {finding.operation}, {finding.where}", *lines])


def _again(finding: Finding, test: str) -> str:
    came = f": {finding.came}" if finding.came else ""
    return f"{finding.kind}: {finding.operation}, {finding.where}{came}\n  in full at {test}"
