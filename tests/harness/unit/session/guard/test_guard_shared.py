"""What passes on a shared target: reads, the login and declared lists, and nothing that only looks like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from unit.session.guard.guarded_site import ADMIN, STAGING, Open, Site, refused

from tidegate.session.guard import Guard
from tidegate.settings import load


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
