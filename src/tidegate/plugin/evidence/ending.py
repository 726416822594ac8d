"""How the record of a run ends: by the process that leads, with what all others have left."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import TidegateError
from tidegate.plugin.evidence.beginning import read_facts, write_facts
from tidegate.plugin.evidence.facts import NAME, asked, first_facts, last_facts
from tidegate.plugin.evidence.joining import join_tests, remove_dead
from tidegate.plugin.evidence.record import Evidence
from tidegate.plugin.state import State


def end_run(session: pytest.Session, state: State, evidence: Evidence) -> None:
    """Joins what the processes of this run have written, and says in run.json how it ended."""
    folder = evidence.folder or _folder_of_workers(session.config, state)
    if folder and not evidence.folder:
        evidence.open(folder)
    evidence.close()
    if hasattr(session.config, "workerinput") or folder is None:
        return
    try:
        facts = read_facts(folder, state.run) or first_facts(session.config, state, state.settings, folder)
        join_tests(folder, state.run, state.secrets)
        remove_dead(folder, facts["started"])
        facts["pytest"] |= asked(session.config)
        write_facts(folder, facts | last_facts(session, state, evidence.counts), state)
    except OSError as error:
        state.note(f"{NAME} or tests.jsonl is not complete: {error.strerror}")


def _folder_of_workers(config: pytest.Config, state: State) -> Path | None:
    """Where the workers have written, as one of them tells; when all of them crashed, where they would have."""
    if state.left:
        return Path(state.left)
    if not state.lost:
        return None
    from tidegate.plugin.options import load_settings

    try:
        folder = load_settings(config).artifacts_dir
    except TidegateError:
        return None
    return folder if read_facts(folder, state.run) else None
