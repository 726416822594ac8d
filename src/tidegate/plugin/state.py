"""What the plugin keeps during one pytest run, and how a run ends early."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from tidegate.errors import ApiNotHealthy, LoginRefused, TidegateError

if TYPE_CHECKING:
    from tidegate.plugin.contract.watch import Watch
    from tidegate.plugin.evidence.record import Evidence
    from tidegate.plugin.recording import Recording
    from tidegate.records import CleanUp, Exchange
    from tidegate.redact import Secrets
    from tidegate.session.guard import Guard
    from tidegate.session.login import Identity
    from tidegate.settings import Settings
    from tidegate.stack.standing import Stack

NOTICES = 200  # different ones; a run that goes wrong everywhere must not grow without end
MORE = "… and more that differ from these"


@dataclass(slots=True, eq=False, repr=False)
class State:
    """One pytest process's share of a run; empty while no test uses a fixture of ours."""

    run: str = ""
    test: str = ""
    phase: str = "setup"
    target: str = ""
    made: int = 0
    settings: Settings | None = None
    guard: Guard | None = None
    readonly: bool = False
    left_out: str = ""
    lost_admin: list[str] = field(default_factory=list)
    stack: Stack | None = None
    raw: str = ""  # the private folder with what Docker says of the stack, when it was started here
    place: str = ""  # of a controller: where its workers share a stack
    admin: Identity | None = None
    tokens: set[str] = field(default_factory=set)
    recording: Recording | None = None
    recorded: str = ""  # the folder with the exchanges, where some are kept
    # Each sees every exchange as it is, in memory, and gives the name of its operation, or nothing.
    observers: list[Callable[[Exchange], str]] = field(default_factory=list)
    evidence: Evidence | None = None
    left: str = ""  # the folder with what the workers have written of their tests
    kind: str = ""  # of the stack
    kept: Secrets | None = None
    asked: Settings | None = None  # whose secrets are among the kept ones
    marked: str = ""  # the run whose mark they share with what may be shown
    watch: Watch | None = None
    shares: list[Mapping[str, Any]] = field(default_factory=list)  # of workers: what they have to tell of the contract
    lost: list[str] = field(default_factory=list)  # workers that crashed before they told
    deselected: int = 0
    contract_lines: list[str] = field(default_factory=list)
    stopped: tuple[str, int] | None = None
    clean_up: CleanUp | None = None  # see `cleaned`
    notices: Counter[str] = field(default_factory=Counter)

    def note(self, line: str) -> None:
        """Keeps a line for the summary, with secrets masked; the same line again is counted."""
        from tidegate.redact import mask

        line = mask(line, self.secrets)
        self.notices[line if line in self.notices or len(self.notices) < NOTICES else MORE] += 1

    @property
    def cleaned(self) -> CleanUp:
        """What clean-ups did; made when it is first asked for, since most runs on a machine are not ours."""
        from tidegate.records import CleanUp

        self.clean_up = self.clean_up or CleanUp()
        return self.clean_up

    @property
    def secrets(self) -> Secrets:
        """What nothing may show: the settings' secrets, what was got in their place, and what exchanges brought."""
        from tidegate.redact import Secrets

        if self.kept is None:
            self.kept = Secrets()
        if self.settings is not self.asked:
            self.asked = self.settings
            self.kept.learn(self.settings.secrets if self.settings else ())
        if self.settings and self.run != self.marked:
            self._share_mark(self.kept, self.settings)
        return self.kept

    def _share_mark(self, secrets: Secrets, settings: Settings) -> None:
        """Keeps the mark of this run's values in what is shown, though a password was made with it."""
        from tidegate.session.run import mark_of

        self.marked = self.run
        secrets.share(mark_of(settings.prefix, self.run))

    @property
    def stack_kind(self) -> str:
        """What the API of this run was started as, if a test has asked for it."""
        return self.stack.kind if self.stack else self.kind

    def learn(self, values: Iterable[str]) -> None:
        """Takes over what a session is made of: it is shown nowhere, and follows no redirect elsewhere."""
        found = {*values}
        self.tokens |= found
        self.secrets.notice(found, surely=True)

    def to_workeroutput(self) -> dict[str, Any]:
        """What a worker tells the controller, as plain data."""
        told = {"target": self.target, "made": self.made, "stopped": self.stopped, "cleaned": asdict(self.cleaned)}
        said = {"left_out": self.left_out, "lost_admin": self.lost_admin, "notices": dict(self.notices)}
        said |= {"recorded": self.recorded, "secrets": [*self.secrets.sendable()], "kind": self.stack_kind}
        said |= {"left": str(self.evidence.folder) if self.evidence and self.evidence.folder else ""}
        return {**told, **said, "deselected": self.deselected, "contract": self.watch.told() if self.watch else None}

    def join(self, output: Mapping[str, Any]) -> None:
        """Takes over what a worker tells."""
        from tidegate.records import CleanUp, Removed, Stuck

        self.target = self.target or output["target"]
        self.made += output["made"]
        self.left_out = self.left_out or output["left_out"]
        self.lost_admin = self.lost_admin or output["lost_admin"]
        self.stopped = self.stopped or (tuple(output["stopped"]) if output["stopped"] else None)
        self.notices.update(output["notices"])
        self.recorded = self.recorded or output["recorded"]
        self.left, self.kind = self.left or output["left"], self.kind or output["kind"]
        self.secrets.notice(output["secrets"], surely=True)
        self.deselected += output["deselected"]
        self.shares += [output["contract"]] if output["contract"] else []
        told = output["cleaned"]
        removed = [Removed(**item) for item in told["removed"]]
        self.cleaned.add(CleanUp(removed, [Stuck(**item) for item in told["stuck"]], told["notes"], told["kept"]))


STATE = pytest.StashKey[State]()
WORKER_KEY = "tidegate"


def stop(config: pytest.Config, error: TidegateError) -> NoReturn:
    """Ends the whole run with the error's text, shown once, and its exit code."""
    from tidegate.redact import mask

    state, text = config.stash[STATE], str(error)
    if state.stack and isinstance(error, (ApiNotHealthy, LoginRefused)):
        text = state.stack.told(error)
    state.stopped = (mask(text, state.secrets), error.exit_code)
    leave(state.stopped)


def leave(stopped: tuple[str, int]) -> NoReturn:
    """Leaves pytest by its own way out; the text is shown when the session finishes."""
    pytest.exit(f"tidegate ended the run, exit code {stopped[1]}", returncode=stopped[1])
