from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from projects import Bent, settings_of

from tidegate.errors import BudgetSpent, WriteRefused
from tidegate.session.budget import Budget
from tidegate.session.guard import Guard
from tidegate.session.ledger import Ledger
from tidegate.session.wire import open_wire
from tidegate.settings import load

STAGING = "https://staging.example.com/v1"
LOCAL = "http://localhost:8000/v1"
ADMIN = "admin@example.com"
RUN = "6b0427ab5421"
PYPROJECT = """\
[tool.tidegate.resources.things]
path = "/things"
marker = "title"
record = "data"
list = "POST /things/search"
delete = "POST /things/{id}/archive"

[tool.tidegate.resources.people]
marker = "email"

[tool.tidegate.resources.members]
marker = "email"

[tool.tidegate.resources.notes]
path = "/notes/"
parent = "people"
parent_field = "person_id"

[tool.tidegate.resources.rooms]
path = "/people/{parent.id}/rooms"
parent = "people"
"""
SHOWN: dict[str, Any] = {
    "/v1/people/1": {"id": 1, "email": "Admin@Example.com"},
    "/v1/people/2": {"id": 2, "email": f"test-{RUN}-gw1-0@example.com"},
    "/v1/people/3": {"id": 3, "email": "test-6b0428555b6d-0@example.com"},
    "/v1/people/4": {"id": 4, "email": "somebody@example.com"},
    "/v1/people/me": {"id": 1, "email": ADMIN},
    "/v1/me": {"data": {"login": ADMIN}},
    "/v1/profile": {"status": "success", "data": {"user": {"email": ADMIN}, "links": {}}},
    "/v1/ticket": {"id": 5, "user": {"email": ADMIN}},
    "/v1/account": {"email": ADMIN},
    "/v1/members/1": {"status": "success", "data": {"id": 1, "email": ADMIN}},
    "/v1/members/3": {"data": {"id": 3, "email": "test-6b0428555b6d-0@example.com"}},
    "/v1/people/4/../1": {"id": 1, "email": "nobody-looks-here@example.com"},
    "/v1/cart": {"items": [], "owner": {"email": ADMIN}},
    "/v1/things/2": {"data": {"id": 2, "title": f"test-{RUN}-x"}},
    "/v1/things/3": {"data": {"id": 3, "title": "test-6b0428555b6d-x"}},
    "/v1/notes/2/": {"id": 2, "person_id": 2},
    "/v1/notes/3/": {"id": 3, "person_id": 3},
    "/v1/people/2/rooms/7": {"id": 7},
    "/v1/people/3/rooms/7": {"id": 7},
}


