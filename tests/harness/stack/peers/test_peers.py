"""Servers that others wrote are tested with settings alone: three languages and more, and each kind of login."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from api.processes import wait_until
from stack.peers.jsonserver.server import JsonServer
from stack.peers.jupyter.server import Jupyter
from stack.peers.kinto.server import Kinto
from stack.peers.nodered.server import NodeRed
from stack.peers.redmine.server import Redmine
from stack.peers.server import PEERS, Server, serving
from stack.peers.syncthing.server import Syncthing

KINDS = [Kinto, NodeRed, Syncthing, Redmine, Jupyter, JsonServer]
HARNESS = PEERS.parents[1]
# Not ours, though some look like it: another case, another separator, the prefix further on, no run's id after it.
FOREIGN = ["somebody", "Test-0123456789ab-x", "test_0123456789ab-x", "tests-0123456789ab-x", "a-test-0123456789ab-x"]
MARKED = ["test-by-hand", "test-ba9876543210-x"]  # the second by a run that no ledger knows
LEFT = 12  # of each resource, by the suite's first test

pytestmark = pytest.mark.peers


@dataclass
class Project:
    """An adopter's project: the peer's two files of settings, and the test file that all peers share."""

    folder: Path
    server: Server

    @property
    def logs_in(self) -> bool:
        """Whether a request turns the credentials into a session."""
        login = tomllib.loads((self.folder / "pyproject.toml").read_text())["tool"]["tidegate"]["login"]
        return login.get("kind") not in ("basic", "token")

    def shown_secrets(self, said: str) -> list[str]:
        """Where the admin's password or key can be read: what the run said, or a file that it left."""
        secrets = [value for key, value in self.server.values.items() if key.endswith(("PASSWORD", "TOKEN"))]
        left = {str(file): file.read_text() for file in (self.folder / "artifacts").rglob("*") if file.is_file()}
        return [where for where, text in {"output": said, **left}.items() if any(secret in text for secret in secrets)]

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """A run of its suite."""
        return self._module("pytest", "-q", "-pno:randomly", "-pno:cacheprovider", *arguments, **environment)

    def _module(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", *arguments]
        env = {"PATH": os.environ["PATH"], "API_BASE_URL": self.server.url, "PYTHONPATH": str(HARNESS)} | environment
        return subprocess.Popen(
            command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self) -> str:
        """What a run said that must have been green."""
        return self._finished(self.start())

    def sweep(self) -> str:
        """What `tidegate sweep --all` said, which must have removed everything."""
        return self._finished(self._module("tidegate", "sweep", "--all"))

    def _finished(self, run: subprocess.Popen[str]) -> str:
        said, _ = run.communicate(timeout=120)
        assert run.returncode == 0, said
        return said


@pytest.fixture(scope="module", params=KINDS, ids=[kind.name for kind in KINDS])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of them, with records that are nobody's business."""
    with serving(request.param, tmp_path_factory.mktemp(request.param.name)) as started:
        for marker in FOREIGN:
            started.add(marker)
        yield started


@pytest.fixture
def project(server: Server, tmp_path: Path) -> Project:
    for name in ("pyproject.toml", ".env.test"):
        shutil.copy(PEERS / server.name / name, tmp_path)
    shutil.copytree(PEERS / "suite", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    return Project(tmp_path, server)


def test_a_run_is_green_and_leaves_what_was_there_and_nothing_else(project: Project) -> None:
    before = project.server.markers()
    assert len(before) >= len(FOREIGN)
    said = project.run()
    assert "4 passed" in said
    assert project.server.markers() == before, said
    assert not project.shown_secrets(said)


def test_what_a_killed_run_left_is_removed_by_the_next(project: Project) -> None:
    before = project.server.markers()
    run = project.start("-p", "stack.peers.held")
    wait_until(lambda: (project.folder / "held").exists() or run.poll() is not None, "the run has made its records")
    run.kill()
    said, _ = run.communicate()
    assert run.returncode == -signal.SIGKILL, said
    assert len(project.server.markers() - before) >= LEFT
    said = project.run()
    assert project.server.markers() == before, said


def test_a_sweep_removes_what_carries_the_marker_and_no_near_miss(project: Project) -> None:
    """With no ledger at all: some of these servers' filters ignore case, or look for the prefix anywhere."""
    before = project.server.markers()
    for marker in MARKED:
        project.server.add(marker)
    assert len(project.server.markers() - before) >= len(MARKED)
    said = project.sweep()
    assert project.server.markers() == before, said


def test_wrong_credentials_make_no_record_and_no_traceback(project: Project) -> None:
    """A login that is refused ends the run (77). Credentials that ride on each request: health or each test is red."""
    before = project.server.markers()
    run = project.start(API_ADMIN_PASSWORD="not-the-password", API_TOKEN="not-the-token", TIDEGATE_HEALTH_TIMEOUT="1")
    said, _ = run.communicate(timeout=120)
    assert run.returncode in ({77} if project.logs_in else {1, 69, 77}), said
    assert "Traceback" not in said
    assert project.server.markers() == before, said


def test_the_table_of_peers_counts_their_lines() -> None:
    rows = (PEERS / "README.md").read_text().splitlines()
    for kind in KINDS:
        folder = PEERS / kind.name
        texts = [(folder / name).read_text().splitlines() for name in ("pyproject.toml", ".env.test")]
        settings = sum(bool(line.strip()) for text in texts for line in text)
        (row,) = [row for row in rows if row.startswith(f"| {kind.name} |")]
        assert row.endswith(f" {settings} | 0 |"), settings
