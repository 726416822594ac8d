"""The record of a run: every exchange is looked at by those who subscribed, then masked, then written."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tidegate.plugin.state import STATE, State

if TYPE_CHECKING:
    from tidegate.records import Exchange
    from tidegate.session.recorder import Recorder
    from tidegate.session.recorder.writer import Writer
    from tidegate.settings import Settings


class Recording:
    """What this process records; to be had from `open_recording`."""

    def __init__(self, state: State, settings: Settings) -> None:
        from tidegate.session.recorder import Owners, Recorder

        self._state, self._lock = state, threading.RLock()
        self._writer = _writer(state, settings) if settings.record.exchanges else None
        self.owners = Owners()
        limit = max(settings.record.body_limit, settings.contract.body_limit)
        self.recorder: Recorder = Recorder(
            self.observe, lambda: (state.test, state.phase), self.owners.who, limit=limit, trace=settings.record.trace
        )

    def observe(self, exchange: Exchange) -> None:
        """Lets each observer see the exchange as it is, in memory; what is stored of it is masked."""
        from tidegate.redact import masked_exchange

        with self._lock:
            for observer in self._state.observers:
                if operation := observer(exchange):
                    exchange = replace(exchange, operation=operation)
            if self._writer:
                self._writer.write(masked_exchange(exchange, self._state.secrets))

    def close(self) -> None:
        """Writes what is still open, and ends the record."""
        self.recorder.settle()
        if self._writer:
            self._writer.close()


def open_recording(config: pytest.Config, settings: Settings) -> Recording:
    """The recording of this process, one for all its clients."""
    state = config.stash[STATE]
    if state.recording is None:
        state.recording = Recording(state, settings)
    return state.recording


def _writer(state: State, settings: Settings) -> Writer:
    from tidegate.session.recorder.writer import Writer
    from tidegate.session.run import new_run_id

    state.run = state.run or new_run_id()
    return Writer(settings.artifacts_dir, state.run, state.note)
