"""The admin's login for a health path goes to the API alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import SettingsError
from tidegate.session.admission import admission
from tidegate.settings import load

STAGING = "https://staging.example.com"


def admit(folder: Path, path: str, base_url: str = STAGING, more: str = "") -> None:
    (folder / "pyproject.toml").write_text(f'[tool.tidegate.health]\npath = "{path}"\nlogin = true\n{more}')
    admission(load(folder, env={"API_ADMIN_EMAIL": "a@example.com", "API_ADMIN_PASSWORD": "of-staging"}), base_url)


@pytest.mark.parametrize(
    "path",
    ["https://status.example.com/health", f"{STAGING}:8443/health", "http://staging.example.com:443/health"],
)
@pytest.mark.parametrize("base_url", [STAGING, "http://localhost:8000"])
def test_a_health_path_elsewhere_gets_no_login_and_says_what_to_set(tmp_path: Path, path: str, base_url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        admit(tmp_path, path, base_url)
    said = str(caught.value)
    assert said.startswith("health.login would send the admin's session to s")
    assert f"and the API is at {base_url}\n  next: set health.path (API_HEALTH_PATH) to a path of the API" in said


@pytest.mark.parametrize(
    ("path", "base_url"),
    [
        ("/health", STAGING),
        (f"{STAGING}:443/manage/health", f"{STAGING}/v1"),
        ("http://localhost:8081/manage/health", "http://localhost:8000"),
        ("https://staging.test/health", STAGING),
        ("http://api:8081/manage/health", "http://localhost:8000"),  # the stack's own service, by its name there
    ],
)
def test_a_health_path_of_the_api_or_of_a_place_for_tests_alone_may_be_asked_with_a_login(
    tmp_path: Path, path: str, base_url: str
) -> None:
    admit(tmp_path, path, base_url, '[tool.tidegate.target]\ndisposable = ["staging.test"]\n')
