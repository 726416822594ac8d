"""A refused login says what was asked, what came, and the setting or the value to look at."""

from __future__ import annotations

import pytest
from stub_logins import EMAIL, PASSWORD, Said, StubLogins
from unit.session.login.conftest import Doors
from unit.session.login.test_login_kinds import DJANGO, DRUPAL, KINDS, SANCTUM
from wire import free_port

from tidegate import ApiNotHealthy, LoginRefused
from tidegate.errors import TidegateError

COMPARE = "compare API_ADMIN_EMAIL and API_ADMIN_PASSWORD with what the API was seeded with"
ELSE = f"{COMPARE}, or the API wants another login.kind or login.body than was sent"


def refusal(doors: Doors, *lines: str, **env: str) -> str:
    with pytest.raises(TidegateError) as caught:
        doors(*lines, **env).open()
    return str(caught.value)


def test_a_refusal_is_five_lines_without_a_secret(doors: Doors, server: StubLogins) -> None:
    said = Said(401, {"detail": "no\nsuch user", "sent": PASSWORD, "again": f"{PASSWORD}%2F"})
    server.says = said
    assert refusal(doors) == "\n".join(
        [
            f"login refused for {EMAIL}",
            f"  asked: POST {server.url}/auth/login",
            "  sent: a JSON body with the fields email, password",
            '  answer: HTTP 401, body: {"detail": "no\\nsuch user", "sent": "***", "again": "***%2F"}',
            f"  next: {ELSE}",
        ]
    )


JSON_401 = Said(401, {"detail": "no"})
HTML_LOGIN = Said(200, "<form><input name=u><input type=PASSWORD name=p></form>")


