"""The data that crosses borders between stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Made:
    """A record that a test made through the API, as the ledger knows it.

    `gone`: the API said that it deleted it.
    """

    resource: str
    id: str
    run: str
    test: str
    marker: str | None = None
    parent: str | None = None
    gone: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the record among all resources."""
        return self.resource, self.id


@dataclass(frozen=True, slots=True)
class Removed:
    """A record that clean-up deleted; `test` is empty when nobody knows who made it."""

    path: str
    test: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A record of ours that clean-up could not delete, and why; without an id when it is no single record."""

    path: str
    reason: str
    test: str = ""
    resource: str = ""
    id: str = ""
    parent: str | None = None


@dataclass(slots=True)
class CleanUp:
    """What a clean-up did: removed, could not remove, and what there is to say about it.

    `kept` counts marked records that stayed, by reason.
    """

    removed: list[Removed] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)

    def add(self, other: CleanUp) -> None:
        """Takes over what another clean-up did."""
        self.removed += other.removed
        self.stuck += other.stuck
        self.notes += [note for note in other.notes if note not in self.notes]
        for reason, count in other.kept.items():
            self.kept[reason] = self.kept.get(reason, 0) + count


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One direction of an exchange.

    `body` is None when nothing of it was kept: it was streamed, or larger than anybody wants. `size` is in bytes as it
    came over the wire without its encoding, and `digest` the SHA-256 of all of it, in hex.
    """

    headers: Headers = ()
    body: bytes | None = None
    size: int = 0
    digest: str = ""

    def header(self, name: str) -> str | None:
        """The first header of that name, in whatever case."""
        wanted = name.lower()
        for each, value in self.headers:
            if each.lower() == wanted:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a test, and what came of it.

    `phase` is setup, call or teardown. `status` and `response` are None when no answer came; `error` then says why.
    `started` is in seconds since the epoch, `elapsed` in seconds. `redirect_of` is the number of the exchange whose
    answer led to this one. `masked` tells whether secrets are out; only such an exchange is stored or shown.
    """

    number: int
    test: str
    phase: str
    identity: str
    method: str
    url: str
    request: Message
    status: int | None = None
    response: Message | None = None
    started: float = 0.0
    elapsed: float = 0.0
    error: str = ""
    redirect_of: int | None = None
    trace: str = ""
    operation: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Where an exchange departs from the contract.

    `where` says at which place of request or answer, with a JSON pointer (RFC 6901) that has `*` for each index, such
    as `200 body /items/*/name`. `promised` and `came` are for people; secrets are masked.
    """

    kind: str
    operation: str
    where: str
    promised: str = ""
    came: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same one."""
        return self.kind, self.operation, self.where


@dataclass(slots=True)
class Sighting:
    """A finding of a run: how often it was seen, by which tests, and a command that shows it."""

    finding: Finding
    count: int = 0
    tests: list[str] = field(default_factory=list)
    curl: str = ""
    known: str = ""  # the reason in the baseline
    level: str = "strict"

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        found = self.finding
        said = {"kind": found.kind, "operation": found.operation, "where": found.where}
        told = {"promised": found.promised, "came": found.came, "count": self.count, "tests": self.tests}
        return {**said, **told, "curl": self.curl, "known": self.known, "level": self.level}


_WORST = ("error", "failed", "xpassed", "xfailed", "skipped", "passed", "rerun")


@dataclass(frozen=True, slots=True)
class Phase:
    """What came of setup, call or teardown of a test; `collect` and `crash` where none of them was reached.

    `at` is in seconds since the epoch. `kind` is the class of what was raised, or `contract`, and `message` its first
    line; `text` is all that pytest showed of it, and `sections` what was captured beside it.
    """

    name: str
    outcome: str
    at: float = 0.0
    seconds: float = 0.0
    file: str = ""
    line: int = 0
    kind: str = ""
    message: str = ""
    text: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether it made the run red."""
        return self.outcome in ("failed", "error")


@dataclass(frozen=True, slots=True)
class TestRun:
    """One test as a run has seen it; `index` is its place in the order of its worker, -1 when it never began."""

    __test__: ClassVar[bool] = False  # no test class, whatever pytest makes of the name

    id: str
    worker: str = ""
    index: int = -1
    at: float = 0.0
    phases: tuple[Phase, ...] = ()

    @property
    def outcome(self) -> str:
        """The worst of its phases; `unfinished` when the run was gone before the test was over."""
        seen = {phase.outcome for phase in self.phases}
        over = any(phase.name in ("teardown", "collect", "crash") for phase in self.phases)
        return next((each for each in _WORST if each in seen and (over or each in _WORST[:2])), "unfinished")

    @property
    def failure(self) -> Phase | None:
        """The first phase that made it red."""
        return next((phase for phase in self.phases if phase.failed), None)

    @property
    def ended(self) -> float:
        """When the last of its phases was over."""
        return max([self.at, *(phase.at + phase.seconds for phase in self.phases)])
