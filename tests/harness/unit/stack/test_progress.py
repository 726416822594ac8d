"""How often a start says what it waits for."""

from __future__ import annotations

import pytest

from tidegate.stack import running


def test_the_same_line_comes_again_after_five_seconds_and_a_new_one_after_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(running, "monotonic", lambda: clock[0])
    said: list[str] = []
    progress = running.Progress(said.append)
    for tenth in range(100):
        clock[0] = tenth / 10
        progress.tick(lambda: "building" if clock[0] < 7.5 else "starting")
    assert said == [
        "stack: building (1 s)",
        "stack: building (6 s)",
        "stack: starting (8 s)",
    ]
