"""The look at a record before a request to it: how it asks, where it goes, and when there is none."""

from __future__ import annotations

import json

import httpx
import pytest
from unit.session.guard.guarded_site import LOCAL, Open, refused


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
