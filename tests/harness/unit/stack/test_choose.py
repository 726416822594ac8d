from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tidegate import SettingsError, StackFailed
from tidegate.settings import load
from tidegate.stack.choose import Choice, choose

NO_ENGINE = "the Docker engine does not answer: no socket"
PROCESS = '[tool.tidegate.stack]\nprocess = "serve {port}"\n'


def answers() -> str:
    return ""


def never_asked() -> str:
    raise AssertionError("the engine is asked although nobody needs it")


def chosen(
    root: Path,
    *,
    env: dict[str, str] | None = None,
    toml: str = "[tool.tidegate]\n",
    dotenv: str = "",
    compose: str = "",
    engine: Callable[[], str] = never_asked,
    **overrides: str,
) -> Choice:
    (root / "pyproject.toml").write_text(toml)
    (root / ".env.test").write_text(dotenv)
    if compose:
        (root / compose).touch()
    return choose(load(root, env=env or {}, overrides=overrides), engine)


def test_an_address_in_the_environment_means_that_the_api_runs(tmp_path: Path) -> None:
    env = {"API_BASE_URL": "http://localhost:9000"}
    found = chosen(tmp_path, env=env, toml=PROCESS, compose="compose.yaml")
    assert (found.kind, found.why) == ("none", "the environment says where the API is")


def test_a_local_address_in_the_file_is_a_default_and_no_answer(tmp_path: Path) -> None:
    dotenv = "API_BASE_URL=http://localhost:8000\n"
    assert chosen(tmp_path, dotenv=dotenv, compose="compose.yaml", engine=answers).kind == "compose"


def test_an_address_elsewhere_in_the_file_is_where_the_api_runs(tmp_path: Path) -> None:
    dotenv = "API_BASE_URL=https://staging.example.com\n"
    found = chosen(tmp_path, dotenv=dotenv, compose="compose.yaml")
    assert str(found) == "stack: none: .env.test says that the API is at https://staging.example.com"


@pytest.mark.parametrize("name", ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"])
def test_compose_is_taken_where_the_engine_answers(tmp_path: Path, name: str) -> None:
    found = chosen(tmp_path, compose=name, toml=PROCESS, engine=answers)
    assert (found.kind, found.why, found.file) == ("compose", "the Docker engine answers", tmp_path / name)


def test_another_name_stands_for_itself_alone(tmp_path: Path) -> None:
    toml = '[tool.tidegate.stack]\ncompose_file = "test/stack.yaml"\n'
    found = chosen(tmp_path, compose="compose.yaml", toml=toml)
    assert (found.kind, found.why.split(",")[0]) == ("none", "there is no test/stack.yaml")


def test_without_an_engine_the_process_is_taken_and_it_says_why(tmp_path: Path) -> None:
    found = chosen(tmp_path, compose="compose.yaml", toml=PROCESS, engine=lambda: NO_ENGINE)
    assert (found.kind, found.why) == ("process", NO_ENGINE)


def test_with_nothing_to_start_it_says_where_the_api_is_asked(tmp_path: Path) -> None:
    found = chosen(tmp_path, compose="compose.yaml", engine=lambda: NO_ENGINE)
    assert found.kind == "none"
    assert found.why == f"{NO_ENGINE}, and no process is configured; the API is asked at http://localhost:8000"


@pytest.mark.parametrize("kind", ["none", "process"])
def test_what_is_asked_for_wins_over_everything(tmp_path: Path, kind: str) -> None:
    env = {"TIDEGATE_STACK": kind, "API_BASE_URL": "http://localhost:9000"}
    found = chosen(tmp_path, env=env, toml=PROCESS, compose="compose.yaml")
    assert (found.kind, found.why) == (kind, "the environment asks for it")


def test_what_is_asked_for_and_cannot_be_had_is_an_error_and_nothing_else_is_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no process is configured\n  next: process = "):
        chosen(tmp_path, env={"TIDEGATE_STACK": "process"})
    with pytest.raises(SettingsError, match=r"there is no compose\.yaml in "):
        chosen(tmp_path, env={"TIDEGATE_STACK": "compose"}, toml=PROCESS)
    with pytest.raises(StackFailed, match=f"engine: {NO_ENGINE}\n  next: "):
        chosen(tmp_path, env={"TIDEGATE_STACK": "compose"}, compose="compose.yaml", engine=lambda: NO_ENGINE)
