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
