"""The stack inside pytest: one a run, also when several workers ask, taken down however the run ends."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.errors import StackFailed, TidegateError
from tidegate.plugin.shown.saying import say
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    from tidegate.settings import Settings
    from tidegate.stack.choose import Choice
    from tidegate.stack.running import Order, Running
    from tidegate.stack.standing import Stack

WORKER_KEY = "tidegate-stack"


def opened(config: pytest.Config, settings: Settings) -> Iterator[Stack]:
    """The stack of this run, begun by whoever comes first; its failure ends the run."""
    shared: dict[str, Any] | None = getattr(config, "workerinput", {}).get(WORKER_KEY)
    try:
        with _ends_by_signal():
            if shared:
                yield _together(config, settings, Path(shared["place"]), shared["owner"])
            else:
                yield from _alone(config, settings)
    except TidegateError as error:
        stop(config, error)


def _alone(config: pytest.Config, settings: Settings) -> Iterator[Stack]:
    from tidegate.stack.begin import begin

    stack = begin(_chosen(config, settings), _order(config, settings, os.getpid()))
    config.stash[STATE].stack = stack
    try:
        yield stack
    finally:
        stack.end()


def _together(config: pytest.Config, settings: Settings, place: Path, owner: int) -> Stack:
    """One worker's view of what all of them share: the first one begins it, the controller ends it."""
    from filelock import FileLock

    place.mkdir(mode=0o700, exist_ok=True)
    with FileLock(place / "lock"):
        stack = _first_begins(config, settings, place, owner)
    config.stash[STATE].stack = stack
    return stack


def _first_begins(config: pytest.Config, settings: Settings, place: Path, owner: int) -> Stack:
    from tidegate.stack.begin import begin
    from tidegate.stack.choose import choose
    from tidegate.stack.running import Running
    from tidegate.stack.standing import resume

    noted, failed = place / "running.json", place / "failed"
    order = _order(config, settings, owner, noted)
    if failed.exists():
        raise StackFailed(failed.read_text(encoding="utf-8"))
    if noted.exists() and (running := Running.from_json(noted.read_text(encoding="utf-8"))).base_url:
        return resume(running, choose(settings, engine=lambda: ""), order)
    try:
        stack = begin(_chosen(config, settings), order)
    except StackFailed as error:
        failed.write_text(str(error), encoding="utf-8")
        raise
    noted.write_text(stack.running.to_json(), encoding="utf-8")
    return stack


def _chosen(config: pytest.Config, settings: Settings) -> Choice:
    from tidegate.stack.choose import choose
    from tidegate.stack.warm import why_not

    choice = choose(settings, engine=lambda: why_not(settings))
    say(config, str(choice))
    return choice


def _order(config: pytest.Config, settings: Settings, owner: int, noted: Path | None = None) -> Order:
    from tidegate.session.run import new_run_id
    from tidegate.stack.running import Order

    state = config.stash[STATE]

    def note(running: Running) -> None:
        if not hasattr(config, "workerinput"):
            state.raw = running.raw
        if noted:
            noted.write_text(running.to_json(), encoding="utf-8")

    state.run = state.run or new_run_id()
    return Order(
        settings=settings, run=state.run.partition("-")[0], owner=owner, say=lambda line: say(config, line), note=note
    )


def shared_place(config: pytest.Config) -> dict[str, Any]:
    """What a controller tells its workers: a folder that one of them may make, and whose end is the end of all."""
    import secrets
    import tempfile

    state = config.stash[STATE]
    state.place = state.place or str(Path(tempfile.gettempdir(), f"tidegate-{secrets.token_hex(8)}"))
    return {"place": state.place, "owner": os.getpid()}


def end_shared(config: pytest.Config) -> None:
    """Takes down what the workers have shared, when they have; also when all of them crashed."""
    place = Path(config.stash[STATE].place)
    if not place.name or not place.exists():
        return
    from tidegate.plugin.options import load_settings
    from tidegate.stack.running import Running
    from tidegate.stack.standing import end

    if (noted := place / "running.json").exists():
        running = Running.from_json(noted.read_text(encoding="utf-8"))
        config.stash[STATE].raw = running.raw
        end(running, load_settings(config), lambda line: say(config, line))
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _ends_by_signal() -> Iterator[None]:
    """SIGTERM and SIGHUP, as a cancelled job sends them, end the run as Ctrl-C does: the stack goes first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    kept = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, before in kept.items():
            signal.signal(number, before)
