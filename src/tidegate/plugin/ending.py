"""How a session's ledger begins, and how the session's clean-up ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import TidegateError
from tidegate.plugin.state import STATE
from tidegate.records import CleanUp, Stuck

if TYPE_CHECKING:
    from pathlib import Path

    from tidegate.session.guard import Guard
    from tidegate.session.ledger import Ledger
    from tidegate.session.scene import Scene
    from tidegate.settings import Resource, Settings

SHOWN = 300


def open_ledger(config: pytest.Config, settings: Settings, base_url: str) -> Ledger:
    """The ledger of this process; raises LedgerError when it cannot be written."""
    from tidegate.session.ledger import Ledger
    from tidegate.session.run import new_run_id

    state = config.stash[STATE]
    state.run = state.run or new_run_id()
    state.target = base_url
    return Ledger(settings.artifacts_dir / "ledger", state.run, base_url, lambda: state.test)


def clean_up(
    config: pytest.Config, settings: Settings, base_url: str, resources: tuple[Resource, ...], ledger: Ledger
) -> None:
    """Removes what this session made, and what killed runs left; never raises for what the API does."""
    from tidegate.plugin.guarding import open_guard
    from tidegate.plugin.pacing import workers_of
    from tidegate.redact import mask
    from tidegate.session.cleanup import clean_session
    from tidegate.session.scene import open_scene

    state = config.stash[STATE]
    folder = settings.artifacts_dir / "ledger"
    cleaned = CleanUp()
    guard = open_guard(config, settings, base_url, resources, ledger)
    session = state.admin.session if state.admin else None
    scene = open_scene(
        settings,
        base_url,
        resources,
        session,
        guard=guard.around,
        report=state.note,
        workers=workers_of(config),
    )
    with scene.client:
        try:
            if ledger.used:
                state.made = ledger.count
                cleaned.add(clean_session(scene, ledger.run, ledger.outstanding()))
        except TidegateError as error:
            cleaned.stuck.append(Stuck("everything that this run made", str(error)))
        settled = not cleaned.stuck
        try:
            cleaned.add(_clean_dead_runs(scene, folder, base_url, guard))
        except TidegateError as error:
            cleaned.notes.append(f"what killed runs left is still there: {str(error).splitlines()[0]}")
    ledger.close(settled=settled)
    # Here, since a pytest-xdist controller, which shows the reasons, has no settings.
    cleaned.stuck = [replace(item, reason=mask(item.reason, state.secrets)[:SHOWN]) for item in cleaned.stuck]
    state.cleaned.add(cleaned)


def _clean_dead_runs(scene: Scene, folder: Path, base_url: str, guard: Guard) -> CleanUp:
    """Removes what killed runs left here; on a shared target only where this run may write."""
    from tidegate.session.cleanup import clean_dead_runs, ledgers_of

    place = guard.target
    if guard.may_write:
        guard.spares_others = False
        return clean_dead_runs(scene, folder, base_url)
    dead = len(ledgers_of(folder, base_url))
    runs = "1 killed run" if dead == 1 else f"{dead} killed runs"
    note = f"{runs} left records there; `tidegate sweep --allow-writes={place}` removes them"
    return CleanUp(notes=[note] if dead else [])
