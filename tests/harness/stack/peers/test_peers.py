"""Servers that others wrote are tested with settings alone: three languages and more, and each kind of login."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
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
FOREIGN += ["test-by-hand"]
LEFT = 12  # by the suite, in its first test

pytestmark = pytest.mark.peers


@dataclass
class Project:
    """An adopter's project: the peer's two files of settings, and the test file that all peers share."""

    folder: Path
    server: Server

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A run of its suite."""
        command = [sys.executable, "-m", "pytest", "-q", "-pno:randomly", "-pno:cacheprovider", *arguments]
        env = {"PATH": os.environ["PATH"], "API_BASE_URL": self.server.url, "PYTHONPATH": str(HARNESS)}
        return subprocess.Popen(
            command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self) -> str:
        """What a run said that must have been green."""
        run = self.start()
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


def test_what_a_killed_run_left_is_removed_by_the_next(project: Project) -> None:
    before = project.server.markers()
    run = project.start("-p", "stack.peers.held")
    wait_until(lambda: (project.folder / "held").exists() or run.poll() is not None, "the run has made its records")
    run.kill()
    said, _ = run.communicate()
    assert run.returncode == -signal.SIGKILL, said
    assert len(project.server.markers() - before) == LEFT
    said = project.run()
    assert project.server.markers() == before, said
