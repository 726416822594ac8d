"""A bundle as somebody reads it who was not there: any of its files may be missing, cut, or not what it should be."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.errors import BundleError
from tidegate.evidence.exchanges import Exchanges
from tidegate.evidence.loglines import LogLine, read_log, within
from tidegate.evidence.testruns import Told, read_tests, run_of
from tidegate.records import Exchange, TestRun

if TYPE_CHECKING:
    from tidegate.evidence.slices import Slice

FORMAT = 1
_SIGNS = ("run.json", "tests*.jsonl", "stack.json", "exchanges*.jsonl")
_LARGEST = 64 << 20  # of a file that is read as a whole


def open_bundle(path: Path) -> Bundle:
    """The bundle in a folder or a zip; raises BundleError when there is none, or it is not fit to be read."""
    from tidegate.evidence.unpack import check_folder, unpack

    if not path.exists():
        raise BundleError(f"there is no bundle at {path}\n  next: name the folder `artifacts`, or the zip of it")
    if path.is_dir():
        place = _place_in(path)  # what else is in a project is not read
        check_folder(place, path)
        return Bundle(place)
    held = Path(tempfile.mkdtemp(prefix="tidegate-"))
    try:
        folder = unpack(path, held / "bundle")
        if inner := _only_zip(folder):
            folder = unpack(inner, held / "inner")
        bundle = Bundle(_place_in(folder, path))
    except BaseException:
        shutil.rmtree(held, ignore_errors=True)
        raise
    weakref.finalize(bundle, shutil.rmtree, held, ignore_errors=True)
    return bundle


def _only_zip(folder: Path) -> Path | None:
    """The zip that is all there is: what was zipped once more on its way."""
    found = [*folder.iterdir()]
    return found[0] if len(found) == 1 and found[0].suffix == ".zip" and found[0].is_file() else None


def _place_in(folder: Path, named: Path | None = None) -> Path:
    for place in (folder, folder / "artifacts"):
        if any(found for sign in _SIGNS for found in place.glob(sign)):
            return place
    raise BundleError(
        f"{named or folder} is no bundle of a run\n  seen: neither run.json nor tests.jsonl nor stack.json\n"
        "  next: name the folder `artifacts` that a run has left, or the zip of it"
    )


class Bundle:
    """What a run has left in a folder; mappings have whatever keys the file has, so ask by `.get`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._troubles: list[str] = []
        self.run = self._plain("run.json")
        _check_format(self.run)
        self.id = str(self.run.get("run") or "")
        self.stack = self._plain("stack.json")
        self.snapshots = self._plain("snapshots/snapshots.json")
        contract = self._plain("contract.json")
        self.contract = contract if contract.get("run") in (self.id, None) or not self.id else {}

    def tests(self) -> list[TestRun]:
        """The tests in the order in which they began, whoever ran them."""
        return self._told.tests

    def collected(self) -> list[str]:
        """The ids of all tests that were to run, in that order."""
        return self._told.collected

    def order(self) -> dict[str, list[str]]:
        """What each worker began, in that order; the worker of a run without any is ""."""
        begun: dict[str, list[str]] = {}
        for test in sorted(self.tests(), key=lambda test: test.index):
            if test.index >= 0:
                begun.setdefault(test.worker, []).append(test.id)
        return dict(sorted(begun.items()))

    def exchanges(self, test: str | None = None) -> Iterator[Exchange]:
        """The exchanges in the order in which they began, all or those of a test."""
        return self._exchanges.read(test)

    def senders(self) -> dict[str, float]:
        """The tests that have sent something, and when each began to, in that order."""
        return self._exchanges.senders()

    def slice(self, test: str) -> Slice:
        """All that is known of a test: exchanges, log lines, curl lines, records that it created."""
        from tidegate.evidence.slices import slice_of

        return slice_of(self, test)

    @property
    def services(self) -> list[str]:
        """The services that have left a log."""
        return sorted(path.stem for path in (self.folder / "logs").glob("*.log") if path.is_file())

    def log(self, service: str) -> list[LogLine]:
        """All lines of a service's log; none when there is no such log."""
        return [*read_log(self._log_of(service))] if service in self.services else []

    def logs(self, start: float, end: float, trace: str | Collection[str] = "") -> dict[str, list[LogLine]]:
        """Of each service the lines of that time, and those that name the trace, or one of them."""
        traces = [trace] if isinstance(trace, str) else trace
        found = {service: within(self._log_of(service), start, end, traces) for service in self.services}
        return {service: lines for service, lines in found.items() if lines}

    @property
    def missing(self) -> list[str]:
        """What a reader should know that is not there, in words."""
        from tidegate.evidence.missing import missing

        return [*self._troubles, *missing(self, self._told.cut + self._exchanges.cut)]

    @cached_property
    def _told(self) -> Told:
        return read_tests(self._parts("tests"))

    @cached_property
    def _exchanges(self) -> Exchanges:
        return Exchanges(self._parts("exchanges"), self.id)

    def _parts(self, name: str) -> list[Path]:
        """The parts of this run, which are there until they are joined; a joined file may be that of an older run."""
        if parts := sorted(self.folder.glob(f"{name}-{self.id}*.jsonl")) if self.id.isalnum() else []:
            return parts
        joined = self.folder / f"{name}.jsonl"
        if not joined.is_file():
            return [] if self.id else sorted(self.folder.glob(f"{name}-*.jsonl"))
        return [] if name == "tests" and self.id and run_of(joined) not in (self.id, "") else [joined]

    def _log_of(self, service: str) -> Path:
        return self.folder / "logs" / f"{service}.log"

    def _plain(self, name: str) -> Mapping[str, Any]:
        path = self.folder / name
        if not path.is_file():
            return {}
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError("too large")
            found = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            self._troubles.append(f"{name} cannot be read: it is cut, or no JSON")
            return {}
        return found if isinstance(found, dict) else {}


def _check_format(run: Mapping[str, Any]) -> None:
    found = run.get("format", FORMAT)
    if not isinstance(found, int) or found < 1:
        raise BundleError(f"this is no bundle that tidegate has made\n  seen: run.json is of format {found!r:.40}")
    if found > FORMAT:
        raise BundleError(
            f"this bundle was made by a newer tidegate\n  seen: format {found}, and this one reads up to {FORMAT}\n"
            "  next: update tidegate, or read the bundle with the one that made it"
        )
