"""A stack that a plain `pytest` started goes with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from api.processes import wait_until
from stack.small import Small

pytestmark = pytest.mark.docker

# Says that it runs, and goes on until it is interrupted.
ENDLESS = """
import pathlib, threading

def test_endless(gate):
    pathlib.Path("begun").touch()
    threading.Event().wait(120)
"""

DIES = """
import os

def test_dies(gate):
    os._exit(9)
"""

SILENT = "import time; time.sleep(120)"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """A project with a compose file."""
    small = Small(tmp_path / "small")
    small.compose()
    yield small
    small.remove()


def ended_when(small: Small, condition: Callable[[], bool], how: Callable[[int], None], *arguments: str) -> int:
    """The exit code of a `pytest` that this happens to, as soon as the condition holds."""
    with small.start(*arguments) as process:
        try:
            wait_until(lambda: condition() or process.poll() is not None, "something to end")
            assert process.poll() is None
            how(process.pid)
            process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_a_test_takes_the_stack_down(small: Small, number: int) -> None:
    small.write("test_it.py", ENDLESS)
    code = ended_when(small, (small.folder / "begun").exists, lambda pid: os.killpg(pid, number))
    assert (code, small.left()) == (2, [])
    assert "GET /health" in (small.folder / "artifacts/logs/api.log").read_text()


def test_ctrl_c_during_the_start_takes_down_what_is_there(small: Small) -> None:
    small.write("api.py", SILENT)
    code = ended_when(small, lambda: bool(running(small)), lambda pid: os.killpg(pid, signal.SIGINT))
    assert (code, small.left()) == (2, [])


def test_ctrl_c_with_workers_takes_down_what_one_of_them_is_starting(small: Small) -> None:
    small.write("api.py", SILENT)
    ended_when(small, lambda: bool(running(small)), lambda pid: os.killpg(pid, signal.SIGINT), "-n", "2")
    wait_until(lambda: small.left() == [], "the stack is gone")


def test_a_killed_run_leaves_its_stack_to_nobody(small: Small) -> None:
    small.write("test_it.py", ENDLESS)
    code = ended_when(small, (small.folder / "begun").exists, lambda pid: os.killpg(pid, signal.SIGKILL))
    assert code == -signal.SIGKILL
    wait_until(lambda: small.left() == [], "the stack is gone")


def test_a_worker_that_crashes_takes_no_stack_with_it_and_leaves_none(small: Small) -> None:
    small.write("test_dies.py", DIES)
    code, output = small.pytest("-n", "1", "test_dies.py", "test_it.py")
    assert code == 1, output
    assert "1 failed, 1 passed" in output
    assert output.count("stack: compose: ") == 1, output
    assert small.left() == []


def running(small: Small) -> list[str]:
    """The containers of the project that run."""
    command = ["docker", "ps", "--quiet", "--filter", f"label=com.docker.compose.project.working_dir={small.folder}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
