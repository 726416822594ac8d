"""A session goes to the API and nowhere else, and is renewed once when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pytest
from stub_logins import EMAIL, FIXED, StubLogins
from unit.session.login.conftest import Doors
from unit.session.login.test_login_kinds import KINDS, SANCTUM

from tidegate.session.client import new_client
from tidegate.session.http import httpx

JSON = KINDS["json"]
RENEWED = "the session of admin was renewed: it had been answered 401"


@pytest.fixture
def elsewhere() -> Iterator[StubLogins]:
    with StubLogins() as running:
        yield running


def test_a_session_that_is_over_is_renewed_and_that_is_reported(doors: Doors, server: StubLogins) -> None:
    door = doors(*JSON)
    with door.client(door.open()) as admin:
        assert admin.get("/me").status_code == 200
        server.expire()
        answer = admin.post("/things", json={"a": 1})
        assert (answer.status_code, answer.json()) == (201, {"got": '{"a":1}'})
        assert [earlier.status_code for earlier in answer.history] == [401]
        assert admin.get("/me").status_code == 200
    assert (server.logins, door.said) == (2, [RENEWED])
    assert set(server.tokens) <= door.learnt


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("basic", "json")])
def test_a_session_of_every_kind_is_renewed(doors: Doors, server: StubLogins, kind: str) -> None:
    door = doors(*KINDS[kind])
    with door.client() as admin:
        assert admin.get("/me").json() == {"email": EMAIL}
        server.expire()
        assert admin.get("/me?x=1").json() == {"email": EMAIL}
        assert admin.post("/things").status_code == 201
    assert (server.logins, door.said) == (2, [RENEWED])


def test_a_refusal_that_a_new_session_does_not_cure_is_answered_after_one_login(
    doors: Doors, server: StubLogins
) -> None:
    door = doors(*JSON, 'send = "X-Nobody-Reads-This: {token}"')
    with door.client(door.open()) as admin:
        assert admin.get("/me").status_code == 401
    assert server.lines() == ["POST /json", "GET /me", "POST /json", "GET /me"]


def test_what_refuses_a_new_session_as_well_leads_to_no_further_login(doors: Doors, server: StubLogins) -> None:
    door = doors(*JSON, 'send = "X-Nobody-Reads-This: {token}"')
    with door.client(door.open()) as admin:
        for _ in range(3):
            assert admin.get("/me").status_code == 401
        assert server.lines()[1:] == ["GET /me", "POST /json", "GET /me", "GET /me", "GET /me"]
        assert admin.post("/me").status_code == 401
    assert server.lines()[6:] == ["POST /me", "POST /json", "POST /me"]


def test_a_renewal_that_fails_leaves_the_answer_as_it_was_and_is_not_tried_again(
    doors: Doors, server: StubLogins
) -> None:
    door = doors(*JSON)
    with door.client(door.open()) as admin:
        server.expire()
        server.users.clear()
        for _ in range(3):
            assert admin.get("/me").json() == {"detail": "who are you?"}
    assert server.logins == 2
    assert door.said == [f"the session of admin could not be renewed: login refused for {EMAIL}"]


def test_a_statuses_setting_says_when_a_session_is_over(doors: Doors, server: StubLogins) -> None:
    server.refuses_with = 403
    for line, logins in (('expired = ["401"]', 1), ('expired = ["4xx"]', 3), ('expired = ["401", "403"]', 5)):
        door = doors(*JSON, line)
        with door.client(door.open()) as admin:
            server.expire()
            assert admin.get("/me").status_code == (403 if logins == 1 else 200)
        assert server.logins == logins


@pytest.mark.parametrize(
    ("lines", "held_by"),
    [
        (('kind = "token"', 'send = "X-Api-Key: {token}"'), "API_ADMIN_TOKEN"),
        (('kind = "basic"',), "API_ADMIN_EMAIL or API_ADMIN_PASSWORD"),
    ],
)
def test_what_is_fixed_is_not_renewed_but_named_when_it_is_refused_from_the_start(
    doors: Doors, server: StubLogins, lines: tuple[str, ...], held_by: str
) -> None:
    door = doors(*lines, API_TOKEN="another-key-0123456789")
    server.users[EMAIL] = "changed"
    with door.client() as admin:
        assert admin.get("/me").status_code == 401
        assert admin.get("/me").status_code == 401
    assert server.lines() == ["GET /me"] * 2
    assert door.said == [f"the first answer to admin was 401: is {held_by} another than the API was seeded with?"]


def test_what_is_fixed_and_was_right_is_not_doubted_later(doors: Doors, server: StubLogins) -> None:
    door = doors('kind = "basic"')
    with door.client() as admin:
        assert admin.get("/me").status_code == 200
        server.users[EMAIL] = "changed"
        assert admin.get("/me").status_code == 401
    assert door.said == []


def test_the_login_itself_is_never_sent_again(doors: Doors, server: StubLogins) -> None:
    door = doors(*JSON)
    with door.client(door.open()) as admin:
        assert admin.post("/json", json={"email": EMAIL, "password": "wrong"}).status_code == 401
    assert server.logins == 2


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("json", {"Authorization": "Bearer forged"}),
        ("json", {"authorization": ""}),
        ("cookie", {"Authorization": "Bearer forged"}),
        ("cookie", {"Cookie": "sid=forged"}),
        ("cookie", {"Cookie": "a=b; sid=forged"}),
        ("header", {"X-API-KEY": "forged"}),
    ],
)
def test_a_request_with_credentials_of_its_own_is_sent_as_it_is(
    doors: Doors, server: StubLogins, kind: str, own: dict[str, str]
) -> None:
    door = doors(*KINDS[kind])
    with door.client(door.open()) as admin:
        assert admin.get("/me", headers=own).status_code == 401
        assert admin.get(f"/away?to={server.url}/me", headers=own, follow_redirects=True).status_code == 401
    assert (server.logins, door.said) == (1, [])
    asked = server.asked[1].headers
    carried = {name: asked.get(name) for name in ("authorization", "cookie", "x-api-key")}
    assert carried == dict.fromkeys(carried) | {name.lower(): value for name, value in own.items()}


def test_a_token_of_its_own_in_the_query_is_sent_as_it_is(doors: Doors, server: StubLogins) -> None:
    door = doors(*KINDS["query"])
    with door.client(door.open()) as admin:
        assert admin.get("/me?api_key=forged").status_code == 401
    assert (server.logins, server.asked[-1].query) == (1, {"api_key": "forged"})


def test_a_cookie_that_has_nothing_to_do_with_the_session_goes_along(doors: Doors, server: StubLogins) -> None:
    door = doors(*KINDS["cookie"])
    with door.client(door.open()) as admin:
        for _ in range(2):
            assert admin.get("/me", headers={"Cookie": "theme=dark"}).status_code == 200
            assert server.asked[-1].cookies.keys() == {"theme", "sid"}
            server.expire()


def test_a_header_of_every_request_is_nobodys_own(doors: Doors, server: StubLogins) -> None:
    tables = '[tool.tidegate.client]\nheaders = { Authorization = "Bearer of-a-gate-before-the-api" }'
    door = doors(*KINDS["cookie"], tables=tables)
    with door.client(door.open()) as admin:
        assert admin.get("/me").status_code == 200
        assert server.asked[-1].headers["authorization"] == "Bearer of-a-gate-before-the-api"


def test_a_body_that_cannot_be_sent_twice_is_not(doors: Doors, server: StubLogins) -> None:
    door = doors(*JSON)
    with door.client(door.open()) as admin:
        server.expire()
        assert admin.post("/things", content=iter([b"a", b"b"])).status_code == 401
    assert (server.logins, server.asked[-1].raw, door.said) == (1, b"ab", [])


def test_many_threads_whose_session_is_over_log_in_once(doors: Doors, server: StubLogins) -> None:
    door = doors(*SANCTUM)
    with door.client(door.open()) as admin, ThreadPoolExecutor(8) as pool:
        server.expire()
        answers = list(pool.map(admin.get, repeat("/me", 24)))
    assert {answer.status_code for answer in answers} == {200}
    assert (server.logins, door.said) == (2, [RENEWED])


def test_a_cookie_that_the_api_takes_away_ends_the_session(doors: Doors, server: StubLogins) -> None:
    door = doors(*KINDS["cookie"])
    with door.client(door.open()) as admin:
        admin.post("/logout")
        server.tokens["sid-of-nobody"] = EMAIL
        assert admin.get("/me").status_code == 200
        assert "cookie" not in server.asked[-3].headers
    assert (server.logins, door.said) == (2, [RENEWED])


CARRIERS = ["json", "header", "query", "cookie", "all cookies", "basic", "sanctum"]


@pytest.mark.parametrize("kind", CARRIERS)
@pytest.mark.parametrize("way", ["url", "redirect", "next request", "renewal", "hooks"])
def test_no_other_place_gets_anything_of_a_session(
    doors: Doors, server: StubLogins, elsewhere: StubLogins, kind: str, way: str
) -> None:
    door = doors(*KINDS[kind])
    session = door.open()
    with door.client(session) as admin:
        if way == "hooks":  # of the test's own, in the place of whatever was there
            admin.event_hooks = {"request": [], "response": []}
        if way in ("url", "renewal"):
            elsewhere.refuses_with = 200 if way == "url" else 401
            admin.post(f"{elsewhere.url}/me?a=b")
        else:
            there = admin.post(f"/away?to={elsewhere.url}/me?a=b", follow_redirects=way in ("redirect", "hooks"))
            if there.next_request:
                admin.send(there.next_request)
    (got,) = elsewhere.asked
    secrets = [session.token, *server.tokens, *server.csrf.values(), *session.cookies.values()]
    assert not [value for value in secrets if len(value) > 7 and value in f"{got.path}{got.query}{got.headers}"]
    assert not {"authorization", "cookie", "x-api-key", "x-xsrf-token"} & got.headers.keys()
    assert door.said == []


@pytest.mark.parametrize("way", ["redirect", "next request"])
def test_a_session_that_a_test_sends_by_hand_does_not_follow_a_redirect_elsewhere(
    doors: Doors, server: StubLogins, elsewhere: StubLogins, way: str
) -> None:
    door = doors(*JSON, 'send = "X-Api-Key: Key {token}"')
    session, settings = door.open(), door.settings
    own = {**session.headers, "X-Note": "mine"}
    with new_client(server.url, settings.client, transport=door.wire, known=lambda: session.secrets) as client:
        there = client.get(f"/away?to={elsewhere.url}/me", headers=own, follow_redirects=way == "redirect")
        if there.next_request:
            client.send(there.next_request)
        assert client.get(f"/away?to={server.url}/me", headers=own, follow_redirects=True).status_code == 401
    assert ["x-api-key" in got.headers for got in (*elsewhere.asked, *server.asked[-2:])] == [False, True, True]
    assert elsewhere.asked[0].headers["x-note"] == "mine"


@pytest.mark.parametrize("kind", [kind for kind in CARRIERS if kind != "query"])  # a redirect names its own query
def test_a_redirect_within_the_api_keeps_the_session(doors: Doors, server: StubLogins, kind: str) -> None:
    with doors(*KINDS[kind]).client() as admin:
        for to in ("/me", f"{server.url}/me"):
            assert admin.get(f"/away?to={to}", follow_redirects=True).json() == {"email": EMAIL}
            assert not admin.cookies


@pytest.mark.parametrize(
    "spelling", ["{url}@127.0.0.1:{port}", "http://localhost:{port}", "http://127.1:{port}", "https://127.0.0.1:{port}"]
)
def test_another_spelling_of_the_origin_gets_no_session(doors: Doors, server: StubLogins, spelling: str) -> None:
    door = doors('kind = "token"', 'send = "X-Api-Key: {token}"', API_TOKEN=FIXED)
    url = httpx.URL(spelling.format(url=server.url, port=httpx.URL(server.url).port))
    with door.client() as admin:
        request = admin.build_request("GET", url.copy_with(path="/me"))
        sent = next(admin.auth.sync_auth_flow(request))  # type: ignore[union-attr]
        home = (url.scheme, url.host) == ("http", "127.0.0.1")
        assert ("x-api-key" in sent.headers) is home
