"""What a process writes of its tests while they run; nothing before a test has to do with tidegate."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import TidegateError
from tidegate.outside import outside
from tidegate.plugin.evidence.entries import Entry, entry_of, outcome_of, raised
from tidegate.plugin.evidence.seen import Seen

if TYPE_CHECKING:
    from tidegate.lines import Lines
    from tidegate.plugin.evidence.handshake import Handshake
    from tidegate.plugin.state import State
    from tidegate.records import Exchange
    from tidegate.settings import Settings

WAITING = 20_000  # lines that are kept for the time when the run turns out to be ours
PHASES = ("setup", "call", "teardown")
_JSON = json.JSONEncoder(ensure_ascii=False)  # which json.dumps would make anew for each line


class Evidence:
    """The record of this process, and a plugin of pytest's, since some hooks are told nothing of their run."""

    def __init__(self, config: pytest.Config, state: State) -> None:
        self._config, self._state = config, state
        self.worker: str = getattr(config, "workerinput", {}).get("workerid", "")
        self.folder: Path | None = None
        self.counts: Counter[str] = Counter()
        self.seen = Seen()
        self._lines: Lines | None = None
        self._waiting: list[Entry] = []
        self._handshake: Handshake | None = None
        self._raised: Entry = {}
        self._begun = 0
        self._masked_ids: dict[str, str] = {}

    @property
    def leads(self) -> bool:
        """Whether other processes run the tests, each with a record of its own."""
        return not self.worker and self._config.pluginmanager.hasplugin("dsession")

    def begin(self, settings: Settings | None) -> None:
        """Writes from now on, and what has waited for that: the run is one of ours."""
        if self.folder:
            return
        from tidegate.plugin.evidence.beginning import begin_run
        from tidegate.session.run import new_run_id

        state = self._state
        state.run = state.run or new_run_id()
        self.folder = settings.artifacts_dir if settings else self._config.rootpath / "artifacts"
        state.observers.append(self._observe)
        if place := outside():
            from tidegate.plugin.evidence.handshake import Handshake

            self._handshake = Handshake(place, state.note)
            self._handshake.begin()
            state.secrets.tell(self._handshake.tell)
        begin_run(self._config, state, settings, self.folder)
        self.open(self.folder)

    def open(self, folder: Path) -> None:
        """Writes into the folder what has waited for that, and what is still to come."""
        from tidegate.lines import Lines

        self._lines = Lines(folder / f"tests-{self._state.run}.jsonl", "tests", self._state.note)
        waiting, self._waiting = self._waiting, []
        for entry in waiting:
            self._write(entry)

    def look(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Shows the exchanges of a test beside what it fails with, and notes where that was."""
        if not call.excinfo or call.excinfo.errisinstance((pytest.skip.Exception, pytest.exit.Exception)):
            return
        self._raised = raised(item, call)
        if self.seen.of(item.nodeid):
            shown = self._state.watch.showing if self._state.watch else ()
            lines = self.seen.lines(self._state.target, self._state.secrets, with_curl=not shown)
            item.add_report_section(call.when, "exchanges", "\n".join(lines))

    def reported(self, report: pytest.TestReport) -> None:
        """Tells the outside of a failure before anything is torn down, and JUnit files how much a test has sent."""
        if report.failed and self._handshake:
            self._handshake.fail()
        elif report.failed and self._state.stack:
            from tidegate.plugin.evidence.outside import note_failure

            note_failure(self._state.stack.running)
        if report.when == "call" and report.passed:
            self.seen.passed(report.nodeid)
        if report.when == "teardown" and self.folder:
            told = [("exchanges", self.seen.of(report.nodeid)), ("run", self._state.run)]
            report.user_properties = [*report.user_properties, *told]

    def pytest_sessionstart(self) -> None:
        """Begins at once where somebody outside wants to know of whatever goes wrong."""
        if not outside():
            return
        from tidegate.plugin.options import load_settings
        from tidegate.settings.surroundings import secret_variables

        self._state.secrets.learn(secret_variables())
        try:
            settings = load_settings(self._config)
            self._state.secrets.learn(settings.secrets)
        except TidegateError:  # which ends the run when its first fixture asks
            settings = None
        self.begin(settings)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes which tests are to run in which order, of workers the first one, and waits for the baseline."""
        if self.worker in ("", "gw0") and session.items:
            self._add({"collected": [item.nodeid for item in session.items]})
        if self._handshake:
            self._handshake.await_baseline()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notes what cannot be collected."""
        if report.failed and not self.leads:
            entry = {"test": report.nodeid, "worker": self.worker, **entry_of(report, "collect", "error"), "raw": True}
            kind = str(entry["message"]).partition(":")[0]
            self._add(entry | {"at": time.time(), "file": report.nodeid, "kind": kind if kind.isidentifier() else ""})
        if report.failed:
            self.counts["error"] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Notes which test begins, so that a killed run tells which one it was in."""
        if not self.leads:
            self._add({"begin": nodeid, "index": self._begun, "worker": self.worker, "at": time.time()})
            self._begun += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes what came of a phase; in a process that leads, of a worker that crashed."""
        outcome = outcome_of(report)
        if outcome != "rerun" and (outcome != "passed" or report.when == "call"):
            self.counts[outcome] += 1
        crashed = report.when not in PHASES
        if self.leads and not crashed:
            return
        worker = report.node.gateway.id if self.leads else self.worker
        phase = "crash" if crashed else str(report.when)
        entry = {"test": report.nodeid, "worker": worker, **entry_of(report, phase, outcome)}
        entry["raw"] = outcome != "passed" and not self._state.settings
        entry["at"] = entry["at"] or time.time()
        found, self._raised = self._raised, {}
        self._add(entry | found if outcome not in ("passed", "skipped") else entry)

    def close(self) -> None:
        """Ends the record of this process."""
        if self._lines:
            self._lines.close()

    def _observe(self, exchange: Exchange) -> str:
        self.seen.note(exchange)
        return ""

    def _add(self, entry: Entry) -> None:
        if self._lines:
            self._write(entry)
        elif len(self._waiting) < WAITING:
            self._waiting.append(entry)

    def _write(self, entry: Entry) -> None:
        told = {name: value for name, value in entry.items() if value not in ("", {}) or name == "worker"}
        for name in {"test", "begin"} & told.keys():
            told[name] = self._masked_id(told[name])
        if "collected" in told:
            told = self._collected(told["collected"])
        elif told.pop("raw", False):
            self._mask(told)
        if self._lines:
            self._lines.add(_JSON.encode(told).encode("utf-8", "replace") + b"\n")

    def _mask(self, told: Entry) -> None:
        """Masks what comes from before the time at which reports are masked."""
        from tidegate.redact import mask

        secrets = self._state.secrets
        told |= {name: mask(told[name], secrets) for name in ("message", "text") if name in told}
        if "sections" in told:
            told["sections"] = {name: mask(said, secrets) for name, said in told["sections"].items()}

    def _collected(self, ids: list[str]) -> Entry:
        from tidegate.redact.data import masked_data
        from tidegate.session.run import whole_run

        together = "\n".join(ids)
        if masked_data(together, self._state.secrets) == together:  # one look instead of thousands
            self._masked_ids = dict(zip(ids, ids, strict=True))
        return {"collected": [self._masked_id(each) for each in ids], "run": whole_run(self._state.run)}

    def _masked_id(self, test: str) -> str:
        """The id without secrets, which parameters may bring into it; asked for four times in a row."""
        if (masked := self._masked_ids.get(test)) is None:
            from tidegate.redact.data import masked_data

            masked = self._masked_ids[test] = masked_data(test, self._state.secrets)
        return masked
