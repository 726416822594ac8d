"""The wire of the tests: at the pace of this process's share of the run, and within its budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tidegate.errors import SettingsError
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    import httpx

    from tidegate.session.guard import Guard
    from tidegate.settings import Settings


def open_tests_wire(config: pytest.Config, settings: Settings, base_url: str, guard: Guard) -> httpx.BaseTransport:
    """What the requests of tests go over; clean-up has a wire of its own, which no budget ends."""
    from tidegate.session.budget import Budget
    from tidegate.session.wire import open_wire

    state, limit = config.stash[STATE], settings.client.budget
    workers = workers_of(config)
    budget = Budget(limit, workers, lambda: state.test) if limit else None
    try:
        return open_wire(settings, base_url, guard=guard.around, report=state.note, workers=workers, budget=budget)
    except SettingsError as error:  # a certificate and a key that do not belong together
        stop(config, error)


def workers_of(config: pytest.Config) -> int:
    """Among how many processes this one shares what a run may send."""
    worker = getattr(config, "workerinput", None)
    return int(worker["workercount"]) if worker else 1
