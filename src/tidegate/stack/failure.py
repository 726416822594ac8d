"""Why a stack does not stand: at which stage, what was seen, what to do."""

from __future__ import annotations

from enum import Enum

from tidegate.stack.containers import Container

LAST_LINES = 15


class Stage(Enum):
    """What a start goes through, in this order; the gate and the login come after it."""

    ENGINE = "engine"
    SETTINGS = "settings"
    IMAGE = "image"
    CONTAINER = "container"
    MIGRATION = "migration"
    PROCESS = "process"
    PORT = "port"
    HEALTH = "health"


class Failure(Exception):  # noqa: N818  nothing went wrong with us
    """A start that is known to have failed; `container` is the one whose log says more."""

    def __init__(
        self, stage: Stage, what: str, *, seen: str = "", next_step: str = "", container: Container | None = None
    ) -> None:
        super().__init__(what)
        self.stage, self.what, self.seen, self.next_step, self.container = stage, what, seen, next_step, container
        self.log = ""  # of what is no container

    def told(self, last_lines: str) -> str:
        """The whole message, with the last lines of the log that matters."""
        lines = [f"the stack did not start: {self.stage.value}: {self.what}"]
        if self.seen:
            lines += ["  seen:", *indented(self.seen)]
        if last_lines.strip():
            lines += ["  its last lines:", *indented(last_lines)]
        return "\n".join([*lines, f"  next: {self.next_step}"])


def indented(text: str) -> list[str]:
    """The last lines of the text, as part of a message."""
    lines = [line.rstrip() for line in text.replace("\x1b[2K", "").splitlines() if line.strip()]
    return [f"    {line}" for line in lines[-LAST_LINES:]]
