from __future__ import annotations

from pathlib import Path

import pytest

from tidegate import SettingsError
from tidegate.settings import Login, load


def login(folder: Path, *lines: str) -> Login:
    (folder / "pyproject.toml").write_text("\n".join(["[tool.tidegate.login]", *lines]))
    return load(folder, env={}).login


@pytest.mark.parametrize(
    ("lines", "carrier"),
    [
        ([], "Authorization: Bearer {token}"),
        (['token = "header:X-Token"'], "Authorization: Bearer {token}"),
        (['token = "cookie:sid"'], "Cookie: sid={token}"),
        (['token = "cookies"'], "Cookie: {token}"),
        (['token = "cookie:jwt"', 'send = "Authorization: Bearer {token}"'], "Authorization: Bearer {token}"),
        (['kind = "basic"'], "Authorization: Basic {token}"),
        (['kind = "basic"', 'send = "X-Authorization: Basic {token}"'], "X-Authorization: Basic {token}"),
        (['kind = "token"', 'token = "cookie:sid"'], "Authorization: Bearer {token}"),
        (['kind = "token"', 'send = "?api_key={token}"'], "?api_key={token}"),
    ],
)
def test_how_a_token_is_carried_follows_from_where_it_comes_from(
    tmp_path: Path, lines: list[str], carrier: str
) -> None:
    assert login(tmp_path, *lines).carrier == carrier


@pytest.mark.parametrize(
    ("lines", "needs"),
    [
        ([], ("email", "password")),
        (['body = { user = "root", password = "{password}" }'], ("password",)),
        (['kind = "oauth2"', 'body = { client_secret = "{client_secret}" }'], ("email", "password", "client_secret")),
        (['kind = "basic"'], ("email", "password")),
        (['kind = "basic"', 'user = "admin"'], ("password",)),
        (['kind = "token"'], ("token",)),
        (['kind = "none"'], ()),
    ],
)
def test_only_what_is_sent_has_to_be_set(tmp_path: Path, lines: list[str], needs: tuple[str, ...]) -> None:
    assert login(tmp_path, *lines).needs == needs


def test_an_oauth2_login_has_its_three_fields_and_the_own_ones(tmp_path: Path) -> None:
    grant = {"grant_type": "password", "username": "{email}", "password": "{password}"}
    assert login(tmp_path, 'kind = "oauth2"').fields == grant
    assert login(tmp_path, 'kind = "oauth2"', 'body = { scope = "all", username = "x" }').fields == {
        **grant,
        "username": "x",
        "scope": "all",
    }


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['body = { a = "{emial}" }'], "no placeholder {emial} in it; possible are {email}, {password}, {csrf}"),
        (['headers = { X-A = "{token}" }'], "no placeholder {token} in it; possible are {email}"),
        (['send = "X-Key: {csrf}"'], "expected a header such as `X-Api-Key: {token}`"),
        (['user = "{name}"'], "no placeholder {name} in it; possible are {email}"),
        (['csrf_send = "X: {csrf}"'], "login.csrf_from is not set"),
        (['csrf_path = "/login"'], "login.csrf_from is not set"),
        (['csrf_from = "cookie:a"', 'body = { a = "{csrf}" }'], "login.csrf_path is not set"),
        (['kind = "form"', 'body = { a = { b = "{email}" } }'], "holds a table, which a body of login.kind form"),
        (['token = "cookie:"'], "a path into the JSON body"),
        (['client_secret = "x"'], "set API_CLIENT_SECRET"),
    ],
)
def test_what_the_login_cannot_mean_is_named_when_it_is_read(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        login(tmp_path, *lines)
    assert says in str(caught.value)
