"""Runs that are killed leave records behind; one sweep later nothing of theirs is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from api.processes import ADMIN, SECRET, Started, wait_until
from stack.account import account
from suite import ROOT

RUNS, PARALLEL = 20, 4


def test_after_twenty_killed_runs_one_sweep_leaves_the_database_as_it_was(example: Started, tmp_path: Path) -> None:
    """The moment of the kill is a request at random, seen at the API: a clock would miss the interesting ones."""
    with account(example.base_url, **ADMIN) as admin:
        admin.add_users(["bystander@example.com"])
        before, counts = admin.emails(), admin.counts()
        left_behind = 0
        for _ in range(RUNS // PARALLEL):
            _kill_together([_start(example, tmp_path) for _ in range(PARALLEL)], example)
            left_behind += len(admin.emails() - before)
        assert left_behind, "no kill hit a run that had made something: the test proves nothing"
        assert _run("tidegate", "sweep", example=example, artifacts=tmp_path).wait() == 0
        assert admin.emails() == before
        assert admin.counts() == counts
    assert not list((tmp_path / "ledger").glob("*.jsonl"))


def _kill_together(runs: list[subprocess.Popen[bytes]], example: Started) -> None:
    seen = len(example.lines)
    enough = random.randrange(100, 700)
    wait_until(
        lambda: len(example.lines) >= seen + enough or all(run.poll() is not None for run in runs), "some requests"
    )
    for run in runs:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def _start(example: Started, artifacts: Path) -> subprocess.Popen[bytes]:
    return _run(
        "pytest",
        "-pno:cacheprovider",
        "-pno:schemathesis",
        "tests/test_users.py",
        "tests/test_orders.py",
        example=example,
        artifacts=artifacts,
    )


def _run(module: str, *arguments: str, example: Started, artifacts: Path) -> subprocess.Popen[bytes]:
    env = {"PATH": os.environ["PATH"], "API_BASE_URL": example.base_url, "TIDEGATE_ARTIFACTS": str(artifacts)}
    env |= {"API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"], "API_JWT_SECRET": SECRET}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, start_new_session=True)
