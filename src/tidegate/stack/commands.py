"""Commands that run beside us: none outlives an interrupt, and none hears the Ctrl-C that is meant for pytest."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

from tidegate.settings.sources import environment

LOOK = 0.4  # seconds between two looks at what a command has done so far
PATIENCE = 5.0  # seconds that an interrupted command gets to end by itself
Finished = subprocess.CompletedProcess[str]


def run(
    command: Sequence[str],
    *,
    folder: Path | str = "/",
    env: Mapping[str, str] | None = None,
    look: Callable[[], None] = lambda: None,
) -> subprocess.CompletedProcess[str]:
    """The finished command; `look` is called while it runs, and whatever it raises ends the command first."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            while True:
                try:
                    output, errors = process.communicate(timeout=LOOK)
                    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)
                except subprocess.TimeoutExpired:
                    look()
        except BaseException:
            end(process)
            raise


def attached(command: Sequence[str], *, folder: Path | str = "/", env: Mapping[str, str] | None = None) -> int:
    """The exit code of a command that has the terminal, and its interrupts, for itself."""
    with subprocess.Popen(command, cwd=folder, env=env) as process, _caught(signal.SIG_IGN):
        return process.wait()


def end(process: subprocess.Popen[str]) -> None:
    """The process and its whole group are gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        try:
            process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            continue
        return


def together(
    *commands: Sequence[str], folder: Path | str = "/", env: Mapping[str, str] | None = None
) -> list[subprocess.CompletedProcess[str]]:
    """The finished commands, which ran at the same time."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(lambda command: run(command, folder=folder, env=env), commands))


def without_project(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables without what would point Compose at another project."""
    foreign = ("COMPOSE_PROJECT_NAME", "COMPOSE_FILE", "COMPOSE_PROFILES")
    return {name: value for name, value in variables.items() if name not in foreign}


def outside() -> dict[str, str]:
    """The environment of this process, without another project of Compose."""
    return without_project(environment())


INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Nothing interrupts the block, which takes something away: it is short, and cut short it would leave a part."""
    with _caught(signal.SIG_IGN):
        yield


@contextlib.contextmanager
def postponed() -> Iterator[None]:
    """An interrupt comes when the block has ended, which begins something: it must not stay unknown to us."""
    came: list[int] = []
    with _caught(lambda number, _frame: came.append(number)):
        yield
    for number in came[:1]:
        signal.raise_signal(number)


@contextlib.contextmanager
def _caught(how: signal.Handlers | Callable[[int, FrameType | None], None]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # where no interrupt arrives anyway
        yield
        return
    kept = {number: signal.signal(number, how) for number in INTERRUPTS}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, before)


# Prints its process group, and leaves a process there that waits until $1 is gone, then runs the rest as a command.
_WHEN_GONE = """
echo $$
(owner=$1; shift; while kill -0 "$owner"; do sleep 1; done; exec "$@") </dev/null >/dev/null 2>&1 &
"""


def when_gone(owner: int, command: Sequence[str]) -> int:
    """Leaves the command to a process that waits for the end of `owner`, also by kill -9; gives its process group.

    To be called with interrupts postponed until that group is noted, since it has to be dismissed.
    """
    return int(run(["sh", "-c", _WHEN_GONE, "tidegate", str(owner), *command], env=outside()).stdout)


def dismiss(group: int) -> None:
    """What waits in that process group is no longer needed."""
    if not group:  # which would be our own
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
