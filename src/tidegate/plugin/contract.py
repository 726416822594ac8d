"""The contract inside pytest: opened with the first client, it fails the tests that see new departures from it."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import DocumentError, LedgerError, SettingsError, TidegateError
from tidegate.plugin.state import STATE, State, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidegate.plugin.contract_watch import Held, Watch
    from tidegate.records import Sighting
    from tidegate.session.guard import Guard
    from tidegate.settings import Settings

PLUGIN = "tidegate-contract"
OTHERS = 3  # tests that saw it as well, by name


def open_contract(config: pytest.Config, settings: Settings, base_url: str, guard: Guard) -> None:
    """Has every exchange from now on held against the contract; ends the run when that cannot be read."""
    state = config.stash[STATE]
    wanted = settings.contract
    if state.watch or wanted.mode == "off" or not (wanted.document or wanted.shapes or wanted.fail_under):
        return
    from tidegate.plugin.contract_watch import Watch

    try:
        held = _held(state, settings, base_url, guard)
    except TidegateError as error:
        stop(config, error)
    except OSError as error:
        stop(config, LedgerError(f"{error.filename} cannot be written\n  seen: {error.strerror}"))
    update = config.getoption("--contract-update")
    state.watch = Watch(state, settings, held, fails=not update)
    state.observers.append(state.watch.observe)
    config.pluginmanager.register(Failing(state, state.watch), PLUGIN)


def _held(state: State, settings: Settings, base_url: str, guard: Guard) -> Held:
    from tidegate.contract.baseline import NAME, read_baseline
    from tidegate.contract.shapes import NAME as SHAPES
    from tidegate.contract.shapes import read_shapes
    from tidegate.plugin.contract_watch import Held
    from tidegate.session.hosts import base_of

    folder = settings.root / settings.contract.folder
    base = base_of(base_url)
    held = Held(
        base_url=base_url,
        origin=f"{base.scheme}://{base.netloc.decode('ascii')}",
        baseline=read_baseline(folder / NAME),
        shapes=read_shapes(folder / SHAPES) if settings.contract.shapes else None,
    )
    if settings.contract.document:
        _add_document(held, state, settings, guard)
    if settings.contract.fail_under and not held.coverage:
        raise SettingsError(
            "contract.fail_under asks for coverage of the API's document, and there is none\n"
            f"  seen: contract.document is {settings.contract.document!r}\n  next: set it, or leave fail_under out"
        )
    return held


def _add_document(held: Held, state: State, settings: Settings, guard: Guard) -> None:
    from tidegate.contract.coverage import Coverage
    from tidegate.contract.coverage.thresholds import failures
    from tidegate.contract.lock import NAME as LOCK
    from tidegate.contract.lock import read_lock
    from tidegate.contract.outcome import DOCUMENT, FOLDER
    from tidegate.contract.share import Described
    from tidegate.contract.writing import write_whole
    from tidegate.plugin.contract_document import read
    from tidegate.session.http import httpx

    try:
        held.document = document = read(settings, held.base_url, guard, state.note)
    except httpx.HTTPError as error:
        raise DocumentError(
            f"the API's document cannot be had\n  seen: {type(error).__name__}: {error}\n"
            "  next: check contract.document (--contract-document)"
        ) from None
    if document is None:
        state.note("the API shows no OpenAPI document at any usual place: set contract.document to where it is")
        return
    held.described = Described.of(document)
    # What is wrong with the lock or a threshold is told now, and not after all the tests.
    read_lock(settings.root / settings.contract.folder / LOCK)
    held.coverage = Coverage(document, settings.contract.skip_coverage)
    failures(held.coverage, settings.contract.fail_under)
    text = json.dumps(document.plain, indent=1, ensure_ascii=False, default=str)
    write_whole(settings.artifacts_dir / FOLDER / DOCUMENT, text.encode("utf-8", "replace").decode() + "\n")


class Failing:
    """The hooks that tell a test of what it has seen; registered when the contract is opened."""

    def __init__(self, state: State, watch: Watch) -> None:
        self._state, self._watch = state, watch

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fails a test that has passed, with what it saw that is new."""
        result = yield
        if getattr(item, "_excinfo", None):  # where unittest keeps what failed
            return result
        self._settle()
        self._watch.passed(item.nodeid)
        if seen := self._watch.seen_during(item.nodeid):
            pytest.fail(self._told(seen, item.nodeid), pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fails the teardown in which something new was seen."""
        result = yield
        self._settle()
        if seen := self._watch.seen_after(item.nodeid):
            pytest.fail(self._told(seen, item.nodeid), pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Shows what a test saw that has failed by itself."""
        failed = call.excinfo and not call.excinfo.errisinstance((pytest.skip.Exception, pytest.exit.Exception))
        if failed:
            after = call.when == "teardown"
            seen = (self._watch.seen_after if after else self._watch.seen_during)(item.nodeid)
            if seen:
                item.add_report_section(call.when, "contract", self._told(seen, item.nodeid))
        if call.when == "teardown":
            self._watch.ended(item.nodeid)
        return (yield)

    def _settle(self) -> None:
        if self._state.recording:
            self._state.recording.recorder.settle()

    def _told(self, seen: Sequence[Sighting], test: str) -> str:
        held = self._watch.held.described
        against = f"the contract, {held}" if held else "the learned shapes"
        way = "--contract-update takes it for known"
        if any(sighting.finding.kind == "changed-shape" for sighting in seen):
            way = f"`tidegate contract accept` takes the new shape over, {way}"
        parts = [*(_shown(sighting, test) for sighting in seen), f"departs from {against}"]
        return "\n".join([*parts, f"next: mend the API or its document; {way}"])


def _shown(sighting: Sighting, test: str) -> str:
    finding, others = sighting.finding, [each for each in sighting.tests if each != test]
    told = {"promised": finding.promised, "came": finding.came, "curl": sighting.curl}
    more = f" and {len(others) - OTHERS} more" if len(others) > OTHERS else ""
    told["also seen by"] = ", ".join(others[:OTHERS]) + more
    lines = [f"  {name}: {text}" for name, text in told.items() if text]
    return "\n".join([f"{finding.kind}: {finding.operation}, {finding.where}", *lines])
