"""The fixtures of those who log in, for any kind of login."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from plugin.conftest import INI
from projects import run_project
from stub_logins import EMAIL, FIXED, PASSWORD, StubLogins


@dataclass
class Suite:
    """A project that tests a server with logins of every kind, run by pytest as a process of its own."""

    pytester: pytest.Pytester
    server: StubLogins

    def run(self, code: str, *lines: str, tables: str = "", conftest: str = "", args: str = "") -> pytest.RunResult:
        """Runs this test module with these lines of [tool.tidegate.login]."""
        path = self.pytester.path
        (path / "pytest.ini").write_text(INI)
        (path / "pyproject.toml").write_text(
            "\n".join(["[tool.tidegate.health]", 'kind = "answer"', "[tool.tidegate.login]", *lines, tables])
        )
        (path / "test_it.py").write_text(code)
        (path / "conftest.py").write_text(conftest)
        return run_project(*args.split())

    def logins(self) -> list[str]:
        """What was asked but health."""
        return [line for line in self.server.lines() if line != "GET /health"]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[Suite]:
    with StubLogins() as server:
        values = {"BASE_URL": server.url, "ADMIN_EMAIL": EMAIL, "ADMIN_PASSWORD": PASSWORD}
        for name, value in values.items():
            monkeypatch.setenv(f"API_{name}", value)
        yield Suite(pytester, server)


JSON = ('path = "/json"', 'token = "data.token"')
SANCTUM = (
    'path = "/sanctum/login"', 'token = "cookies"', 'csrf_path = "/sanctum/csrf-cookie"',
    'csrf_from = "cookie:XSRF-TOKEN"', 'csrf_send = "X-XSRF-TOKEN: {csrf}"',
)  # fmt: skip
VIEWER = '[tool.tidegate.identities.viewer]\nemail = "viewer@example.com"'

HEADERS = """
import httpx
def test_a(client, admin, auth_headers, base_url):
    assert auth_headers.keys() == {keys}
    assert httpx.post(base_url + "/things", headers=auth_headers, params={params}).status_code == 201
    assert admin.post("/things").status_code == 201
    assert client.post("/things").status_code == 401
"""


@pytest.mark.parametrize(
    ("lines", "keys", "params"),
    [
        (JSON, {"Authorization"}, {}),
        ((*JSON, 'send = "X-Api-Key: {token}"'), {"X-Api-Key"}, {}),
        (('kind = "basic"',), {"Authorization"}, {}),
        (SANCTUM, {"Cookie", "X-XSRF-TOKEN"}, {}),
        (('kind = "token"',), {"Authorization"}, {}),
        (('kind = "token"', 'send = "?api_key={token}"'), set(), {"api_key": FIXED}),
    ],
)
def test_the_headers_of_the_admin_are_all_that_a_request_needs(
    suite: Suite,
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    keys: set[str],
    params: dict[str, str],
) -> None:
    monkeypatch.setenv("API_TOKEN", FIXED)
    code = HEADERS.format(keys=keys or "set()", params=params)
    suite.run(code, *lines).assert_outcomes(passed=1)


@pytest.mark.parametrize("kind", ["none", "token", "basic"])
def test_the_admin_of_a_kind_without_a_login_asks_for_none(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("API_TOKEN", FIXED)
    code = (
        "def test_a(admin, auth_headers, admin_token, as_identity):\n    admin.get('/me')\n    as_identity('admin')\n"
    )
    suite.run(code, f'kind = "{kind}"').assert_outcomes(passed=1)
    assert suite.logins() == ["GET /me"]


@pytest.mark.parametrize(
    ("kind", "unset", "named"),
    [("token", "", "API_ADMIN_TOKEN"), ("basic", "API_ADMIN_EMAIL", "API_ADMIN_EMAIL"),
     ("json", "API_ADMIN_PASSWORD", "API_ADMIN_PASSWORD")],
)  # fmt: skip
def test_only_what_this_kind_needs_is_asked_for(
    suite: Suite, monkeypatch: pytest.MonkeyPatch, kind: str, unset: str, named: str
) -> None:
    monkeypatch.delenv(unset, raising=False)
    result = suite.run("def test_a(admin): pass", f'kind = "{kind}"')
    assert result.ret == 78
    result.stdout.fnmatch_lines([f"{named} is not set", "  next: write it*into .env.test, or set it in the *"])


def test_an_identity_logs_in_once_and_gets_a_client_of_its_own(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_VIEWER_PASSWORD", "viewer-password")
    result = suite.run(
        """
import httpx
def who(client): return client.get("/me").json().get("email")
def test_a(as_identity, admin, client):
    viewer = as_identity("viewer")
    assert isinstance(viewer, httpx.Client)
    assert viewer is as_identity("viewer")
    assert as_identity("admin") is admin
    assert as_identity("anonymous") is client
    assert [who(c) for c in (viewer, admin, client)] == ["viewer@example.com", "admin@example.com", None]
