"""Which tests to run in which order, by which worker: what `--replay-order` reads."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from tidegate.errors import UsageError
from tidegate.records import TestRun

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The tests of each worker in their order; the worker of a run without any is "". `seed` is pytest-randomly's.

    `files` are those that are collected, since others may do something when they are imported; () where all are.
    """

    workers: Mapping[str, tuple[str, ...]]
    seed: int | None = None
    files: tuple[str, ...] = ()

    @property
    def tests(self) -> tuple[str, ...]:
        """All of them, worker by worker."""
        return tuple(dict.fromkeys(test for tests in self.workers.values() for test in tests))

    def only(self, kept: Collection[str]) -> Plan:
        """The same order and split with these tests alone; every worker stays, so that each is who it was."""
        wanted = frozenset(kept)
        return replace(self, workers={name: tuple(filter(wanted.__contains__, ids)) for name, ids in self._items()})

    def write(self, path: Path) -> Path:
        """Writes the file that `--replay-order` takes."""
        workers = {name: list(ids) for name, ids in self._items()}
        told = {"format": FORMAT, "seed": self.seed, "files": self.files, "workers": workers}
        path.write_text(json.dumps(told, indent=1) + "\n")
        return path

    def _items(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        return self.workers.items()


def recorded(runs: Iterable[TestRun], seed: int | None = None) -> Plan:
    """What each worker began, in that order."""
    return _planned(sorted(_begun(runs), key=lambda run: run.index), seed)


def until(runs: Iterable[TestRun], wanted: Collection[str], seed: int | None = None) -> Plan:
    """The same up to the wanted tests: on other workers, what began before the last of them was over."""
    begun = [*_begun(runs)]
    reached = [run for run in begun if run.id in wanted]
    end = max(map(_end, reached), default=-inf)
    last: dict[str, int] = {}
    for run in reached:
        last[run.worker] = max(run.index, last.get(run.worker, -1))
    kept = [run for run in begun if (run.index <= last[run.worker] if run.worker in last else run.at < end)]
    return _planned(sorted(kept, key=lambda run: run.index), seed, {run.worker for run in begun})


def predecessors(runs: Iterable[TestRun], test: str) -> list[str]:
    """What `until` has before the test, whoever ran it, in the order in which they began."""
    runs = [*runs]
    kept = {(worker, each) for worker, ids in until(runs, {test}).workers.items() for each in ids}
    order = sorted(_begun(runs), key=lambda run: run.at)
    return [*dict.fromkeys(run.id for run in order if run.id != test and (run.worker, run.id) in kept)]


def beside(runs: Iterable[TestRun], tests: Collection[str]) -> list[str]:
    """What other workers ran while one of these tests ran."""
    begun = [*_begun(runs)]
    mine = [run for run in begun if run.id in tests]
    others = [run for run in begun if any(_overlap(run, each) for each in mine)]
    return [*dict.fromkeys(run.id for run in others if run.id not in tests)]


def read_plan(path: Path) -> Plan:
    """The plan in a file; raises UsageError when there is none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']!r:.40}, and this one reads {FORMAT}")
        workers, seed, files = told["workers"], told.get("seed"), told.get("files", [])
        if not all(map(_is_texts, [*workers.values(), files])):
            raise ValueError("a worker's tests, or the files, are no list of texts")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        seen = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}: {error}"
        raise UsageError(
            f"{path} is no order that could be replayed\n  seen: {seen}\n"
            '  next: give a file such as {"format": 1, "workers": {"": ["tests/test_it.py::test_one"]}}'
        ) from None
    known = {name: tuple(ids) for name, ids in workers.items()}
    return Plan(known, seed if isinstance(seed, int) else None, tuple(files))


def _is_texts(told: object) -> bool:
    return isinstance(told, list) and all(isinstance(each, str) for each in told)


def _begun(runs: Iterable[TestRun]) -> Iterable[TestRun]:
    return (run for run in runs if run.index >= 0)


def _overlap(one: TestRun, other: TestRun) -> bool:
    return one.worker != other.worker and one.at < _end(other) and other.at < _end(one)


def _end(run: TestRun) -> float:
    return inf if run.outcome == "unfinished" else run.ended


def _planned(runs: Iterable[TestRun], seed: int | None, workers: Collection[str] = ()) -> Plan:
    """A test that began more than once counts where it began first."""
    found: dict[str, dict[str, None]] = {name: {} for name in sorted(workers)}
    for run in runs:
        found.setdefault(run.worker, {}).setdefault(run.id)
    return Plan({name: tuple(ids) for name, ids in sorted(found.items())}, seed)