@pytest.mark.parametrize(
    ("lines", "said", "then"),
    [
        ((), Said(401, {"detail": "no"}), ELSE),
        ((), Said(403, {"detail": "no"}), ELSE),
        ((), Said(400, {"message": "no"}), ELSE),
        (KINDS["form"], Said(422, {"e": 1}), ELSE),
        (KINDS["oauth2"], Said(400, {"error": "invalid_grant"}), COMPARE),
        (KINDS["oauth2"], Said(401, {"error": "invalid_client"}),
         'the API refuses the client: compare client_id and client_secret = "{client_secret}" in login.body'),
        ((), Said(422, {"detail": [{"loc": ["body", "grant_type"]}]}),
         "set login.kind to oauth2 when the API has the password grant, or login.body to the grant that it has"),
        ((), Said(404), "set API_LOGIN_PATH, or login.path in [tool.tidegate], to the path that takes a login"),
        ((), Said(415), "the API takes no body of login.kind json: set it to form, or oauth2"),
        (KINDS["form"], Said(415), "the API takes no body of login.kind form: set it to json"),
        ((), Said(429), "the API takes no more logins for now: wait, or allow the tests more of them"),
        ((), Said(503), "the API failed: look at its log"),
        ((), Said(307, None, [("Location", "/auth/login/")]),
         "it redirects to /auth/login/: set login.path to that, or login.token to cookies where a login ends so"),
        ((), Said(302, None, [("Location", "/auth/login")]),
         f"the answer leads to the login again: {ELSE}"),
        (KINDS["all cookies"], HTML_LOGIN,
         f"the answer leads to the login again: {ELSE}"),
        ((), Said(403, {"detail": "CSRF Failed: CSRF token missing."}),
         "the API asks for a CSRF token: set login.csrf_path and login.csrf_from to where it is handed out, and"
         " login.csrf_send, or {csrf} in login.body, to where it is expected"),
        ((), Said(419, {"message": "Page Expired"}),
         "the API asks for a CSRF token: set login.csrf_path and login.csrf_from to where it is handed out, and"
         " login.csrf_send, or {csrf} in login.body, to where it is expected"),
        (DRUPAL, Said(403, {"message": "X-CSRF-Token request header is invalid"}),
         "the API does not take the CSRF token: compare login.csrf_from with where it is handed out, and"
         " login.csrf_send, or {csrf} in login.body, with where it is expected"),
        ((), Said(200, {"ok": True}),
         "the answer holds no access_token: does login.path in [tool.tidegate] lead to the login?"),
        ((), Said(200, {"data": {"token": "s3cr3t-0123456789"}, "refresh_token": "r" * 20, "token_type": "bearerbear"}),
         "the answer holds no access_token; what may be a token is at data.token: set login.token"),
        ((), Said(200, {"a.b": [{"x": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig"}]}, [("X-Auth-Token", "s3cr3t-0123456789"),
                                                                              ("Set-Cookie", "sid=s3cr3t-012345")]),
         "the answer holds no access_token; what may be a token is at /a.b/0/x, header:x-auth-token, cookie:sid:"
         " set login.token"),
        (('token = "header:X-Token"',), Said(200), "the answer has no header X-Token: does login.path in"
         " [tool.tidegate] lead to the login?"),
        (('token = "cookie:sid"',), Said(200, {"id_token": "s3cr3t-0123456789"}),
         "the login sets no cookie sid; what may be a token is at id_token: set login.token"),
        (('token = "cookies"',), Said(200), "the login sets no cookie: does login.path in [tool.tidegate] lead to the"
         " login?"),
    ],
)  # fmt: skip
def test_the_next_step_fits_the_answer(
    doors: Doors, server: StubLogins, lines: tuple[str, ...], said: Said, then: str
) -> None:
    server.says = said
    text = refusal(doors, *lines)
    assert text.splitlines()[-1] == f"  next: {then}"
    assert "s3cr3t" not in text.replace('"', "").partition("next:")[2]


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (Said(404), "set login.csrf_path to a path that hands out the CSRF token"),
        (Said(302, None, [("Location", "/login/")]), "it redirects to /login/: set login.csrf_path to that"),
        (Said(200, {}, [("Set-Cookie", "_xsrf=abc")]), "the answer holds no CSRF token at cookie:XSRF-TOKEN"
         " (it sets cookie:_xsrf): set login.csrf_from, or login.csrf_path"),
        (Said(200, {}), "the answer holds no CSRF token at cookie:XSRF-TOKEN: set login.csrf_from, or login.csrf_path"),
    ],
)  # fmt: skip
def test_a_csrf_token_that_is_not_there_is_asked_for(doors: Doors, server: StubLogins, said: Said, then: str) -> None:
    server.says = said
    lines = refusal(doors, *SANCTUM).splitlines()
    assert lines[1] == f"  asked: GET {server.url}/sanctum/csrf-cookie"
    assert lines[-1] == f"  next: {then}"
    assert len(server.asked) == 1


def test_wrong_credentials_of_a_page_that_is_shown_again_are_a_refusal(doors: Doors, server: StubLogins) -> None:
    text = refusal(doors, *DJANGO, 'csrf_from = "cookie:csrftoken"', API_ADMIN_PASSWORD="wrong-password")
    assert "  sent: a form with the fields username, password, csrfmiddlewaretoken" in text
    assert f"next: the answer leads to the login again: {ELSE}" in text
    assert server.csrf["d"] not in text


def test_a_page_is_shown_as_it_reads(doors: Doors, server: StubLogins) -> None:
    page = "<title>Lab</title><script>x = 1</script><style>p {}</style><p>Invalid <b>credentials</b></p>"
    fields = "<input type=hidden name=_xsrf value=abc><input type=password name=p>"
    server.says = Said(401, page + fields)
    text = refusal(doors)
    assert "  answer: HTTP 401, body: Lab Invalid credentials\n" in text
    assert f"next: the answer leads to the login again: {COMPARE}" in text


def test_no_part_of_a_secret_is_left_where_a_body_is_cut(doors: Doors, server: StubLogins) -> None:
    server.says = Said(401, {"x": "y" * 484 + PASSWORD})
    assert PASSWORD[:5] not in refusal(doors)


