"""The first run.json of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidegate.plugin.evidence.facts import NAME, Facts, first_facts
from tidegate.plugin.state import State

if TYPE_CHECKING:
    from tidegate.settings import Settings


def begin_run(config: pytest.Config, state: State, settings: Settings | None, folder: Path) -> None:
    """Writes what is known at the beginning, which a crash then leaves, unless another process of the run has."""
    from tidegate.evidence.retention import forget_last
    from tidegate.session.run import whole_run

    if read_facts(folder, whole_run(state.run)):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_last(folder)
        write_facts(folder, first_facts(config, state, settings, folder), state)
    except OSError as error:
        state.note(f"{NAME} cannot be written: {error.strerror}")


def read_facts(folder: Path, run: str) -> Facts:
    """What run.json says of this run; nothing when it is of another one."""
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and found.get("run") == run else {}


def write_facts(folder: Path, facts: Facts, state: State) -> None:
    """Writes run.json as a whole, in the place of the one before; raises OSError."""
    from tidegate.redact.data import masked_data
    from tidegate.writing import write_whole

    write_whole(folder / NAME, json.dumps(masked_data(facts, state.secrets), indent=1, ensure_ascii=False) + "\n")
