"""Where tests are run again: what it is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tidegate.evidence.bundle import Bundle
from tidegate.order.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One run: these tests, each worker its own, on the state that the recorded run began with.

    None: all that the recorded run was asked for. `slow`: with the CPUs of that machine, and services that stall.
    `look`: with the rows that are there when a test fails. `fresh`: with an API that has been started again, since it
    may remember what no row tells.
    """

    plan: Plan | None
    slow: bool = False
    look: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
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


class Ground(Protocol):
    """A stack of its own with the tree's tests."""

    def begin(self) -> None:
        """Lets it stand; raises NotStarted or Impossible."""

    def run(self, asked: Try) -> Came:
        """What came of one run; raises NotStarted when what stood has fallen for good."""

    def end(self) -> None:
        """Takes it away."""
