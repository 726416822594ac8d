"""The stack as a run of pytest sees it; the API is a process here, so that no engine is needed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from api.processes import processes_with, wait_until
from plugin.conftest import INI
from projects import run_project
from wire import free_port

# Serves, says on which port, and has a child that would outlive it.
API = """
import http.server, os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()", os.getcwd()])
print("serving with", os.environ["API_ADMIN_PASSWORD"], flush=True)
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "ok"}')
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Api).serve_forever()
"""
TEST = "def test_it(gate, base_url, stack): open('seen', 'a').write(base_url + '\\n')\n"
ENDLESS = (
    "import pathlib, threading\ndef test_endless(gate): pathlib.Path('begun').touch(); threading.Event().wait(120)\n"
)
IMPATIENT = "from tidegate.plugin.start import gate\ngate.PATIENCE = 0.1\n"
SAID = "tidegate: stack: process: there is no compose.yaml"

INTERRUPTED = """
import signal
from tidegate.stack import process

def interrupted(*given):
    group = begun(*given)
    signal.raise_signal(signal.SIGINT)
    return group

begun, process.when_gone = process.when_gone, interrupted
"""


class Project:
    """A project of an adopter whose API is a Python program."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester, self.path = pytester, pytester.path
        self.write("pytest.ini", INI)
        self.write(".env.test", "API_ADMIN_PASSWORD=a-secret-of-the-tide\n")
        self.write("api.py", API)
        self.write("test_it.py", TEST)
        self.configure(f"{sys.executable} api.py {{port}}")

    def write(self, name: str, text: str) -> None:
        """A file of the project."""
        (self.path / name).write_text(text)

    def configure(self, command: str) -> None:
        """The command that starts the API."""
        self.write("pyproject.toml", f"[tool.tidegate.stack]\nprocess = {json.dumps(command)}\n")

    def run(self, *arguments: str) -> pytest.RunResult:
        """Runs pytest with these arguments."""
        return run_project(*arguments)

    def interrupted(self, number: int, condition: Callable[[], bool]) -> int:
        """The exit code of a run that gets this signal as soon as the condition holds."""
        command = [sys.executable, "-m", "pytest"]
        with subprocess.Popen(command, cwd=self.path, stdout=subprocess.DEVNULL, start_new_session=True) as process:
            wait_until(lambda: condition() or process.poll() is not None, "the moment to end it")
            os.killpg(process.pid, number)
            return process.wait(60)

    @property
    def processes(self) -> list[str]:
        """Command lines of what runs in the project's folder, without this very process, which pytester moves there."""
        return [line for process, line in processes_with(str(self.path)).items() if process != os.getpid()]

    @property
    def log(self) -> Path:
        """Where the API's output is kept."""
        return self.path / "artifacts/logs/api.log"


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


def test_a_command_serves_the_run_and_ends_with_all_that_it_started(project: Project) -> None:
    result = project.run()
    result.stdout.fnmatch_lines([SAID, "*1 passed*"])
    assert result.ret == 0
    assert (project.path / "seen").read_text().startswith("http://127.0.0.1:")
    assert project.processes == []


def test_keeping_it_is_said_to_be_impossible(project: Project) -> None:
    result = project.run("--keep-stack")
    line = "tidegate: stack: --keep-stack has no effect: only a stack of compose can be kept, and this is process"
    result.stdout.fnmatch_lines([SAID, line, "*1 passed*"])
    assert project.processes == []


def test_its_output_is_kept_without_secrets(project: Project) -> None:
    assert project.run().ret == 0
    assert project.log.read_text().startswith("serving with ***\n")
    assert "GET /health" in project.log.read_text()


def test_workers_share_one(project: Project) -> None:
    project.write("test_more.py", TEST)
    result = project.run("-n", "2", "--dist", "loadfile")
    assert result.ret == 0
    assert result.stderr.str().count(SAID) == 1
    first, second = (project.path / "seen").read_text().splitlines()
    assert first == second
    assert project.processes == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(project: Project, number: int) -> None:
    project.write("test_it.py", ENDLESS)
    assert project.interrupted(number, (project.path / "begun").exists) == 2
    assert project.processes == []


def test_a_signal_while_it_starts_ends_it(project: Project) -> None:
    project.write("api.py", "import pathlib, signal; pathlib.Path('begun').touch(); signal.pause()")
    assert project.interrupted(signal.SIGINT, (project.path / "begun").exists) == 2
    assert project.processes == []


def test_a_signal_before_it_is_known_who_watches_it_ends_both(project: Project) -> None:
    project.write("conftest.py", INTERRUPTED)
    assert project.run().ret == 2
    assert project.processes == []


