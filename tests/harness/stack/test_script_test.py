"""scripts/test on a real engine: what it says, what it ends with, and that nothing stays."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack.checkout import LIMIT, Checkout, copy

from tidegate.evidence.bundle import open_bundle

pytestmark = pytest.mark.docker

SLOW = """
import threading

def test_slow():
    print("the slow test has begun", flush=True)
    threading.Event().wait(120)
"""


# As on a full disk: from here on no log can be written.
SPOILS_LOGS = """
import pathlib, shutil

def test_spoils():
    shutil.rmtree("artifacts/logs")
    pathlib.Path("artifacts/logs").write_text("")
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
    bundle = open_bundle(checkout.folder / "artifacts")
    assert (bundle.run["verdict"], bundle.run["exit_code"], bundle.stack["stage"]) == ("not started", 69, "container")
    assert "API_ADMIN_EMAIL is 'no-address'" in bundle.stack["told"] + str(bundle.log("migrate"))


def test_a_missing_file_of_settings_is_named(checkout: Checkout) -> None:
    (checkout.folder / ".env.test").unlink()
    answer = checkout.run("scripts/test")
    assert answer.returncode == 69
    assert ".env.test" in answer.stderr
    assert "the compose file cannot be used" in answer.stderr


def test_a_log_that_cannot_be_written_keeps_no_container_running(checkout: Checkout) -> None:
    checkout.write("tests/test_spoils.py", SPOILS_LOGS)
    answer = checkout.run("scripts/test", "tests/test_spoils.py")
    assert answer.returncode == 0, answer.stderr
    assert "test: the log of api could not be written to artifacts/logs" in answer.stderr
    assert checkout.containers() == []


def test_logs_that_cannot_be_kept_are_said_before_anything_starts(checkout: Checkout) -> None:
    checkout.write("artifacts/logs", "")
    answer = checkout.run("scripts/test")
    assert answer.returncode == 73
    assert "test: artifacts/logs cannot be written" in answer.stderr


def test_a_run_takes_nothing_from_the_folder_of_logs_but_logs(checkout: Checkout) -> None:
    checkout.write("artifacts/logs/old.log", "")
    checkout.write("artifacts/logs/notes", "")
    checkout.variables["TIDEGATE_STACK"] = "no such stack"
    assert checkout.run("scripts/test").returncode == 64
    assert [path.name for path in (checkout.folder / "artifacts/logs").iterdir()] == ["notes"]


def test_an_engine_that_refuses_is_quoted(checkout: Checkout) -> None:
    checkout.variables = {"DOCKER_HOST": "unix:///no/such/socket", "PYTHON": "no-such-python"}
    answer = checkout.run("scripts/test")
    assert answer.stderr.startswith("test: process stack: the Docker engine does not answer: "), answer.stderr
    assert "unix:///no/such/socket" in answer.stderr.splitlines()[0]


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
