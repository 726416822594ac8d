"""scripts/test on a real engine: what it says, what it ends with, and that nothing stays."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack.checkout import LIMIT, Checkout, copy

pytestmark = pytest.mark.docker

SLOW = """
import threading

def test_slow():
    print("the slow test has begun", flush=True)
    threading.Event().wait(120)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout whose scripts use the engine."""
    checkout = copy(tmp_path / "checkout", "tidegate-script", TIDEGATE_STACK="compose")
    yield checkout
    if checkout.containers():
        checkout.take_down()


def test_a_red_run_keeps_its_exit_code_and_every_log_and_leaves_no_container(checkout: Checkout) -> None:
    checkout.write("tests/test_wrong.py", "def test_wrong():\n    assert 1 == 2\n")
    answer = checkout.run("scripts/test", "tests/test_wrong.py")
    assert answer.returncode == 1, answer.stderr
    assert answer.stderr.startswith("test: compose stack: TIDEGATE_STACK asks for it\n")
    logs = {path.name: path.read_text() for path in (checkout.folder / "artifacts/logs").iterdir()}
    assert "GET" in logs["api.log"]
    assert "\x1b" not in "".join(logs.values())
    assert {"db.log", "migrate.log", "api.log"} <= logs.keys()
    assert checkout.containers() == []


def test_a_stack_that_does_not_start_is_told_from_a_failing_test(checkout: Checkout) -> None:
    checkout.variables["API_ADMIN_EMAIL"] = "no-address"
    answer = checkout.run("scripts/test")
    assert answer.returncode == 69
    assert "test: the stack did not start; no test ran\ntest: migrate is exited (exit code 1)" in answer.stderr
    assert "API_ADMIN_EMAIL is 'no-address'" in answer.stderr
    assert checkout.containers() == []


def test_a_missing_file_of_settings_is_named(checkout: Checkout) -> None:
    (checkout.folder / ".env.test").unlink()
    answer = checkout.run("scripts/test")
    assert answer.returncode == 69
    assert ".env.test" in answer.stderr
    assert "compose.yaml cannot be used" in answer.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_run_still_writes_its_report_and_leaves_no_container(checkout: Checkout, number: int) -> None:
    checkout.write("tests/test_slow.py", SLOW)
    process = subprocess.Popen(
        ["scripts/test", "-s", "tests/test_slow.py"],
        cwd=checkout.folder,
        env=checkout.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    too_long = threading.Timer(LIMIT, process.kill)
    too_long.start()
    try:
        assert any("the slow test has begun" in line for line in process.stdout)
        process.send_signal(number)
        assert process.wait() == 2
    finally:
        too_long.cancel()
        process.kill()
        process.stdout.close()
    assert (checkout.folder / "artifacts/junit.xml").is_file()
    assert checkout.containers() == []
