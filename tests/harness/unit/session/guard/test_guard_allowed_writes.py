"""What --allow-writes opens and leaves closed, and what a readonly test may send."""

from __future__ import annotations

import httpx
import pytest
from unit.session.guard.guarded_site import LOCAL, STAGING, Open, refused


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


@pytest.mark.parametrize("base_url", [STAGING, LOCAL])
def test_a_readonly_test_sends_nothing_that_changes_anything(opened: Open, base_url: str) -> None:
    site = opened(base_url)
    site.readonly = True
    site.ledger.made("people", "9", None, None)
    for method, path in (("POST", "/people"), ("PATCH", "/people/9"), ("DELETE", "/people/4")):
        assert "marked readonly" in refused(site, method, path)
    site.client.delete("/people/9")
    assert site.wire.writes == ["DELETE /v1/people/9"]