class Wire(httpx.BaseTransport):
    """Answers a GET with what is shown there, everything else with 200, and keeps what arrived."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.bend: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(request)
        if request.method == "GET" and (bent := self.bend(request)):
            return bent
        if request.method != "GET":
            return httpx.Response(200)
        shown = SHOWN.get(path)
        return httpx.Response(404) if shown is None else httpx.Response(200, json=shown)

    @property
    def arrived(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    @property
    def writes(self) -> list[str]:
        return [line for line in self.arrived if not line.startswith(("GET", "HEAD", "OPTIONS"))]


class Site:
    """A client behind the guard, and the wire behind both."""

    def __init__(self, folder: Path, base_url: str, more: str = "", **env: str) -> None:
        (folder / "pyproject.toml").write_text(PYPROJECT + more)
        settings = load(folder, env={"API_ADMIN_EMAIL": ADMIN, "API_ADMIN_PASSWORD": "an-admins-password", **env})
        self.ledger = Ledger(folder / "ledger", f"{RUN}-gw0", base_url, lambda: "a test")
        self.readonly = False
        self.guard = Guard(
            settings,
            base_url,
            settings.resources,
            self.ledger,
            is_readonly=lambda: self.readonly,
            current_test=lambda: "test_it.py::test_a",
        )
        self.wire = Wire()
        self.client = httpx.Client(base_url=base_url, transport=self.guard.around(self.wire))


Open = Callable[..., Site]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return lambda base_url=STAGING, more="", **env: Site(tmp_path, base_url, more, **env)


def refused(site: Site, method: str, url: str, **more: Any) -> str:
    """Why the request was refused; nothing that changes anything has left."""
    with pytest.raises(WriteRefused) as caught:
        site.client.request(method, url, **more)
    assert site.wire.writes == []
    return str(caught.value)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reads_pass_everywhere(opened: Open, method: str) -> None:
    site = opened()
    site.readonly = True
    assert site.client.request(method, "https://elsewhere.example/things").status_code in (200, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPPATCH", "QUERY", "get\u0131"])
def test_on_a_shared_target_nothing_else_leaves(opened: Open, method: str) -> None:
    assert "is a shared target" in refused(opened(), method, "/people")


def test_the_refusal_says_what_was_seen_and_what_to_do_and_shows_no_query(opened: Open) -> None:
    text = refused(opened(), "POST", "https://me:pw@staging.example.com:8443/v1/people?api_key=hunter2")
    assert text.splitlines() == [
        "POST https://staging.example.com:8443/v1/people was not sent: staging.example.com:8443 is a shared target,"
        " on which tests only read",
        "  seen: staging.example.com:8443 is neither loopback (localhost, 127.0.0.1, [::1]) nor listed in"
        " target.disposable; --allow-writes names no host",
        "  next: --allow-writes=staging.example.com:8443 lets this run write there; a host that exists for tests alone"
        " belongs into TIDEGATE_DISPOSABLE, or target.disposable in [tool.tidegate]",
    ]


@pytest.mark.parametrize(
    "disguise",
    [
        {"headers": {"X-HTTP-Method-Override": "DELETE"}},
        {"headers": {"x-http-method": "PUT"}},
        {"headers": {"X-Method-Override": "PATCH"}},
        {"headers": {"X_HTTP_Method_Override": "DELETE"}},
        {"headers": {"X-Method": "DELETE"}},
        {"headers": {"X-Original-Method": "DELETE"}},
        {"headers": {"X-Original-URL": "/v1/people/1/delete"}},
        {"headers": {"X-Rewrite-URL": "/v1/people/1/delete"}},
        {"params": {"_method": "DELETE"}},
        {"params": {"_METHOD": "DELETE"}},
        {"params": {"_method[]": "DELETE"}},
        {"params": {"X-HTTP-Method-Override": "DELETE"}},
        {"data": {"_method": "DELETE"}},
        {"json": {"_method": "DELETE"}},
        {"extensions": {"target": b"/v1/people"}},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/people/1"), ("POST", "/auth/login"), ("POST", "/things/search")]
)
def test_what_passes_does_not_in_disguise(opened: Open, disguise: dict[str, Any], method: str, path: str) -> None:
    refused(opened(), method, path, **disguise)


def test_the_login_and_declared_lists_pass(opened: Open) -> None:
    site = opened()
    site.readonly = True
    site.client.post("/auth/login", json={"email": ADMIN})
    site.client.post("/things/search", json={}, params={"limit": 100, "offset": 0})
    assert site.wire.writes == ["POST /v1/auth/login", "POST /v1/things/search"]


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("PUT", "/auth/login"),
        ("DELETE", "/auth/login"),
        ("POST", "/auth/login/"),
        ("POST", "/auth/login?then=delete"),
        ("POST", "/auth/logout"),
        ("POST", "https://elsewhere.example/v1/auth/login"),
        ("POST", "http://staging.example.com/v1/auth/login"),
        ("POST", "https://staging.example.com:8443/v1/auth/login"),
        ("POST", "/things/search?remove=all"),
        ("POST", "/people/search"),
    ],
)
def test_what_only_looks_like_the_login_or_a_list_does_not_pass(opened: Open, method: str, url: str) -> None:
    refused(opened(), method, url)


def test_a_login_for_another_site_of_the_same_server_does_not_pass(opened: Open) -> None:
    refused(opened(), "POST", "/auth/login", headers={"Host": "production.example.com"})


def test_a_collection_that_is_listed_by_the_request_that_makes_a_record_stays_closed(tmp_path: Path) -> None:
    site = Site(tmp_path, STAGING)
    (tmp_path / "pyproject.toml").write_text('[tool.tidegate.resources.things]\nlist = "POST"\n')
    settings = load(tmp_path, env={})
    site.client = httpx.Client(
        base_url=STAGING, transport=Guard(settings, STAGING, settings.resources).around(site.wire)
    )
    refused(site, "POST", "/things")


RPC = """
[tool.tidegate.login]
path = "/graphql"
body = { query = "mutation login", variables = { email = "{email}", text = "by {email}" } }