def test_b(as_identity): assert who(as_identity("viewer")) == "viewer@example.com"
""",
        *JSON,
        tables=VIEWER,
    )
    result.assert_outcomes(passed=2)
    assert suite.logins().count("POST /json") == 2


def test_an_identity_needs_no_admin(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_VIEWER_PASSWORD", "viewer-password")
    monkeypatch.delenv("API_ADMIN_PASSWORD")
    code = "def test_a(as_identity): assert as_identity('viewer').get('/me').status_code == 200"
    suite.run(code, *JSON, tables=VIEWER).assert_outcomes(passed=1)


def test_an_identity_that_is_not_known_is_told_which_are(suite: Suite) -> None:
    result = suite.run("def test_a(as_identity): as_identity('editor')", *JSON, tables=VIEWER)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*there is no identity 'editor'",
            "*seen: known are admin, anonymous, viewer",
            "*next: declare [[]tool.tidegate.identities.editor] in pyproject.toml",
        ]
    )


def test_a_refused_identity_fails_its_tests_and_is_not_asked_again(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_VIEWER_PASSWORD", "not-the-password")
    code = (
        "def test_a(as_identity): as_identity('viewer')\ndef test_b(as_identity): as_identity('viewer')\n"
        "def test_c(admin): assert admin.get('/me').status_code == 200\n"
    )
    result = suite.run(code, *JSON, tables=VIEWER)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*compare API_VIEWER_EMAIL and API_VIEWER_PASSWORD with *"])
    assert "not-the-password" not in result.stdout.str()
    assert suite.logins().count("POST /json") == 2


LOGS_OUT = "def test_{0}(admin):\n    admin.post('/expire')\n    assert admin.get('/me').status_code == 200\n"


@pytest.mark.parametrize("workers", ["", "-n 2"])
def test_a_renewed_session_is_in_the_summary(suite: Suite, workers: str) -> None:
    # One of them alone logs out: it does so for every worker, since all are the same admin.
    beside = "def test_b(client):\n    assert client.get('/me').status_code == 401\n"
    result = suite.run(LOGS_OUT.format("a") + beside, *JSON, args=workers)
    result.assert_outcomes(passed=2)
    shown = result.stdout.str()
    assert "the session of admin was renewed: it had been answered 401" in shown


def test_a_suites_own_login_gives_the_token_also_of_a_renewal(suite: Suite) -> None:
    conftest = """
import pytest
@pytest.fixture(scope="session")
def login(client):
    return lambda email, password: client.post("/form", data={"user": email, "pass": password}).json()["jwt"]
"""
    suite.run(LOGS_OUT.format("a"), conftest=conftest).assert_outcomes(passed=1)
    assert suite.logins()[:5] == ["POST /form", "POST /expire", "GET /me", "POST /form", "GET /me"]


@pytest.mark.parametrize("lines", [JSON, SANCTUM, ('path = "/cookie"', 'token = "cookies"'), ('kind = "basic"',)])
def test_an_anonymous_client_stays_one_whatever_the_login_sets(suite: Suite, lines: tuple[str, ...]) -> None:
    code = """
def test_a(client, admin, login, settings, as_identity):
    assert login(settings.admin_email, settings.admin_password)
    assert admin.get("/me").status_code == 200
    client.post("/cookie", json={"email": settings.admin_email, "password": settings.admin_password})
    assert client.get("/me").status_code == 401
    assert not client.cookies and not admin.cookies
"""
    suite.run(code, *lines).assert_outcomes(passed=1)


def test_no_report_shows_what_a_session_is_made_of(suite: Suite) -> None:
    code = """
def test_a(admin, auth_headers, admin_token):
    answer = admin.post("/things")
    sent = dict(answer.request.headers)
    session = admin.auth.session
    raise AssertionError(f"{sent} {session.cookies} {session.csrf} {admin_token} {auth_headers}")
"""
    result = suite.run(code, *SANCTUM, args="-l --tb=long")
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert not [value for value in (*suite.server.tokens, *suite.server.csrf.values()) if value in shown]
    assert "***" in shown


ELSEWHERE = """
import pytest
AWAY = {"params": {"to": "%s/me"}, "follow_redirects": True}
@pytest.mark.readonly
def test_client(client, auth_headers): client.get("/away", headers=auth_headers, **AWAY)
@pytest.mark.readonly
def test_admin(admin):
    admin.event_hooks = {"request": [], "response": []}
    admin.get("/away", **AWAY)
@pytest.mark.readonly
def test_another(admin, login, settings):
    own = {"X-Api-Key": login(settings.admin_email, settings.admin_password)}
    admin.get("/away", headers=own, **AWAY)
"""


def test_no_session_follows_a_redirect_to_another_place(suite: Suite) -> None:
    with StubLogins() as elsewhere:
        result = suite.run(ELSEWHERE % elsewhere.url, *JSON, 'send = "X-Api-Key: {token}"')
        result.assert_outcomes(passed=3)
        assert ["x-api-key" in asked.headers for asked in elsewhere.asked] == [False] * 3
    assert ["x-api-key" in asked.headers for asked in suite.server.asked if asked.path == "/away"] == [True] * 3
