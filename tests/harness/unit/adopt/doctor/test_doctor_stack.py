"""The running stack: how it is found, and what is told of a container that has ended or listens elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Answer, Bent, environment_of
from unit.adopt.doctor.doctor_settings import PYPROJECT, Doctor
from wire import free_port

from tidegate.adopt import docker
from tidegate.cli import main
from tidegate.settings import load
from tidegate.stack import listening


def test_an_api_that_is_not_there_is_said_once_and_nothing_else_is_tried(see: Doctor) -> None:
    code, lines = see("--set", f"base_url=http://127.0.0.1:{free_port()}")
    assert code == 69
    assert "takes no connection" in lines["port"]
    assert "docker compose up --detach" in lines["port"]
    assert {lines[name] for name in ("login", "users", "orders")} == {"skipped the API cannot be asked"}
    assert "health" not in lines


def test_the_running_stack_is_found_by_its_published_port(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    code, lines = see()
    assert (code, lines["health"]) == (0, f"ok {stub.url}/health answered 200 (0.0 s, 1 try)")


def lies(monkeypatch: pytest.MonkeyPatch, stub: Bent, found: docker.Container, *lines: str) -> None:
    """Compose has this container of the API."""
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "container", lambda _: found)
    monkeypatch.setattr(docker, "last_lines", lambda _: [*lines])


def test_a_container_that_has_ended_is_told_with_its_code_and_its_last_lines(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = environment_of(stub)["API_ADMIN_PASSWORD"]
    lies(monkeypatch, stub, docker.Container("c1", "exited", 3, ()), "no such  table", "", f"gave up with {secret}")
    monkeypatch.setattr(docker, "published", lambda *_: f"127.0.0.1:{free_port()}")
    code, lines = see()
    assert code == 69
    assert lines["port"].endswith(
        "the container of api has ended with code 3; its last lines: no such table | gave up with ***"
    )


def test_a_port_that_is_not_the_published_one_is_told(see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch) -> None:
    lies(monkeypatch, stub, docker.Container("c1", "running", 0, (3000,)))
    monkeypatch.setattr(docker, "published", lambda *_: f"127.0.0.1:{free_port()}")
    _, lines = see()
    assert lines["port"].endswith("api publishes its port 3000, not 8000: set API_PORT to the one it listens on")


@pytest.mark.parametrize(
    ("sockets", "said"),
    [
        ([("0.0.0.0", 3000)], "the container of api listens on port 3000, not 8000: set API_PORT, and publish that"),
        ([("127.0.0.1", 8000)], "the container of api listens on its own loopback alone: let it listen on 0.0.0.0"),
        ([("0.0.0.0", 8000)], "its log says more."),
        (None, "its log says more."),
    ],
)
def test_a_container_that_listens_elsewhere_is_told(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch, sockets: list[tuple[str, int]] | None, said: str
) -> None:
    lies(monkeypatch, stub, docker.Container("c1", "running", 0, (8000,)))
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    monkeypatch.setattr(listening, "inside", lambda _id: sockets)
    stub.answers("GET", "/health", Answer(503, {"detail": "its log says more."}))
    _, lines = see("--set", "health.try_timeout=0.2")
    assert lines["health"].startswith("FAILED")
    assert ("the container" in lines["health"]) == said.startswith("the container")
    assert said in lines["health"]


def test_an_address_on_another_machine_is_not_given_up_for_the_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "published", lambda *_: "127.0.0.1:32768")
    for address, found in {
        "https://staging.example.com": "https://staging.example.com",
        "http://localhost:8000/v1": "http://127.0.0.1:32768/v1",
        "http://api:8000": "http://127.0.0.1:32768",
    }.items():
        (tmp_path / "pyproject.toml").write_text(f'[tool.tidegate]\nbase_url = "{address}"\n')
        assert docker.located(load(tmp_path, env={})).base_url == found


@pytest.mark.parametrize(
    ("command", "said"), [("wait", "API is up: {}/health answered 200"), ("sweep", "users: 0 removed")]
)
def test_wait_and_sweep_find_the_running_stack_as_well(
    see: Doctor,
    stub: Bent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    said: str,
) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    assert main([command]) == 0
    assert said.format(stub.url) in capsys.readouterr().out