[tool.tidegate.resources.jobs]
marker = "title"
list = "POST /rpc?op=jobs&after={prefix}"
list_body = { method = "jobs.list", tags = ["all", 1], prefix = "{prefix}" }
"""
LISTS = {"method": "jobs.list", "tags": ["all", 1]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/graphql", {"query": "mutation { deleteAll }"}),
        ("/graphql", {"query": "mutation login", "variables": {"text": "delete all"}}),
        ("/graphql", ["mutation login"]),
        ("/rpc?op=jobs&after=a", {"method": "jobs.clear", "tags": ["all", 1]}),
        ("/rpc?op=jobs&after=a", {"method": "jobs.list", "tags": ["all", 1, 2]}),
        ("/rpc?op=jobs&after=a", {"method": "jobs.list", "tags": "all"}),
        ("/rpc?op=clear&after=a", LISTS),
        ("/rpc?op=jobs&op=clear", LISTS),
        ("/rpc?after=a", LISTS),
    ],
)
def test_what_the_declared_login_or_list_does_not_say_does_not_pass_as_one(opened: Open, path: str, body: Any) -> None:
    refused(opened(more=RPC), "POST", path, json=body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/graphql", {"query": "mutation login", "variables": {"email": 5, "text": "by anybody"}, "more": True}),
        ("/rpc?op=jobs&after=a&limit=100", {**LISTS, "prefix": "test-", "offset": 0}),
    ],
)
def test_the_login_and_lists_pass_with_what_stands_in_the_settings(opened: Open, path: str, body: Any) -> None:
    site = opened(more=RPC)
    site.client.post(path, json=body)
    assert len(site.wire.writes) == 1


def test_a_form_that_says_a_fixed_field_twice_does_not_pass_as_the_login(opened: Open) -> None:
    site = opened(more='[tool.tidegate.login]\nkind = "form"\nbody = { op = "login", email = "{email}" }\n')
    refused(site, "POST", "/auth/login", data={"op": ["clear", "login"]})
    refused(site, "POST", "/auth/login", content=iter([b"op=login"]))
    site.client.post("/auth/login", data={"op": "login", "email": ADMIN})
    assert len(site.wire.writes) == 1


@pytest.mark.parametrize("kind", ["basic", "token", "none"])
def test_where_nobody_logs_in_by_a_request_none_passes_as_the_login(opened: Open, kind: str) -> None:
    refused(opened(more=f'[tool.tidegate.login]\nkind = "{kind}"\n'), "POST", "/auth/login")


# --- what this run has made ---


def test_what_this_run_made_may_be_deleted_but_not_changed(opened: Open) -> None:
    site = opened()
    site.ledger.made("people", "9", None, None)
    site.ledger.made("things", "9", None, None)
    refused(site, "PATCH", "/people/9", json={})
    refused(site, "DELETE", "/things/9")
    refused(site, "DELETE", "/people/9/notes")
    site.client.delete("/people/9")
    site.client.post("/things/9/archive")
    assert site.wire.writes == ["DELETE /v1/people/9", "POST /v1/things/9/archive"]


def test_an_id_that_may_have_been_given_again_is_looked_at(opened: Open) -> None:
    site = opened()
    site.ledger.made("people", "4", None, None)
    site.ledger.gone("people", "4")
    refused(site, "DELETE", "/people/4")


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/people/3", "/notes/3/", "/people/3/rooms/7"])
def test_what_this_run_made_is_another_runs_once_the_id_was_given_again(opened: Open, method: str, path: str) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    for key in (("people", "3", ""), ("notes", "3", ""), ("rooms", "7", "3")):
        site.ledger.made(*key[:2], None, None, key[2])
    assert "run 6b0428555b6d" in refused(site, method, path)


def test_what_this_run_made_is_not_deleted_once_its_marker_is_somebodys(opened: Open) -> None:
    site = opened()
    site.ledger.made("people", "4", f"test-{RUN}-gw0-1@example.com", None)
    refused(site, "DELETE", "/people/4")


def test_an_id_that_is_told_apart_by_its_parent_is_this_runs_below_that_parent_alone(opened: Open) -> None:
    site = opened(LOCAL)
    site.ledger.made("rooms", "7", None, "5", "5")
    site.client.delete("/people/5/rooms/7")
    site.client.delete("/people/9/rooms/7")
    assert site.wire.arrived == [
        "DELETE /v1/people/5/rooms/7",
        "GET /v1/people/9/rooms/7",
        "DELETE /v1/people/9/rooms/7",
    ]


@pytest.mark.parametrize("path", ["/people/2", "/notes/2/", "/notes/2", "/people/2/rooms/7"])
def test_a_record_with_this_runs_marker_may_be_deleted_by_each_worker(opened: Open, path: str) -> None:
    site = opened()
    site.client.delete(path)
    assert len(site.wire.writes) == 1


@pytest.mark.parametrize(
    "path",
    ["/people/1", "/people/3", "/people/4", "/people/77", "/notes/3/", "/people/3/rooms/7", "/people/me", "/people"],
)
def test_nobody_elses_record_is_deleted(opened: Open, path: str) -> None:
    refused(opened(), "DELETE", path)


def test_the_declared_way_to_delete_is_known(opened: Open) -> None:
    site = opened()
    refused(site, "POST", "/things/3/archive")
    refused(site, "POST", "/things/2/archive?purge=all")
    site.client.post("/things/2/archive")
    assert site.wire.writes == ["POST /v1/things/2/archive"]


def test_what_this_run_made_is_not_deleted_at_another_site_of_the_same_server(opened: Open) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    site.ledger.made("people", "9", None, None)
    refused(site, "DELETE", "/people/9", headers={"Host": "production.example.com"})


@pytest.mark.parametrize("path", ["/people/9/%2e%2e/1", "/people/9%2f..%2f1", "/people/9/%252e%252e/1"])
def test_a_record_of_this_run_hides_no_other_one(opened: Open, path: str) -> None:
    site = opened(LOCAL)
    site.ledger.made("people", "9", None, None)
    site.ledger.made("people", "9/../1", None, None)
    refused(site, "DELETE", path)


# --- --allow-writes ---


@pytest.mark.parametrize("named", ["staging.example.com", "STAGING.example.com", "staging.example.com:443"])
def test_the_named_host_may_be_written_to_and_no_other(opened: Open, named: str) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES=named)
    refused(site, "POST", "https://elsewhere.example/v1/people")
    refused(site, "POST", "https://staging.example.com./v1/people")
    refused(site, "POST", "/people", headers={"Host": "production.example.com"})
    site.client.post("/people", json={})
    assert site.wire.writes == ["POST /v1/people"]


@pytest.mark.parametrize("named", ["example.com", "xstaging.example.com", "staging.example.com:8443"])
def test_a_host_that_is_only_like_the_named_one_is_closed(opened: Open, named: str) -> None:
    assert f"--allow-writes names {named}" in refused(opened(TIDEGATE_ALLOW_WRITES=named), "POST", "/people")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/people/3"), ("PATCH", "/people/3"), ("PUT", "/notes/3/")])
def test_records_of_other_runs_stay_as_they_are_on_a_shared_target(opened: Open, method: str, path: str) -> None:
    text = refused(opened(TIDEGATE_ALLOW_WRITES="staging.example.com"), method, path)
    assert "run 6b0428555b6d" in text


def test_a_clean_up_of_dead_runs_may_remove_their_records(opened: Open) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    site.guard.spares_others = False
    site.client.delete("/people/3")
    assert site.wire.writes == ["DELETE /v1/people/3"]


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_on_a_shared_target_a_record_that_cannot_be_looked_at_stays_as_it_is(opened: Open, status: int) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    site.wire.bend = lambda _request: httpx.Response(status)
    assert f"a GET of the record answered {status}" in refused(site, "PATCH", "/people/4", json={})


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410])
def test_somebody_who_may_not_see_a_record_is_refused_by_the_api_itself(opened: Open, status: int) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    site.wire.bend = lambda _request: httpx.Response(status)
    site.client.patch("/people/4", json={})
    assert len(site.wire.writes) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/people", "/people/", "//people", "/people/4/%2e%2e", "/people/3/rooms"])
def test_a_whole_collection_is_changed_on_no_shared_target(opened: Open, method: str, path: str) -> None:
    site = opened(TIDEGATE_ALLOW_WRITES="staging.example.com")
    refused(site, method, f"{STAGING}{path}", json={})


def test_a_declared_request_to_a_collection_is_none_to_all_of_it(opened: Open) -> None:
    site = opened(
        more='[tool.tidegate.resources.keys]\ncreate = "PUT /keys"\n', TIDEGATE_ALLOW_WRITES="staging.example.com"
    )
    refused(site, "DELETE", "/keys")
    site.client.put("/keys", json={})
    assert site.wire.writes == ["PUT /v1/keys"]


def test_on_a_disposable_target_a_whole_collection_is_tried_and_suspected_first(opened: Open) -> None:
    site = opened(LOCAL)
    site.client.post("/auth/password", json={"password": "x"})
    site.client.delete("/people")
    assert next(suspect.request for suspect in site.guard.suspects) == "DELETE /v1/people answered 200"


# --- readonly ---


@pytest.mark.parametrize("base_url", [STAGING, LOCAL])
def test_a_readonly_test_sends_nothing_that_changes_anything(opened: Open, base_url: str) -> None:
    site = opened(base_url)
    site.readonly = True
    site.ledger.made("people", "9", None, None)
    for method, path in (("POST", "/people"), ("PATCH", "/people/9"), ("DELETE", "/people/4")):
        assert "marked readonly" in refused(site, method, path)
    site.client.delete("/people/9")
    assert site.wire.writes == ["DELETE /v1/people/9"]


# --- the admin ---


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/people/1", None),
        ("PATCH", "/people/1", {"name": "x"}),
        ("PUT", "/people/1", {}),
        ("POST", "/people/1/deactivate", None),
        ("PUT", "/people/1/password", {}),
        ("PATCH", "/people/me", {}),
        ("PATCH", "/me", {}),
        ("DELETE", "/me", None),
        ("POST", "/auth/password", {"old": "an-admins-password", "new_password": "x"}),
        ("PATCH", "/profile", {}),
        ("DELETE", "/members/1", None),
        ("PATCH", "/members/1", {}),
        ("PATCH", "/people/4/%2e%2e/1", {}),
        ("PATCH", "/people/4/%252E%252e/1", {}),
        ("PATCH", "/people/4%2f..%2f1", {}),
        ("PATCH", "/people/4/..%5C1", {}),
        ("PATCH", "/people/1%2froles", {}),
        ("PATCH", "/people//1", {}),
        ("DELETE", "/nowhere/%2e%2e/people/1", None),
        ("PATCH", "/p%65ople/%31", {}),
        ("PUT", "/account/password", {"password": "x"}),
        ("POST", "/account/change-password", {"password": "x"}),
        ("POST", "/auth/password", {"currentPassword": "an-admins-password", "password": "x"}),
        ("POST", "/auth/password", {"oldPwd": "an-admins-password", "newPwd": "x"}),
        ("POST", "/auth/reset", {"user": {"email": ADMIN.upper(), "passwordConfirmation": "x"}}),
    ],
)
def test_the_admin_can_be_neither_deleted_nor_changed(opened: Open, method: str, path: str, body: Any) -> None:
    text = refused(opened(LOCAL), method, path, json=body)
    assert "would change the seeded admin" in text
    assert "an-admins-password" not in text


def test_the_admin_can_be_changed_where_that_is_allowed(opened: Open) -> None:
    site = opened(LOCAL, TIDEGATE_TARGET_ALLOW_ADMIN_CHANGES="true")
    site.client.delete("/people/1")
    assert site.wire.writes == ["DELETE /v1/people/1"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/people", {"email": ADMIN, "name": "x", "password": "x", "password_confirmation": "x"}),
        ("POST", "/auth/login", {"email": ADMIN, "password": "wrong"}),
        ("POST", "/oauth/token", {"username": ADMIN, "password": "wrong"}),
        ("PATCH", "/people/2", {"email": ADMIN}),
        ("PATCH", "/ticket", {"title": "x"}),
        ("POST", "/auth/check", {"email": ADMIN, "old_password": "x"}),
        ("POST", "/auth/password", {"current_password": "x", "password": "y"}),
        ("PATCH", "/people/77", {"name": "x"}),
        ("PATCH", "/people/1/rooms/9", {"name": "x"}),
        ("PUT", "/cart", {}),
        ("DELETE", "/people/4", None),
    ],
)
def test_the_usual_negative_tests_pass(opened: Open, method: str, path: str, body: Any) -> None:
    site = opened(LOCAL)
    site.client.request(method, path, json=body)
    assert len(site.wire.writes) == 1


def test_an_account_that_has_the_admins_password_as_well_can_change_it(opened: Open) -> None:
    site = opened(LOCAL)
    change = {"current_password": "an-admins-password", "new_password": "x"}
    refused(site, "POST", "/auth/password", json=change)
    site.client.post("/people", json={"email": "somebody@example.com", "password": "an-admins-password"})
    site.client.post("/auth/password", json=change)
    assert site.wire.writes == ["POST /v1/people", "POST /v1/auth/password"]
    with pytest.raises(WriteRefused):
        site.client.post("/auth/password", json={"email": ADMIN, **change})


@pytest.mark.parametrize(
    "headers",
    [
        *({"Accept": "text/html"}, {"If-None-Match": '"v0"'}, {"If-Modified-Since": "x"}, {"if-match": "x"}),
        *({"If-Range": "x"}, {"Range": "bytes=0-1"}, {"Accept-Encoding": "br"}, {"X_HTTP_Method": "PUT"}),
    ],
    ids=str,
)
def test_no_header_of_the_request_blinds_the_look(opened: Open, headers: dict[str, str]) -> None:
    site = opened(LOCAL)
    refused(site, "PATCH", "/people/1", json={}, headers=headers)
    [look] = site.wire.requests
    assert look.headers["Accept"].startswith("application/json")
    assert not {name.lower() for name in headers} & set(look.headers) - {"accept", "accept-encoding"}
    assert look.headers["Accept-Encoding"] == "identity"


def test_the_look_asks_for_the_kind_that_all_requests_ask_for(opened: Open) -> None:
    site = opened(LOCAL, more='[tool.tidegate.client]\nheaders = { accept = "application/vnd.x+json" }\n')
    refused(site, "PATCH", "/people/1", json={})
    assert site.wire.requests[0].headers["Accept"] == "application/vnd.x+json"


def test_the_look_carries_a_session_that_is_in_the_query(opened: Open) -> None:
    site = opened(LOCAL, more='[tool.tidegate.login]\nsend = "?api_key={token}"\n')
    site.wire.bend = lambda request: None if request.url.query == b"api_key=a%20key" else httpx.Response(401)
    refused(site, "DELETE", "/people/1?api_key=a%20key")
    refused(site, "DELETE", "/people/1?force=1&api_key=a%20key")


def test_a_session_in_the_query_makes_nothing_else_of_a_request(opened: Open) -> None:
    site = opened(more='[tool.tidegate.login]\nsend = "?api_key={token}"\n')
    site.ledger.made("people", "2", None, None)
    site.client.delete("/people/2?api_key=x")
    site.client.post("/things/search?api_key=x", json={})
    assert len(site.wire.writes) == 2


def test_the_look_goes_where_the_api_redirects_it_to_and_to_no_other_server(opened: Open) -> None:
    site = opened(LOCAL)
    where = "/v1/people/1"
    site.wire.bend = lambda request: (
        httpx.Response(308, headers={"Location": where}) if request.url.path == "/v1/people/old" else None
    )
    refused(site, "PATCH", "/people/old", json={})
    where = "http://elsewhere.example/v1/people/1"
    site.client.patch("/people/old", json={})
    assert {request.url.host for request in site.wire.requests} == {"localhost"}


def test_the_look_asks_as_the_request_would_and_changes_nothing_in_it(opened: Open) -> None:
    site = opened(LOCAL)
    headers = {"Authorization": "Bearer x", "X-Http-Method-Override": "PATCH"}
    site.client.post("/people/4", json={"name": "x"}, headers=headers)
    look, sent = site.wire.requests
    assert (look.method, look.url.path, look.headers["Authorization"]) == ("GET", "/v1/people/4", "Bearer x")
    assert not {"content-length", "content-type", "x-http-method-override"} & set(look.headers)
    assert json.loads(sent.read()) == {"name": "x"}


@pytest.mark.parametrize("base_url", [LOCAL, "http://localhost:9999"])
def test_what_this_run_made_and_what_is_no_record_of_the_api_is_not_looked_at(opened: Open, base_url: str) -> None:
    site = opened(LOCAL)
    site.ledger.made("people", "9", None, None)
    site.client.patch(f"{base_url}/people/9" if base_url != LOCAL else "/people/9", json={})
    assert len(site.wire.arrived) == 1


# --- when the admin stopped working ---


def test_what_may_have_harmed_the_admin_is_remembered_the_most_likely_first(opened: Open) -> None:
    site = opened(LOCAL)
    site.ledger.made("people", "9", None, None)
    site.client.post("/things", json={})
    site.client.patch("/people/9", json={})
    site.client.delete("/people/4")
    site.client.post("/auth/password", json={"password": "x"})
    site.client.post("/settings", json={"x": 1})
    assert [(suspect.test, suspect.request) for suspect in site.guard.suspects] == [
        ("test_it.py::test_a", "POST /v1/auth/password answered 200"),
        ("test_it.py::test_a", "POST /v1/settings answered 200"),
        ("test_it.py::test_a", "DELETE /v1/people/4 answered 200"),
    ]


def test_a_login_of_the_admin_clears_all_that_came_before(opened: Open) -> None:
    site = opened(LOCAL)
    site.client.delete("/people/4")
    site.client.post("/auth/login", json={"email": "viewer@example.com", "password": "x"})
    assert len([*site.guard.suspects]) == 1
    site.client.post("/auth/login", json={"email": ADMIN, "password": "an-admins-password"})
    assert [*site.guard.suspects] == []


def test_the_memory_is_bounded_and_keeps_the_most_likely(opened: Open) -> None:
    site = opened(LOCAL)
    site.client.post("/auth/password", json={"password": "x"})
    for number in range(200):
        site.client.post(f"/jobs/{number}", json={})
    kept = [suspect.request for suspect in site.guard.suspects]
    assert (len(kept), kept[0]) == (50, "POST /v1/auth/password answered 200")


def test_the_guards_own_questions_count_as_requests_of_the_run(tmp_path: Path, stub: Bent) -> None:
    [number] = stub.seed_users("somebody@example.com")
    settings = settings_of(tmp_path, stub)
    wire = open_wire(settings, stub.url, budget=Budget(1, 1, lambda: "test_it.py::test_a"))
    with httpx.Client(base_url=stub.url, transport=wire) as client, pytest.raises(BudgetSpent):
        client.delete(f"/users/{number}")
    assert stub.requests == []
