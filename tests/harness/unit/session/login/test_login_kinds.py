"""Each kind of login that the settings can say opens a server that has it."""

from __future__ import annotations

import base64

import pytest
from stub_logins import EMAIL, FIXED, PASSWORD, StubLogins
from unit.session.login.conftest import Doors

DJANGO = (
    'kind = "form"', 'path = "/django/login"', 'token = "cookies"', 'csrf_path = "/django/login"',
    'body = { username = "{email}", password = "{password}", csrfmiddlewaretoken = "{csrf}" }',
    'csrf_send = "X-CSRFToken: {csrf}"',
)  # fmt: skip
SANCTUM = (
    'path = "/sanctum/login"', 'token = "cookies"', 'csrf_path = "/sanctum/csrf-cookie"',
    'csrf_from = "cookie:XSRF-TOKEN"', 'csrf_send = "X-XSRF-TOKEN: {csrf}"',
)  # fmt: skip
RAILS = (
    'kind = "form"', 'path = "/rails/sign_in"', 'token = "cookies"', 'csrf_path = "/rails/sign_in"',
    'csrf_from = "field:csrf-token"', 'csrf_send = "X-CSRF-Token: {csrf}"',
    'body = { "user[email]" = "{email}", "user[password]" = "{password}", authenticity_token = "{csrf}" }',
)  # fmt: skip
DRUPAL = (
    'path = "/drupal/login"', 'token = "cookies"', 'csrf_from = "csrf_token"', 'csrf_send = "X-CSRF-Token: {csrf}"',
    'body = { name = "{email}", pass = "{password}" }',
)  # fmt: skip

KINDS = {
    "json": ('path = "/json"', 'token = "data.token"'),
    "json, by pointer": ('path = "/json"', 'token = "/data/token"'),
    "form": ('kind = "form"', 'path = "/form"', 'body = { user = "{email}", pass = "{password}" }', 'token = "jwt"'),
    "oauth2": ('kind = "oauth2"', 'path = "/oauth"'),
    "header": ('path = "/header"', 'token = "header:X-Auth-Token"', 'send = "X-Api-Key: {token}"'),
    "header with its scheme": ('path = "/authorization"', 'token = "header:Authorization"'),
    "another scheme": ('path = "/json"', 'token = "data.token"', 'send = "Authorization: Token {token}"'),
    "query": ('path = "/json"', 'token = "data.token"', 'send = "?api_key={token}"'),
    "the whole body": ('path = "/plain"', 'token = "."'),
    "cookie": ('path = "/cookie"', 'token = "cookie:sid"'),
    "cookie, sent as a header": ('path = "/cookie"', 'token = "cookie:sid"', 'send = "X-Api-Key: {token}"'),
    "all cookies": ('path = "/cookie"', 'token = "cookies"'),
    "basic": ('kind = "basic"',),
    "django, by cookie": (*DJANGO, 'csrf_from = "cookie:csrftoken"'),
    "django, by field": (*DJANGO, 'csrf_from = "field:csrfmiddlewaretoken"'),
    "sanctum": SANCTUM,
    "rails": RAILS,
    "drupal": DRUPAL,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_of_this_kind_opens_the_api(doors: Doors, server: StubLogins, kind: str) -> None:
    door = doors(*KINDS[kind])
    with door.client() as admin:
        assert admin.get("/me?page=%2F&empty=").json() == {"email": EMAIL}
        made = admin.post("/things", json={"a": 1})
        assert (made.status_code, made.json()) == (201, {"got": '{"a":1}'})
        assert not admin.cookies
        assert PASSWORD not in repr(admin.auth)
    assert server.asked[-2].query["page"] == "/"
    assert door.said == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "basic"])
def test_wrong_credentials_are_refused_by_this_kind(doors: Doors, server: StubLogins, kind: str) -> None:
    from tidegate import LoginRefused

    door = doors(*KINDS[kind], API_ADMIN_PASSWORD="wrong-password")
    with pytest.raises(LoginRefused) as caught:
        door.open()
    assert f"login refused for {EMAIL}\n  asked: " in str(caught.value)
    assert "wrong-password" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_login_gave_is_known_as_secret(doors: Doors, server: StubLogins, kind: str) -> None:
    door = doors(*KINDS[kind])
    token = door.sessions.log_in(EMAIL, PASSWORD)
    session = door.sessions.of(token)
    assert token in door.learnt
    got = [*server.tokens, *server.csrf.values()] if server.logins else [session.token]
    sent = " ".join([*session.unsafe.values(), session.query])
    assert not [value for value in got if value in sent and value not in door.learnt]


def test_a_fixed_token_is_sent_without_a_login(doors: Doors, server: StubLogins) -> None:
    for send in ("Authorization: Bearer {token}", "X-Api-Key: {token}", "?api_key={token}", "Cookie: sid={token}"):
        door = doors('kind = "token"', f'send = "{send}"', API_TOKEN=FIXED, API_ADMIN_EMAIL="")
        server.tokens[FIXED] = "fixed"
        with door.client() as admin:
            assert admin.get("/me").json() == {"email": "fixed"}
    assert set(server.lines()) == {"GET /me"}


