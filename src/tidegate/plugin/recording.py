"""The record of a run: every exchange is looked at by those who subscribed, then masked, then written."""

from __future__ import annotations

import threading
from pathlib import Path
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

        self._state, self._settings, self._lock = state, settings, threading.RLock()
        self._writer = _writer(state, settings) if settings.record.exchanges else None
        self.owners = Owners()
        self._logins = {settings.login.url(state.target), settings.login.url(settings.base_url)}
        limit = max(settings.record.body_limit, settings.contract.body_limit)
        self.recorder: Recorder = Recorder(
            self.observe, lambda: (state.test, state.phase), self.owners.who, limit=limit, trace=settings.record.trace
        )

    def observe(self, exchange: Exchange) -> None:
        """Lets each observer see the exchange as it is, in memory; what is stored of it is masked."""
        with self._lock:
            self._learn(exchange)
            operation = exchange.operation
            try:
                for observer in self._state.observers:
                    operation = observer(exchange) or operation
            finally:
                if self._writer:
                    self._writer.write(self._masked(exchange, operation))

    def glance(self) -> None:
        """Learns what exchanges that are not over show already; to be called before a report is made."""
        for exchange in self.recorder.unfinished():
            self._learn(exchange)

    def close(self) -> None:
        """Writes what is still open, and ends the record of this process."""
        self.recorder.settle()
        if self._writer:
            self._writer.close()

    def _learn(self, exchange: Exchange) -> None:
        from tidegate.redact import lessons

        self._state.secrets.notice(lessons(exchange, login=exchange.url.partition("?")[0] in self._logins))

    def _masked(self, exchange: Exchange, operation: str) -> Exchange:
        from tidegate.redact import masked_exchange

        kept, secrets = self._settings.record, self._state.secrets
        return masked_exchange(exchange, secrets, headers=kept.headers, limit=kept.body_limit, operation=operation)


def open_recording(config: pytest.Config, settings: Settings) -> Recording:
    """The recording of this process, one for all its clients."""
    state = config.stash[STATE]
    if state.recording is None:
        state.recording = Recording(state, settings)
    return state.recording


def end(config: pytest.Config) -> None:
    """Ends the record of this process; where no other process has a share in the run, joins what the run has left."""
    state = config.stash[STATE]
    if state.recording:
        state.recording.close()
    if state.recorded and not hasattr(config, "workeroutput"):
        _join(state, Path(state.recorded))


def _join(state: State, folder: Path) -> None:
    from tidegate.session.ledger import is_alive
    from tidegate.session.recorder.joining import join, keep_killed

    try:
        join(folder, state.run, state.secrets)
        killed = keep_killed(folder, lambda run: is_alive(folder / "ledger" / f"{run}.jsonl"), state.secrets)
    except OSError as error:
        state.note(f"the exchanges are not joined, and stay in exchanges-{state.run}*.jsonl: {error.strerror}")
        return
    for path in killed:
        state.note(f"a run before was killed; its exchanges are in {path.name}")


def _writer(state: State, settings: Settings) -> Writer:
    from tidegate.session.recorder.writer import Writer
    from tidegate.session.run import new_run_id

    state.run = state.run or new_run_id()
    state.recorded = str(settings.artifacts_dir)
    return Writer(settings.artifacts_dir, state.run, state.note)
