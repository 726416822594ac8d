"""A failure that needs another test's rows, red in one checkout, is red again in a clone elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stack.checkout import ROOT, Checkout, copy

PLANTED = """\
from tests.checks import expect, items


def test_leaves_a_user(admin, unique):
    expect(admin.post("/users", json={"email": unique.email(), "name": "Left", "role": "viewer"}), 201)


def test_is_alone(admin):
    users = items(expect(admin.get("/users", params={"limit": 100}), 200))
    assert "Left" not in [user["name"] for user in users]
"""


def git(folder: Path, *words: str) -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)


@pytest.mark.docker
def test_a_failure_after_another_test_is_red_again_elsewhere(images: None, tmp_path: Path) -> None:
    there = copy(tmp_path / "there", "tidegate-reproduce", TIDEGATE_STACK="compose")
    (there.folder / "tests" / "test_planted.py").write_text(PLANTED)
    shutil.copy(ROOT / ".gitignore", there.folder)
    (there.folder / "artifacts" / ".gitignore").write_text("*\n!.gitignore\n")
    git(there.folder, "init")
    git(there.folder, "add", "--all")
    git(there.folder, "commit", "--message", "Plant a failure")
    red = there.run("scripts/test", "tests/test_planted.py", "-p", "no:randomly")
    assert red.returncode == 1, red.stdout + red.stderr
    git(tmp_path, "clone", "there", "here")
    shutil.move(there.folder / "artifacts", tmp_path / "bundle")
    shutil.rmtree(there.folder)

    here = Checkout(tmp_path / "here", "unused", {"TMPDIR": str(tmp_path)})
    command = (sys.executable, "-m", "tidegate", "reproduce", str(tmp_path / "bundle"))
    again = here.run(*command)
    assert again.returncode == 80, again.stdout + again.stderr
    victim, polluter = "tests/test_planted.py::test_is_alone", "tests/test_planted.py::test_leaves_a_user"
    assert again.stdout.startswith(f"reproduced only after {polluter}: {victim}\n")
    assert "rows of users that were not there at the beginning: 1" in again.stdout
    assert here.run("git", "worktree", "list").stdout.count("\n") == 1
    assert str(tmp_path) not in here.run("docker", "ps", "--all", "--format", "{{.Labels}}").stdout
    assert not [*tmp_path.glob("tidegate-again-*")]
