"""Which records this run may delete: those that it made, and no other that has their id or hides behind one."""

from __future__ import annotations

import pytest
from unit.session.guard.guarded_site import LOCAL, RUN, Open, refused


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
