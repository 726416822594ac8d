"""Brings a stack to stand, whichever kind it is; whatever goes wrong meanwhile, nothing is left."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from tidegate.stack import compose, process, warm
from tidegate.stack.choose import Choice
from tidegate.stack.commands import postponed, when_gone
from tidegate.stack.failure import Failure
from tidegate.stack.gather import gather, private_folder
from tidegate.stack.project import checkout_name, down
from tidegate.stack.running import Order, Running
from tidegate.stack.snapshot import begin_baseline
from tidegate.stack.standing import Stack, failed


def begin(choice: Choice, order: Order) -> Stack:
    """The stack, standing; raises StackFailed, and whatever it raises, nothing is left."""
    if order.settings.stack.keep and choice.kind != "compose":
        order.say(f"stack: --keep-stack has no effect: only a stack of compose can be kept, and this is {choice.kind}")
    if choice.kind == "compose":
        return _Compose(choice, order).begin()
    if choice.kind == "process":
        return _begin_process(order)
    return Stack(Running(kind="none", base_url=order.settings.base_url), order)


def _begin_process(order: Order) -> Stack:
    start = process.Start(order)
    running = Running(kind="process", raw=private_folder())
    order.note(running)
    try:
        with postponed():  # what was begun is known to us before an interrupt comes
            running = start.launch(running.raw)
        order.note(running)
        running = replace(running, base_url=start.address())
        order.note(running)
        return Stack(running, order, start)
    except BaseException as error:
        if start.process:
            process.stop(replace(running, group=start.process.pid), order.settings, order.say)
        if isinstance(error, Failure):
            with contextlib.suppress(OSError):
                error.log = start.log.read_text(errors="replace") if start.process else ""
            gather(running, order.settings, error)
            raise failed(error, order.settings) from None
        raise


class _Compose:
    """The beginning of a stack of a compose file: the kept one where there is one that can be used, else anew."""

    def __init__(self, choice: Choice, order: Order) -> None:
        assert choice.file
        self.order, self.settings = order, order.settings
        self.lock = self._claim()
        self.keep = self.settings.stack.keep and self.lock is not None
        own = f"{checkout_name(self.settings.root)}-{order.run}"
        self.project = warm.kept_name(self.settings) if self.lock else own
        self.start = compose.Start(order, choice.file, self.project)

    def _claim(self) -> FileLock | None:
        if not self.settings.stack.keep and not warm.note_path(self.settings).exists():
            return None
        lock = warm.claim(self.settings)
        if lock is None and self.settings.stack.keep:
            self.order.say("stack: another run has the kept one; this run gets its own and keeps nothing")
        return lock

    def begin(self) -> Stack:
        running = Running(kind="compose", project=self.project, keep=self.keep, raw=private_folder())
        try:
            if not self.keep:
                with postponed():
                    running = replace(running, heir=when_gone(self.order.owner, down(self.project, running.raw)))
            self.order.note(running)
            running = replace(running, base_url=self._stand())
            begin_baseline(self.project, Path(running.raw))
            self.order.note(running)
            return Stack(running, self.order, self.start, self.lock)
        except BaseException as error:
            told, failure = None, error if isinstance(error, Failure) else None
            if isinstance(error, Failure):  # at once, since taking it down takes time; its log goes with the container
                self.order.say(f"stack: failed: {error.stage.value}: {error.what}")
                told = failed(error, self.settings)
            compose.stop(running, self.settings, self.order.say, failure)
            if self.lock:
                warm.forget(self.settings)
                self.lock.release()
            if told:
                raise told from None
            raise

    def _stand(self) -> str:
        if self.lock and (address := self._warm()):
            return address
        address = self.start.bring_up()
        if self.keep:
            assert self.start.plan
            warm.keep(self.settings, self.start.plan, self.project)
        return address

    def _warm(self) -> str:
        if warm.note_path(self.settings).exists():
            address, why = warm.find(self.start)
            if address:
                self.order.say("stack: the kept one still stands")
                return address
            self.order.say(f"stack: the kept one cannot be used: {why}; starting anew")
        compose.stop(Running(kind="compose", project=self.project), self.settings, self.order.say)
        warm.forget(self.settings)
        return ""
