"""What doctor asks of Docker, with a `docker` that answers as it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.adopt import docker
from tidegate.settings import load


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to which the stand-in writes its arguments; its answer is in `answer` beside it."""
    program = tmp_path / "docker"
    program.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/said\n. {tmp_path}/answer\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "said"


def answers(said: Path, shell: str) -> None:
    (said.parent / "answer").write_text(shell)


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("compose.yaml", "compose port api 8000"),
        ("docker-compose.yml", "compose port api 8000"),
        ("compose.tests.yaml", "compose -f compose.tests.yaml port api 8000"),
        ("deploy/compose.yaml", "compose -f deploy/compose.yaml port api 8000"),
    ],
)
def test_the_port_is_asked_of_the_files_that_compose_would_take(said: Path, file: str, asked: str) -> None:
    answers(said, "echo 127.0.0.1:32768")
    assert docker.published(said.parent, file, "api", 8000) == "127.0.0.1:32768"
    assert said.read_text() == f"{asked}\n"


@pytest.mark.parametrize(
    ("shell", "found"),
    [
        ("echo 0.0.0.0:80", "127.0.0.1:80"),
        ("echo '[::]:80'", "127.0.0.1:80"),
        ("echo :0; exit 1", None),
        ("echo nothing", None),
        ("", None),
    ],
)
def test_an_address_is_one_that_can_be_asked(said: Path, shell: str, found: str | None) -> None:
    answers(said, shell)
    assert docker.published(said.parent, "compose.yaml", "api", 8000) == found


def test_an_engine_is_named_with_its_versions_or_with_the_reason(said: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(said, "echo 28.1")
    assert docker.engine() == (True, "Docker 28.1, Compose 28.1")
    answers(said, "echo first >&2; echo 'Cannot connect' >&2; exit 1")
    assert docker.engine() == (False, "Cannot connect")
    monkeypatch.setenv("PATH", "/nowhere")
    assert docker.engine() == (False, "docker is not installed")


EXITED = '{"ID": "c1", "State": "exited", "ExitCode": 3, "Publishers": null}'
RUNNING = (
    '{"ID": "c1", "State": "running", "ExitCode": 0, "Publishers":'
    ' [{"TargetPort": 3000, "PublishedPort": 32768}, {"TargetPort": 9000, "PublishedPort": 0}]}'
)


@pytest.mark.parametrize(
    ("shell", "found"),
    [
        (f"echo '{EXITED}'", docker.Container("c1", "exited", 3, ())),
        (f"echo '{RUNNING}'", docker.Container("c1", "running", 0, (3000,))),
        (f"echo '[{RUNNING}]'", docker.Container("c1", "running", 0, (3000,))),
        ("echo '[]'", None),
        ("echo nothing", None),
        ("exit 1", None),
        ("", None),
    ],
)
def test_the_container_of_the_api_is_known_also_when_it_has_ended(
    said: Path, shell: str, found: docker.Container | None
) -> None:
    answers(said, shell)
    assert docker.container(load(said.parent, env={})) == found
    assert said.read_text() == "compose ps --all --format json api\n"


def test_its_last_lines_are_as_the_container_wrote_them(said: Path) -> None:
    answers(said, r"printf '\033[2Kone\ntwo\n'")
    assert docker.last_lines(load(said.parent, env={})) == ["one", "two"]
    answers(said, "exit 1")
    assert docker.last_lines(load(said.parent, env={})) == []