def test_the_cookie_of_a_csrf_token_is_no_session(doors: Doors, server: StubLogins) -> None:
    csrf = ('csrf_path = "/django/login"', 'csrf_from = "cookie:csrftoken"')
    assert "next: the login sets no cookie" in refusal(doors, 'path = "/plain"', 'token = "cookies"', *csrf)


def test_no_answer_at_all_is_not_called_a_refusal(doors: Doors) -> None:
    place = f"127.0.0.1:{free_port()}"
    with pytest.raises(ApiNotHealthy) as caught:
        doors(API_BASE_URL=f"http://{place}").open()
    lines = str(caught.value).splitlines()
    assert lines[0] == f"the API gave no answer to the login of {EMAIL}"
    assert lines[2].startswith("  answer: ConnectError ")
    assert lines[3] == f"  next: nothing is reached at {place}: start the API, or set API_BASE_URL to where it listens"


def test_somebody_who_is_not_set_is_not_told_of_variables(doors: Doors) -> None:
    with pytest.raises(LoginRefused) as caught:
        doors(*KINDS["json"]).sessions.log_in("somebody@example.com", "wrong")
    assert str(caught.value).endswith(
        f"  next: compare e-mail and password with those of a user that exists{ELSE.removeprefix(COMPARE)}"
    )


def test_an_identitys_own_variables_are_named(doors: Doors, server: StubLogins) -> None:
    tables = '[tool.tidegate.identities.viewer]\nemail = "viewer@example.com"'
    door = doors(*KINDS["json"], tables=tables, API_VIEWER_PASSWORD="wrong-password")
    with pytest.raises(LoginRefused) as caught:
        door.sessions.open(door.settings.accounts["viewer"])
    assert "compare API_VIEWER_EMAIL and API_VIEWER_PASSWORD with" in str(caught.value)


def test_what_an_answer_says_cannot_break_the_message(doors: Doors, server: StubLogins) -> None:
    server.says = Said(401, "<p>\x1b[2J\n  next: run this\x07 " + "x" * 9000)
    text = refusal(doors)
    assert text.count("\n") == 4
    assert all(character.isprintable() or character == "\n" for character in text)
    assert len(text) < 1000


TOKEN = "41a129c0b7d24e5f8a93"


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        (Said(200, {"data": {"jwt": TOKEN, "id": 7, "ok": True}}), '{"data": {"jwt": "***", "id": 7, "ok": true}}'),
        (Said(201, {"value": TOKEN, "of": [TOKEN, "admin"]}), '{"value": "***", "of": ["***", "admin"]}'),
        (Said(200, {"sid": "short"}), '{"sid": "***"}'),
        (Said(200, {TOKEN * 2: 1}), '{"***": 1}'),
        (Said(200, [[[[[[[TOKEN]]]]]]]), '[[[[[["…"]]]]]]'),
        (Said(200, f"<p>Your token: {TOKEN}</p>"), "Your token: ***"),
        (Said(401, {"session_key": TOKEN, "detail": "a rather long sentence"}),
         '{"session_key": "***", "detail": "a rather long sentence"}'),
    ],
)  # fmt: skip
def test_an_answer_in_which_no_token_was_found_is_shown_without_what_may_be_one(
    doors: Doors, server: StubLogins, said: Said, seen: str
) -> None:
    server.says = said
    text = refusal(doors)
    assert f"  answer: HTTP {said.status}, body: {seen}\n" in text
    assert TOKEN not in text


def test_a_token_in_the_place_that_a_login_redirects_to_is_not_shown(doors: Doors, server: StubLogins) -> None:
    server.says = Said(302, None, [("Location", f"/home?key={TOKEN}#at={TOKEN}")])
    text = refusal(doors)
    assert TOKEN not in text
    assert "it redirects to /home?***" in text


def test_what_was_sent_is_told_by_its_names_alone(doors: Doors, server: StubLogins) -> None:
    server.says = JSON_401
    text = refusal(doors, 'body = { user = { name = "{email}", secret = "{password}" }, tenant = "acme" }')
    assert "  sent: a JSON body with the fields user.name, user.secret, tenant\n" in text
    assert "acme" not in text
