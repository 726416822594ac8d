from __future__ import annotations

from pathlib import Path

import pytest

from tidegate import SettingsError
from tidegate.settings import Settings, described, load


def loaded(folder: Path, tables: str, env: dict[str, str] | None = None, file: str = "") -> Settings:
    (folder / "pyproject.toml").write_text(tables)
    (folder / ".env.test").write_text(file)
    return load(folder, env=env or {})


def problem(folder: Path, tables: str, env: dict[str, str] | None = None, file: str = "") -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(folder, tables, env, file)
    return str(caught.value)


VIEWER = "[tool.tidegate.identities.viewer]\n"


def test_an_identity_comes_from_its_table_and_its_variables(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        VIEWER + 'email = "viewer@example.com"\n[tool.tidegate.identities.second-admin]\n',
        {"API_VIEWER_PASSWORD": "secret-1", "API_SECOND_ADMIN_EMAIL": "b@example.com", "API_ADMIN_EMAIL": "a@b.c"},
        "API_SECOND_ADMIN_TOKEN=secret-2\nAPI_VIEWER_PASSWORD=older\n",
    )
    assert list(settings.accounts) == ["admin", "viewer", "second-admin"]
    viewer, second = settings.accounts["viewer"], settings.accounts["second-admin"]
    assert (viewer.email, viewer.password, viewer.token) == ("viewer@example.com", "secret-1", None)
    assert (second.email, second.password, second.token) == ("b@example.com", None, "secret-2")
    assert settings.accounts["admin"].email == "a@b.c"


def test_the_admins_token_has_a_name_of_its_own_and_a_short_one(tmp_path: Path) -> None:
    assert loaded(tmp_path, "", {"API_TOKEN": "short"}).accounts["admin"].token == "short"
    both = {"API_TOKEN": "short", "API_ADMIN_TOKEN": "own"}
    assert loaded(tmp_path, "", both).accounts["admin"].token == "own"


def test_the_secrets_of_identities_are_shown_nowhere(tmp_path: Path) -> None:
    env = {"API_VIEWER_PASSWORD": "pw-1", "API_VIEWER_TOKEN": "tk-1", "API_TOKEN": "tk-2", "API_CLIENT_SECRET": "cs-1"}
    settings = loaded(tmp_path, VIEWER, env)
    assert set(settings.secrets) == set(env.values())
    shown = repr(settings) + repr(settings.accounts) + str(described(settings))
    assert not [value for value in env.values() if value in shown]
    rows = described(settings)
    assert ("identities.viewer.password", "*** (hidden)", "environment") in rows
    assert ("identities.viewer.email", "(not set)", "default") in rows


def test_the_string_of_http_basic_is_a_secret(tmp_path: Path) -> None:
    env = {"API_LOGIN_KIND": "basic", "API_ADMIN_PASSWORD": "pw", "API_VIEWER_PASSWORD": "pw2"}
    settings = loaded(tmp_path, '[tool.tidegate.login]\nuser = "root"\n' + VIEWER, env)
    assert set(settings.secrets) == {"pw", "pw2", "cm9vdDpwdw==", "cm9vdDpwdzI="}


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        (VIEWER + 'password = "hunter2"', "does not belong into a file that is committed: set API_VIEWER_PASSWORD"),
        (VIEWER + 'token = "hunter2"', "does not belong into a file that is committed: set API_VIEWER_TOKEN"),
        (VIEWER + 'emial = "a@b.c"', "identities.viewer.emial ([tool.tidegate] in pyproject.toml) is not a setting;"
         " did you mean identities.viewer.email?"),
        (VIEWER + "email = 5", "identities.viewer.email ([tool.tidegate] in pyproject.toml) is 5: expected a text"),
        ("[tool.tidegate.identities.admin]", "admin is there without being declared: set admin_email"),
        ("[tool.tidegate.identities.anonymous]", "anonymous is there without being declared: it is who has not"),
        ("[tool.tidegate.identities.Viewer]", "expected a name of small letters and digits"),
        ("[tool.tidegate]\nidentities = 5", "identities is 5: expected tables"),
        ("[tool.tidegate.identities]\nviewer = 5", "[tool.tidegate.identities.viewer] in pyproject.toml is 5"),
        ("[tool.tidegate.identitis.viewer]", "identitis ([tool.tidegate] in pyproject.toml) is not a setting;"
         " did you mean identities?"),
    ],
)  # fmt: skip
def test_a_wrong_table_of_an_identity_is_named(tmp_path: Path, tables: str, says: str) -> None:
    text = problem(tmp_path, tables)
    assert says in text
    assert "hunter2" not in text


def test_a_typo_in_a_variable_of_an_identity_is_named(tmp_path: Path) -> None:
    text = problem(tmp_path, VIEWER, file="API_VIEWR_PASSWORD=hunter2\n")
    assert "API_VIEWR_PASSWORD (.env.test) is not a setting; did you mean API_VIEWER_PASSWORD?" in text
    assert "hunter2" not in text
