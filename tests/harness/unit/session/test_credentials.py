from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import SettingsError
from tidegate.session.credentials import check_credentials
from tidegate.settings import load

STAGING = "https://staging.example.com"
IDENTITIES = '[tool.tidegate.identities.viewer]\nemail = "viewer@example.com"\n'
PASSWORD = "a-password-of-staging"


def check(folder: Path, base_url: str = STAGING, *, file: str = "", pyproject: str = "", **env: str) -> None:
    (folder / ".env.test").write_text(file)
    (folder / "pyproject.toml").write_text("[tool.tidegate]\n" + pyproject)
    check_credentials(load(folder, env=env), base_url)


def refusal(folder: Path, **more: str) -> str:
    with pytest.raises(SettingsError) as caught:
        check(folder, **more)
    assert "next: " in str(caught.value)
    return str(caught.value)


def test_credentials_out_of_the_environment_are_taken(tmp_path: Path) -> None:
    check(tmp_path, pyproject=IDENTITIES, API_ADMIN_PASSWORD=PASSWORD, API_VIEWER_PASSWORD=PASSWORD + "-2")
    check(tmp_path)


@pytest.mark.parametrize("name", ["API_ADMIN_PASSWORD", "API_VIEWER_PASSWORD", "API_TOKEN"])
def test_credentials_in_a_file_are_refused_on_a_shared_target_alone(tmp_path: Path, name: str) -> None:
    text = refusal(tmp_path, file=f"{name}={PASSWORD}\n", pyproject=IDENTITIES)
    assert f"seen: {name} comes from .env.test" in text
    assert PASSWORD not in text
    check(tmp_path, "http://localhost:8000", file=f"{name}={PASSWORD}\n", pyproject=IDENTITIES)


def test_a_value_of_the_file_is_refused_wherever_it_comes_from(tmp_path: Path) -> None:
    text = refusal(tmp_path, file=f"ANY_NAME={PASSWORD}\n", API_ADMIN_PASSWORD=PASSWORD)
    assert "API_ADMIN_PASSWORD is a value that stands in .env.test as well" in text


@pytest.mark.parametrize("password", ["admin", "ADMIN", "changeme", "postgres", "tide-and-gate-2026"])
def test_a_password_that_everybody_knows_is_refused(tmp_path: Path, password: str) -> None:
    assert "everybody tries first" in refusal(tmp_path, API_ADMIN_PASSWORD=password)
    check(tmp_path, "http://127.0.0.1", API_ADMIN_PASSWORD=password)


def test_a_password_on_the_command_line_is_refused(tmp_path: Path) -> None:
    settings = load(tmp_path, env={}, overrides={"admin_password": PASSWORD})
    with pytest.raises(SettingsError, match="comes from command line"):
        check_credentials(settings, STAGING)


def test_a_file_cannot_allow_writes(tmp_path: Path) -> None:
    text = refusal(tmp_path, file="TIDEGATE_ALLOW_WRITES=staging.example.com\n")
    assert text.startswith("TIDEGATE_ALLOW_WRITES (.env.test) is refused")
    check(tmp_path, TIDEGATE_ALLOW_WRITES="staging.example.com")


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.tidegate.login]\npath = "https://login.example.com/token"\n',
        '[tool.tidegate.health]\npath = "https://health.example.com/up"\nlogin = true\n',
    ],
)
def test_credentials_for_a_shared_server_beside_the_api_are_checked_as_well(tmp_path: Path, pyproject: str) -> None:
    local = "http://localhost:8000"
    text = refusal(tmp_path, base_url=local, pyproject=pyproject, API_ADMIN_PASSWORD="changeme")
    assert text.startswith(("login.example.com is a shared target", "health.example.com is a shared target"))
    refusal(tmp_path, base_url=local, pyproject=pyproject, file=f"API_ADMIN_PASSWORD={PASSWORD}\n")
    check(tmp_path, local, pyproject=pyproject, API_ADMIN_PASSWORD=PASSWORD)


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.tidegate.login]\nkind = "token"\npath = "https://login.example.com/token"\n',
        '[tool.tidegate.health]\npath = "https://health.example.com/up"\n',
    ],
)
def test_a_server_that_gets_no_credentials_is_not_asked_about(tmp_path: Path, pyproject: str) -> None:
    check(tmp_path, "http://localhost:8000", pyproject=pyproject, API_ADMIN_PASSWORD="changeme")


def test_a_file_cannot_give_the_admin_of_a_shared_server_away(tmp_path: Path) -> None:
    name = "TIDEGATE_TARGET_ALLOW_ADMIN_CHANGES"
    text = refusal(tmp_path, file=f"{name}=true\n")
    assert "target.allow_admin_changes comes from .env.test" in text
    check(tmp_path, "http://localhost:8000", file=f"{name}=true\n")
    check(tmp_path, file=f"{name}=false\n")
    check(tmp_path, TIDEGATE_TARGET_ALLOW_ADMIN_CHANGES="true")


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.tidegate.login]\nbody = { user = { Password = "a-password-of-its-own" } }\n',
        '[tool.tidegate.login]\nheaders = { X-Api-Key = "changeme" }\n',
        '[tool.tidegate.client]\nheaders = { Authorization = "Bearer Changeme" }\n',
        f'[tool.tidegate.client]\nheaders = {{ X-Token = "{PASSWORD}" }}\n',
    ],
)
def test_a_password_that_stands_in_the_settings_is_refused(tmp_path: Path, pyproject: str) -> None:
    refusal(tmp_path, pyproject=pyproject, file=f"ANY_NAME={PASSWORD}\n")
    check(tmp_path, "http://localhost:8000", pyproject=pyproject)


def test_other_texts_in_the_settings_are_nobodys_password(tmp_path: Path) -> None:
    login = 'body = { username = "admin", password = "{password}" }\nheaders = { X-Client = "tests" }\n'
    client = 'headers = { X-Api-Key = "a-public-one" }\n'
    check(tmp_path, pyproject=f"[tool.tidegate.login]\n{login}[tool.tidegate.client]\n{client}")


def test_what_stands_in_env_test_is_known_also_when_another_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "other.env").write_text("")
    more = {"TIDEGATE_ENV_FILE": "other.env", "API_ADMIN_PASSWORD": PASSWORD}
    text = refusal(tmp_path, file=f"API_ADMIN_PASSWORD={PASSWORD}\n", **more)
    assert "API_ADMIN_PASSWORD is a value that stands in .env.test as well" in text
