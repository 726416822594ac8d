"""Starts the API as a command of its own process group, and ends the whole group."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from tidegate.redact import mask
from tidegate.settings import Settings
from tidegate.stack.commands import dismiss, undisturbed, when_gone
from tidegate.stack.failure import Failure, Stage
from tidegate.stack.listening import free_port, is_open
from tidegate.stack.running import Order, Progress, Running, Say, base_url, log_path

GRACE = 10  # seconds that the group gets to end by itself
PAUSE = 0.02

# Ends the process group $0, and after $1 seconds less politely; the private folder $2 goes as well.
_END = """
rm -rf "$2"
kill -TERM -"$0"
for _ in $(seq "$1"); do sleep 1; kill -0 -"$0" || exit; done
kill -KILL -"$0"
"""


class Start:
    """One start of the configured command."""

    def __init__(self, order: Order) -> None:
        self.order, self.settings = order, order.settings.stack
        self.log = log_path(order.settings, self.settings.service)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, raw: str) -> Running:
        """The command, begun; raises Failure when there is no such command. To be called with interrupts postponed."""
        assert self.settings.process
        command = [part.replace("{port}", str(self.port)) for part in shlex.split(self.settings.process)]
        output = self._new_log()
        try:
            with output:
                self.process = subprocess.Popen(
                    command,
                    cwd=self.order.settings.root,
                    env=dict(self.order.settings.variables),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise Failure(
                Stage.PROCESS,
                f"{command[0]!r} cannot be run: {error.strerror}",
                next_step="Mend process in [tool.tidegate.stack]; it is run in the project's root, by no shell.",
            ) from None
        running = Running(kind="process", group=self.process.pid, raw=raw)
        ends = ["sh", "-c", _END, str(running.group), str(GRACE), raw]
        return replace(running, heir=when_gone(self.order.owner, ends))

    def _new_log(self) -> IO[bytes]:
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.unlink(missing_ok=True)  # an earlier run may still write into its own
            return self.log.open("xb")
        except OSError as error:
            raise Failure(
                Stage.PROCESS,
                f"its log {self.log} cannot be written: {error.strerror}",
                next_step="Give the artifacts folder to the user that runs the tests.",
            ) from None

    def address(self) -> str:
        """Where the API listens, once it does; raises Failure."""
        progress = Progress(self.order.say)
        while not is_open(self.port):
            self.check()
            progress.tick(lambda: f"the process runs, but nothing listens on port {self.port} yet")
            if progress.seconds > self.settings.timeout:
                raise Failure(
                    Stage.PORT,
                    f"nothing listens on port {self.port} after {self.settings.timeout:g} s",
                    next_step="Does the command use the {port} that it is given? Raise stack.timeout if it is slow.",
                )
            sleep(PAUSE)
        self.check()  # it may have been somebody else's port
        return base_url(self.order.settings, self.port)

    def check(self) -> None:
        """Raises Failure when the command has ended."""
        if self.process and (code := self.process.poll()) is not None:
            how = f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
            raise Failure(
                Stage.PROCESS, f"the command ended with {how}", next_step="Mend what its last lines complain about."
            )


def stop(running: Running, settings: Settings, say: Say) -> None:
    """Ends the process and all that it has started, and takes the secrets out of its log."""
    if not running.group:  # nothing was begun, and 0 would be our own
        return
    progress = Progress(say)
    with undisturbed():
        for number, seconds in ((signal.SIGTERM, GRACE), (signal.SIGKILL, 2.0)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(running.group, number)
                os.killpg(running.group, signal.SIGCONT)  # one that is stopped would hear nothing
            deadline = monotonic() + seconds
            while _lives(running.group) and monotonic() < deadline:
                progress.tick(lambda: "the process is ending")
                sleep(PAUSE)
        dismiss(running.heir)
        _mask(log_path(settings, settings.stack.service), settings)


def _lives(group: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return _any_but_zombies(group)


def _any_but_zombies(group: int) -> bool:
    """Where nobody collects the dead, as in a container without an init, they would be waited for in vain."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return not Path("/proc/self/stat").exists()


def _mask(log: Path, settings: Settings) -> None:
    with contextlib.suppress(OSError):
        log.write_text(mask(log.read_text(errors="replace"), settings.secrets), encoding="utf-8")
