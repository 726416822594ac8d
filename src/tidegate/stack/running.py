"""What stands for a run, and what any process needs to know to take it down again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

from tidegate.settings import Settings

AGAIN = 5.0  # seconds until the same line is said once more
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A stack that stands, or that is about to."""

    kind: str
    base_url: str = ""
    project: str = ""  # of Compose
    group: int = 0  # of the process
    heir: int = 0  # the process group that takes it down when nobody else can
    keep: bool = False
    raw: str = ""  # the private folder for what only Docker can tell of it

    def to_json(self) -> str:
        """For another process of the same run."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Running:
        """What another process of the same run has written."""
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a start is asked for."""

    settings: Settings
    run: str
    owner: int  # the process with whose end the stack must end
    say: Say
    note: Callable[[Running], None]  # called before there is something that could be left behind, and when it stands


class Progress:
    """A line when something else goes on, at most one a second, and every few seconds while it is the same."""

    def __init__(self, say: Say) -> None:
        self._say, self._start = say, monotonic()
        self._last, self._said = self._start, ""

    @property
    def seconds(self) -> float:
        """Since the start."""
        return monotonic() - self._start

    def tick(self, doing: Callable[[], str]) -> None:
        """Says what goes on, when it is time to."""
        since = monotonic() - self._last
        if since < 1 or (since < AGAIN and self._said == doing()):
            return
        self._last, self._said = monotonic(), doing()
        self._say(f"stack: {self._said} ({self.seconds:.0f} s)")


def base_url(settings: Settings, port: int) -> str:
    """Where the API is when this port of loopback leads to it."""
    return f"http://127.0.0.1:{port}" + settings.stack.base_path.rstrip("/")


def log_path(settings: Settings, name: str) -> Path:
    """Where that log is kept."""
    return settings.artifacts_dir / "logs" / f"{name}.log"
