"""Where tests are run again: what it is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from tidegate.evidence.bundle import Bundle
from tidegate.order.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One run: these tests, each worker its own, on the state that the recorded run began with.

    None: all that the recorded run was asked for. `slow`: with the CPUs of that machine, and services that stall.
    `look`: with the rows that are there when a test fails. `fresh`: with an API that has been started again, since it
    may remember what no row tells.
    """

    plan: Plan | None
    slow: bool = False
    look: bool = False
    fresh: bool = False

    def workers(self, *, pdb: bool = False) -> list[str]:
        """How pytest is told of them; a debugger has the terminal for itself, so one process runs all."""
        names = [*self.plan.workers] if self.plan else []
        if not names or names == [""]:
            return ["--pdb"] if pdb else []
        return ["--pdb", "-n0"] if pdb else ["-n", str(len(names))]

    def ending_with(self, tests: Collection[str]) -> Attempt:
        """The same with the workers of these tests last, for where one process runs all, worker by worker."""
        if not self.plan:
            return self
        workers = sorted(self.plan.workers.items(), key=lambda worker: any(test in tests for test in worker[1]))
        return replace(self, plan=replace(self.plan, workers=dict(workers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it; `rows` are those of each table that were not there at the beginning."""

    code: int
    bundle: Bundle
    said: str = ""
    rows: Mapping[str, Sequence[str]] = field(default_factory=dict)


class NotStarted(Exception):  # noqa: N818
    """The stack did not stand; which services failed and how, and what was said."""

    def __init__(self, services: frozenset[str], said: str) -> None:
        super().__init__(said)
        self.services = services


class Runner(Protocol):
    """A stack of its own with the tree's tests."""

    def begin(self) -> None:
        """Lets it stand; raises NotStarted or Impossible."""

    def run(self, asked: Attempt) -> Outcome:
        """What came of one run; raises NotStarted when what stood has fallen for good."""

    def describe(self, came: Outcome) -> Bundle:
        """The bundle of the last run, with all that the recorded one has, to be compared."""

    def replay(self, test: str) -> str:
        """The first answer to that test's recorded requests that is another one here; empty when none is."""

    def stand(self, asked: Attempt, *, pdb: bool) -> list[str]:
        """The same at the moment of failure: in the debugger, or left there; how to look at it."""

    def looked_at(self) -> list[str]:
        """How to look at what stands, which stays."""

    def end(self) -> None:
        """Takes it away."""
