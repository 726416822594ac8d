"""Which stack a run gets, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tidegate.errors import SettingsError, StackFailed
from tidegate.settings import Settings
from tidegate.stack.plan import compose_file

GIVEN = ("environment", "command line")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Choice:
    """The kind of stack, and the reason in words."""

    kind: str
    why: str
    file: Path | None = None

    def __str__(self) -> str:
        """The line that a run begins with."""
        return f"stack: {self.kind}: {self.why}"


def choose(settings: Settings, engine: Callable[[], str]) -> Choice:
    """What the settings ask for, else what can be had; raises TidegateError when what they ask for cannot.

    `engine` says why Compose cannot be used, and nothing when it can.
    """
    stack, file = settings.stack, compose_file(settings.root, settings.stack.compose_file)
    if stack.kind != "auto":
        return _asked_for(settings, file, engine)
    if said := given(settings):
        return Choice("none", said)
    reason = engine() if file else f"there is no {stack.compose_file}"
    if not reason:
        return Choice("compose", "the Docker engine answers", file)
    if stack.process:
        return Choice("process", reason)
    return Choice("none", f"{reason}, and no process is configured; the API is asked at {settings.base_url}")


def _asked_for(settings: Settings, file: Path | None, engine: Callable[[], str]) -> Choice:
    kind, origin = settings.stack.kind, settings.origins.get("stack.kind", "default")
    why = f"the {origin} asks for it" if origin in GIVEN else f"{origin} asks for it"
    if kind == "process" and not settings.stack.process:
        raise SettingsError(
            f"{why}, but no process is configured\n"
            '  next: process = "command --port {port}" in [tool.tidegate.stack] of pyproject.toml'
        )
    if kind == "compose" and not file:
        raise SettingsError(
            f"{why}, but there is no {settings.stack.compose_file} in {settings.root}\n"
            "  next: set compose_file in [tool.tidegate.stack] of pyproject.toml"
        )
    if kind == "compose" and (reason := engine()):
        raise StackFailed(f"the stack did not start: engine: {reason}\n  next: start it, or choose another --stack.")
    return Choice(kind, why, file)


def given(settings: Settings) -> str:
    """Why the API is taken to run already; nothing when nobody says so."""
    origin = settings.origins.get("base_url", "default")
    if origin in GIVEN:
        return f"the {origin} says where the API is"
    host = urlsplit(settings.base_url).hostname
    return "" if host in LOOPBACK else f"{origin} says that the API is at {settings.base_url}"
