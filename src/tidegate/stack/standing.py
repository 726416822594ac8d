"""A run's stack from beginning to end, whichever kind it is."""

from __future__ import annotations

import contextlib
from typing import Protocol
from urllib.parse import urlsplit

from filelock import FileLock

from tidegate.errors import StackFailed, TidegateError
from tidegate.redact import mask
from tidegate.settings import Settings
from tidegate.stack import compose, process, warm
from tidegate.stack.choose import Choice
from tidegate.stack.commands import dismiss
from tidegate.stack.containers import containers, log
from tidegate.stack.failure import Failure, indented
from tidegate.stack.gather import gather
from tidegate.stack.running import Order, Running, Say, log_path


class Start(Protocol):
    """What both kinds of a start can do."""

    def check(self) -> None:
        """Raises Failure when waiting longer cannot help."""


class Stack:
    """What the API runs on; `base_url` is where it listens."""

    def __init__(
        self, running: Running, order: Order, start: Start | None = None, lock: FileLock | None = None
    ) -> None:
        self.kind, self.base_url = running.kind, running.base_url
        self.running, self._order, self._start, self._lock = running, order, start, lock

    def check(self) -> None:
        """Raises StackFailed when what stood, or was about to, has fallen."""
        try:
            if self._start:
                self._start.check()
        except Failure as failure:
            raise failed(failure, self._order.settings) from None

    def reached(self, url: str) -> str:
        """The URL as it is reached from here: the service's name is known in its own network alone."""
        parts, stack = urlsplit(url), self._order.settings.stack
        if self.kind == "none" or parts.hostname != stack.service:
            return url
        address = urlsplit(self.base_url).netloc
        if self.kind == "compose" and (outside := self._published(parts.port or 80)):
            address = f"127.0.0.1:{outside}"
        return parts._replace(netloc=address).geturl()

    def _published(self, port: int) -> int | None:
        every = containers(self.running.project)
        found = [one.ports or {} for one in every if one.service == self._order.settings.stack.service]
        return found[0].get(port) if found else None

    def told(self, error: TidegateError) -> str:
        """The error's text with the API's last lines, which often say why."""
        if isinstance(error, StackFailed) or self.kind == "none":
            return str(error)
        lines = indented(mask(self._last_lines(), self._order.settings.secrets))
        return "\n".join([str(error), *(["  the API's last lines:", *lines] if lines else [])])

    def _last_lines(self) -> str:
        settings = self._order.settings
        if self.kind == "process":
            with contextlib.suppress(OSError):
                return log_path(settings, settings.stack.service).read_text(errors="replace")
            return ""
        found = [one for one in containers(self.running.project) if one.service == settings.stack.service]
        return log(found[0], lines=60) if found else ""

    def end(self) -> None:
        """Takes it down, unless it is to be kept; another process of this run may do that instead."""
        end(self.running, self._order.settings, self._order.say, self._lock)
        if self._lock:
            self._lock.release()


def resume(running: Running, choice: Choice, order: Order) -> Stack:
    """The stack that another process of this run has started."""
    start = compose.Start(order, choice.file, running.project) if choice.file and running.project else None
    return Stack(running, order, start)


def end(running: Running, settings: Settings, say: Say, lock: FileLock | None = None) -> None:
    """Takes the stack down, unless it is to be kept or is another run's by now; `lock` is on the kept one."""
    if running.kind == "process":
        process.stop(running, settings, say)
        gather(running, settings)
    elif running.kind == "compose" and running.keep:
        gather(running, settings)
        say(f"stack: project {running.project} stays up; the next run without --keep-stack takes it down")
    elif running.kind == "compose":
        _end_compose(running, settings, say, lock)


def _end_compose(running: Running, settings: Settings, say: Say, lock: FileLock | None) -> None:
    if running.project != warm.kept_name(settings):
        compose.stop(running, settings, say)
    elif lock := lock or warm.claim(settings):
        compose.stop(running, settings, say)
        warm.forget(settings)
        lock.release()
    else:
        dismiss(running.heir)  # another run has found it meanwhile


def failed(failure: Failure, settings: Settings) -> StackFailed:
    """The failure as an error, with the last lines of the log that matters."""
    lines = log(failure.container, lines=60) if failure.container else failure.log
    return StackFailed(mask(failure.told(lines), settings.secrets))