def test_a_killed_run_leaves_nothing_running(project: Project) -> None:
    project.write("test_it.py", ENDLESS)
    assert project.interrupted(signal.SIGKILL, (project.path / "begun").exists) == -signal.SIGKILL
    wait_until(lambda: project.processes == [], "the API has ended")


def test_one_that_ignores_the_polite_signal_is_killed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write("conftest.py", "import tidegate.stack.process\ntidegate.stack.process.GRACE = 0.1\n")
    project.write("api.py", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + API)
    assert project.run().ret == 0
    assert project.processes == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "{python} -c 'raise SystemExit(\"no tide\")' {port}",
            ["*process: the command ended with exit code 1", "*no tide"],
        ),
        ("{python} -c 'import os; os.abort()' {port}", ["*process: the command ended with signal SIGABRT"]),
        ("no-such-program {port}", ["*process: 'no-such-program' cannot be run: No such file or directory"]),
    ],
)
def test_one_that_does_not_start_is_told_at_once(project: Project, command: str, said: list[str]) -> None:
    project.configure(command.replace("{python}", sys.executable))
    result = project.run()
    result.stdout.fnmatch_lines([*said, "  next: *"])
    assert result.ret == 69


def test_one_that_serves_another_port_is_told_when_its_time_is_up(project: Project) -> None:
    project.configure(f"{sys.executable} api.py 0 {{port}}")
    result = project.run("--tidegate-set", "stack.timeout=1")
    result.stdout.fnmatch_lines(["*stack did not start: port: nothing listens on port * after 1 s", "  next: *{port}*"])
    assert (result.ret, project.processes) == (69, [])


def test_a_run_that_needs_no_api_starts_nothing_and_says_nothing(project: Project) -> None:
    project.write("test_it.py", "def test_it(settings, tmp_path): pass")
    result = project.run()
    assert result.ret == 0
    result.stdout.no_fnmatch_line("tidegate: stack*")
    assert not project.log.exists()


def test_a_suite_that_says_where_its_api_is_gets_no_stack(project: Project) -> None:
    project.write("conftest.py", "import pytest\n@pytest.fixture(scope='session')\ndef base_url(): return 'http://x'\n")
    project.write("test_it.py", "def test_it(base_url): assert base_url == 'http://x'")
    result = project.run()
    assert (result.ret, project.log.exists()) == (0, False)


def test_a_suite_may_bring_a_stack_of_its_own(project: Project) -> None:
    conftest = "import pytest, types\n@pytest.fixture(scope='session')\ndef stack():"
    project.write("conftest.py", f"{conftest} return types.SimpleNamespace(base_url='http://mine')\n")
    project.write("test_it.py", "def test_it(base_url): assert base_url == 'http://mine'")
    assert (project.run().ret, project.log.exists()) == (0, False)


def test_an_address_in_the_environment_is_used_as_it_is(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_BASE_URL", "http://127.0.0.1:9")
    project.write("test_it.py", "def test_it(base_url): assert base_url == 'http://127.0.0.1:9'")
    result = project.run()
    result.stdout.fnmatch_lines(["tidegate: stack: none: the environment says where the API is"])
    assert (result.ret, project.log.exists()) == (0, False)


def test_a_kind_that_does_not_exist_is_named_with_those_that_do(project: Project) -> None:
    result = project.run("--stack", "podman")
    assert result.ret == 78
    result.stdout.fnmatch_lines(["*stack.kind*'podman'*expected one of auto, compose, process, none"])


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_a_run_that_could_start_nothing_says_why_when_nothing_listens(
    project: Project, workers: tuple[str, ...]
) -> None:
    """And gives up long before the deadline."""
    project.write("pyproject.toml", "")
    project.write("conftest.py", IMPATIENT)
    project.write(".env.test", f"API_BASE_URL=http://127.0.0.1:{free_port()}\n")
    result = project.run(*workers, "--tidegate-set=health.timeout=50")
    assert result.ret == 69
    out = result.stdout.str()
    assert "waiting longer cannot help" in out
    assert out.count("  nothing was started: there is no compose.yaml, and no process is configured;") == 1


def test_an_api_that_somebody_says_is_started_elsewhere_has_the_whole_deadline(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("conftest.py", IMPATIENT)
    monkeypatch.setenv("API_BASE_URL", f"http://127.0.0.1:{free_port()}")
    result = project.run("--tidegate-set=health.timeout=0.5")
    assert result.ret == 69
    assert "the time is up after 0.5 s" in result.stdout.str()
    assert "nothing was started" not in result.stdout.str()