def test_without_a_login_nothing_is_sent(doors: Doors, server: StubLogins) -> None:
    door = doors('kind = "none"', API_ADMIN_EMAIL="", API_ADMIN_PASSWORD="")
    with door.client() as admin:
        assert admin.get("/me").status_code == 401
    assert server.lines() == ["GET /me"]
    assert not {"authorization", "cookie"} & server.asked[0].headers.keys()


def test_basic_sends_the_user_name_that_is_set(doors: Doors, server: StubLogins) -> None:
    session = doors('kind = "basic"', 'user = "root"', API_ADMIN_PASSWORD="pä:ss", API_ADMIN_EMAIL="").open()
    assert base64.b64decode(session.token).decode() == "root:pä:ss"


def test_a_template_keeps_types_and_extra_fields(doors: Doors, server: StubLogins) -> None:
    doors(
        'path = "/json"', 'token = "data.token"', 'headers = { X-Client = "{email}", X-Tenant = "acme" }',
        'body = { email = "{email}", password = "{password}", remember = true, device = { id = 7, by = ["{email}"] } }',
    ).open()  # fmt: skip
    (asked,) = server.asked
    extra = {"remember": True, "device": {"id": 7, "by": [EMAIL]}}
    assert asked.form == {"email": EMAIL, "password": PASSWORD, **extra}
    assert (asked.headers["x-client"], asked.headers["x-tenant"]) == (EMAIL, "acme")


def test_a_name_that_is_not_ascii_may_stand_in_a_header(doors: Doors, server: StubLogins) -> None:
    server.users["jürgen"] = PASSWORD
    doors('path = "/json"', 'token = "data.token"', 'headers = { X-Who = "{email}" }', API_ADMIN_EMAIL="jürgen").open()
    assert server.asked[0].headers["x-who"].encode("latin-1").decode() == "jürgen"


def test_the_grant_sends_the_clients_secret_and_scope(doors: Doors, server: StubLogins) -> None:
    extra = 'body = { scope = "all", client_id = "web", client_secret = "{client_secret}" }'
    doors('kind = "oauth2"', 'path = "/oauth"', extra, API_CLIENT_SECRET="client-secret-1").open()
    grant = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
    assert server.asked[0].form == {**grant, "scope": "all", "client_id": "web", "client_secret": "client-secret-1"}


def test_a_login_elsewhere_is_asked_there(doors: Doors, server: StubLogins) -> None:
    with StubLogins() as elsewhere:
        elsewhere.tokens = server.tokens
        door = doors(f'path = "{elsewhere.url}/json"', 'token = "data.token"')
        with door.client() as admin:
            assert admin.get("/me").status_code == 200
        assert (elsewhere.lines(), server.lines()) == (["POST /json"], ["GET /me"])


def test_the_csrf_token_before_the_login_is_not_that_after_it(doors: Doors, server: StubLogins) -> None:
    with doors(*RAILS).client() as admin:
        assert admin.post("/things").status_code == 201
    assert server.lines() == ["GET /rails/sign_in", "POST /rails/sign_in", "GET /rails/sign_in", "POST /things"]


def test_cookies_that_change_with_answers_are_taken_over(doors: Doors, server: StubLogins) -> None:
    server.rolling = True
    door = doors(*SANCTUM)
    with door.client() as admin:
        for _ in range(3):
            assert admin.get("/me").status_code == 200
            assert admin.post("/things").status_code == 201
    assert server.csrf["app"] in door.learnt
    assert server.logins == 1


@pytest.mark.parametrize(
    ("lines", "variable"),
    [
        (('path = "/json"',), "API_ADMIN_EMAIL"),
        (('body = { p = "{password}" }',), "API_ADMIN_PASSWORD"),
        (('kind = "oauth2"', 'body = { username = "x", s = "{client_secret}" }'), "API_ADMIN_PASSWORD"),
        (('kind = "oauth2"', 'body = { username = "x", password = "y", s = "{client_secret}" }'), "API_CLIENT_SECRET"),
        (('kind = "basic"',), "API_ADMIN_EMAIL"),
        (('kind = "basic"', 'user = "root"'), "API_ADMIN_PASSWORD"),
        (('kind = "token"',), "API_ADMIN_TOKEN"),
    ],
)
def test_a_variable_that_this_kind_needs_is_named(doors: Doors, lines: tuple[str, ...], variable: str) -> None:
    from tidegate import SettingsError

    door = doors(*lines, API_ADMIN_EMAIL="", API_ADMIN_PASSWORD="")
    with pytest.raises(SettingsError) as caught:
        door.open()
    assert str(caught.value).splitlines()[0] == f"{variable} is not set"


def test_nobody_logs_in_by_password_where_there_are_only_fixed_tokens(doors: Doors) -> None:
    from tidegate import LoginRefused

    with pytest.raises(LoginRefused, match=r"login.kind is token, which takes no password"):
        doors('kind = "token"', API_TOKEN=FIXED).sessions.log_in("a@b.c", "d")
