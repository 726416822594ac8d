"""Which red run counts as the same one."""

from __future__ import annotations

import json
from pathlib import Path

from tidegate.cli.reproduce.target import compared, red
from tidegate.evidence.bundle import Bundle, open_bundle

LEFT = 75


def left(folder: Path, path: str, reason: str) -> Bundle:
    """A run whose tests passed, and whose clean-up could not remove a record."""
    stuck = [{"path": path, "reason": reason, "test": "tests/test_it.py::test_one"}]
    told = {"format": 1, "verdict": "passed", "exit_code": LEFT, "stopped": None, "clean_up": {"stuck": stuck}}
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(told))
    return open_bundle(folder)


def test_a_run_without_a_failed_test_is_the_same_for_the_same_reason_alone(tmp_path: Path) -> None:
    wanted = red(left(tmp_path / "there", "/users/2", "DELETE answered 409"))
    assert compared(wanted, left(tmp_path / "again", "/users/31", "DELETE answered 409"), LEFT).ended_so
    assert not compared(wanted, left(tmp_path / "other", "/users/2", "no answer: ConnectError"), LEFT).ended_so
