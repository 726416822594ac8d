"""Which red run counts as the same one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidegate.cli.reproduce.target import chosen_files, compared, ending, red
from tidegate.errors import UsageError
from tidegate.evidence.bundle import Bundle, open_bundle

LEFT = 75


def left(folder: Path, path: str, reason: str) -> Bundle:
    """A run whose tests passed, and whose clean-up could not remove a record."""
    stuck = [{"path": path, "reason": reason, "test": "tests/test_it.py::test_one"}]
    told = {"format": 1, "verdict": "passed", "exit_code": LEFT, "stopped": None, "clean_up": {"stuck": stuck}}
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(told))
    return open_bundle(folder)


@pytest.mark.parametrize(
    ("args", "chosen"),
    [
        ([], False),
        (["-q", "-k", "one"], False),
        (["tests/test_b.py"], False),
        (["."], False),
        ("tests", False),
        (["-q", "tests/test_it.py"], True),
        (["./tests/test_it.py::test_one", "-x"], True),
        (["tests/"], True),
    ],
)
def test_where_files_were_chosen_no_other_is_looked_into(args: object, chosen: bool, tmp_path: Path) -> None:
    ids = ["tests/test_it.py::test_one", "tests/deep/test_more.py::test_two[a::b]", "tests/test_it.py::test_three"]
    (tmp_path / "run.json").write_text(json.dumps({"format": 1, "pytest": {"args": args}}))
    (tmp_path / "tests.jsonl").write_text(json.dumps({"collected": ids}) + "\n")
    files = ("tests/test_it.py", "tests/deep/test_more.py")
    assert chosen_files(open_bundle(tmp_path)) == (files if chosen else ())


def test_a_run_without_a_failed_test_is_the_same_for_the_same_reason_alone(tmp_path: Path) -> None:
    wanted = red(left(tmp_path / "there", "/users/2", "DELETE answered 409"))
    assert compared(wanted, left(tmp_path / "again", "/users/31", "DELETE answered 409"), LEFT).ended_so
    assert not compared(wanted, left(tmp_path / "other", "/users/2", "no answer: ConnectError"), LEFT).ended_so


@pytest.mark.parametrize("started", [True, False])
def test_a_run_that_was_interrupted_is_red_by_its_failed_tests_alone(started: bool, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"format": 1, "verdict": "interrupted", "exit_code": 2}))
    (tmp_path / "stack.json").write_text(json.dumps({"started": started, "stage": "" if started else "image"}))
    with pytest.raises(UsageError, match="interrupted before anything was red"):
        red(open_bundle(tmp_path))
    lines = [{"begin": "a", "index": 0, "at": 1.0}, {"test": "a", "phase": "call", "outcome": "failed", "message": "x"}]
    (tmp_path / "stack.json").unlink()
    (tmp_path / "tests.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert [*red(open_bundle(tmp_path)).tests] == ["a"]


def uncollected(folder: Path, message: str) -> Bundle:
    """A run that a file ended which cannot be imported."""
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({"format": 1, "verdict": "failed", "exit_code": 2}))
    line = {"test": "tests/test_it.py", "worker": "", "phase": "collect", "outcome": "error", "message": message}
    (folder / "tests.jsonl").write_text(json.dumps(line) + "\n")
    return open_bundle(folder)


def test_a_file_that_cannot_be_collected_is_named_and_has_to_fail_so_again(tmp_path: Path) -> None:
    missing = "ModuleNotFoundError: No module named"
    wanted = red(there := uncollected(tmp_path / "there", f"{missing} 'alone_in_ci'"))
    assert ending(there) == f"tests/test_it.py: {missing} 'alone_in_ci'"
    assert compared(wanted, uncollected(tmp_path / "again", f"{missing} 'alone_in_ci'"), 2).ended_so
    assert not compared(wanted, uncollected(tmp_path / "other", f"{missing} 'not_installed_here'"), 2).ended_so
