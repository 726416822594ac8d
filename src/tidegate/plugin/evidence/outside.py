"""What this process can see of a stack that it has started: what scripts/test does, of a pytest on the host."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tidegate.plugin.state import State

if TYPE_CHECKING:
    from tidegate.stack.running import Running


def note_failure(running: Running) -> None:
    """Keeps the database as the first test that fails leaves it; once in a run, whoever's test it was."""
    from tidegate.stack.snapshot import keep_dump

    if not running.raw or running.kind != "compose":
        return
    try:
        Path(running.raw, "red").touch(exist_ok=False)
    except OSError:  # another one was the first, or the folder is gone
        return
    keep_dump(running.project, Path(running.raw), "failure")


def collect(session: pytest.Session, state: State) -> None:
    """Completes the bundle by what was told of the stack, of which nothing stays elsewhere."""
    from tidegate.evidence.collect import Collection, known_secrets
    from tidegate.evidence.finish import finish
    from tidegate.plugin.options import load_settings
    from tidegate.stack.facts import read

    raw, settings = Path(state.raw), state.settings or load_settings(session.config)
    try:
        (raw / "code").write_text(f"{int(session.exitstatus)}\n", encoding="utf-8")
        stack = read(raw)
        secrets = known_secrets(raw, settings, stack)
        secrets.learn(state.secrets)
        collection = Collection(raw, settings, secrets, stack)
        collection.write()
        finish(collection, settings)
        for line in collection.missing:
            state.note(line)
    except OSError as error:
        state.note(f"what Docker said of the stack is not kept: {error.strerror}")
    finally:
        shutil.rmtree(raw, ignore_errors=True)
