from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from projects import PYPROJECT, Answer, Bent, Call, scene_of, settings_of

from tidegate.errors import ApiNotHealthy
from tidegate.records import CleanUp, Made
from tidegate.session.guard import Guard
from tidegate.session.login.session import Session
from tidegate.session.scene import open_scene
from tidegate.session.undo import undo

RUN = "6742a1b3c0de"
OURS = f"test-{RUN}-0123456789@example.com"
ANY_RUN = pytest.mark.parametrize("live", [True, False], ids=["own ledger", "dead run's ledger"])


def user(id_: Any, marker: str | None = OURS) -> Made:
    return Made("users", str(id_), RUN, "test_x", marker)


def order(id_: Any, parent: Any) -> Made:
    return Made("orders", str(id_), RUN, "test_x", None, str(parent))


def undone(stub: Bent, folder: Path, *made: Made, live: bool, pyproject: str = PYPROJECT, **env: str) -> CleanUp:
    scene = scene_of(settings_of(folder, stub, pyproject, **env))
    with scene.client:
        return undo(scene, made, live=live)


@ANY_RUN
def test_what_the_run_made_goes_newest_first(stub: Bent, tmp_path: Path, live: bool) -> None:
    (mine,) = stub.seed_users(OURS)
    first, second = stub.order_for(mine), stub.order_for(mine)
    done = undone(stub, tmp_path, user(mine), order(first, mine), order(second, mine), live=live)
    assert [item.path for item in done.removed] == [f"/orders/{second}", f"/orders/{first}", f"/users/{mine}"]
    assert {item.test for item in done.removed} == {"test_x"}
    assert (done.stuck, stub.emails(), stub.rows("orders")) == ([], set(), [])


@ANY_RUN
@pytest.mark.parametrize("email", ["else@example.com", "test-6742a1b3c0dd-1@x.y", "TEST-6742a1b3c0de-1@x.y"])
def test_an_id_that_is_somebody_elses_by_now_is_left_alone(stub: Bent, tmp_path: Path, live: bool, email: str) -> None:
    (theirs,) = stub.seed_users(email)
    their_order = stub.order_for(theirs)
    done = undone(stub, tmp_path, user(theirs), order(their_order, theirs), order(their_order, 999), live=live)
    assert stub.emails() == {email}
    assert len(stub.rows("orders")) == 1
    assert (done.removed, done.stuck) == ([], [])


@ANY_RUN
def test_the_seeded_admin_stays_even_when_the_ledger_names_it(stub: Bent, tmp_path: Path, live: bool) -> None:
    done = undone(stub, tmp_path, user(1, "admin@example.com"), live=live)
    assert len(stub.rows()) == 1
    assert (done.removed, done.stuck) == ([], [])


def test_an_unmarked_record_that_the_ledger_names_is_ours_while_the_run_lasts(stub: Bent, tmp_path: Path) -> None:
    (mine,) = stub.seed_users("Renamed@example.com")
    undone(stub, tmp_path, user(mine, "Renamed@example.com"), live=True)
    assert stub.emails() == set()


def test_an_unmarked_record_that_a_dead_run_names_is_stuck_and_not_deleted(stub: Bent, tmp_path: Path) -> None:
    (mine,) = stub.seed_users("Renamed@example.com")
    done = undone(stub, tmp_path, user(mine, "Renamed@example.com"), live=False)
    assert [item.reason[:38] for item in done.stuck] == ["its marker does not start with the pre"]
    assert stub.emails() == {"Renamed@example.com"}


@pytest.mark.parametrize(
    ("shared", "live", "said_gone", "removed"),
    [("", True, False, 1), ("", True, True, 0), ("", False, False, 0), ("127.0.0.1", True, False, 0)],
)
def test_an_orphan_is_ours_only_where_nobody_else_makes_records_and_nothing_says_that_it_went(
    stub: Bent, tmp_path: Path, shared: str, live: bool, said_gone: bool, removed: int
) -> None:
    (parent,) = stub.seed_users(OURS)
    orphan = stub.order_for(parent)
    del stub.records.tables["users"][parent]
    made = replace(order(orphan, parent), gone=said_gone)
    done = undone(stub, tmp_path, made, live=live, TIDEGATE_SHARED=shared, TIDEGATE_ALLOW_WRITES="127.0.0.1")
    assert (len(done.removed), len(stub.rows("orders"))) == (removed, 1 - removed)
    assert [item.reason[:29] for item in done.stuck] == ["what it belongs to is gone, a"] * (1 - removed)


def test_what_goes_with_its_parent_during_the_look_is_gone(stub: Bent, tmp_path: Path) -> None:
    (parent,) = stub.seed_users(OURS)
    part = stub.order_for(parent)

    def goes(call: Call, usual: Any) -> Answer:
        if call.path == f"/users/{parent}" and stub.rows("orders"):
            stub.records.delete("users", parent)
        return usual(call)  # type: ignore[no-any-return]

    stub.bend = goes
    assert undone(stub, tmp_path, order(part, parent), live=True) == CleanUp()
    assert not any(request.startswith("DELETE") for request in stub.requests)


def test_what_is_another_runs_when_it_would_be_deleted_is_not_stuck(stub: Bent, tmp_path: Path) -> None:
    (mine,) = stub.seed_users(OURS)
    place = stub.url.removeprefix("http://")
    settings = settings_of(tmp_path, stub, TIDEGATE_SHARED=place, TIDEGATE_ALLOW_WRITES=place)

    def given_again(call: Call, usual: Any) -> Answer:
        answer: Answer = usual(call)
        if call.path == f"/users/{mine}":
            stub.records.tables["users"][mine] |= {"email": "test-6b0428555b6d-1@example.com"}
            return Answer(answer.status, {"id": mine, "email": OURS} if first.pop() else answer.body)
        return answer

    first, stub.bend = [False, True], given_again
    guard = Guard(settings, settings.base_url, settings.resources)
    scene = open_scene(settings, settings.base_url, settings.resources, guard=guard.around)
    with scene.client:
        assert undo(scene, [user(mine)], live=True) == CleanUp()
    assert (len(stub.emails()), first) == (1, [])


@ANY_RUN
def test_what_is_gone_already_needs_nothing(stub: Bent, tmp_path: Path, live: bool) -> None:
    assert undone(stub, tmp_path, user(99), order(98, 99), live=live) == CleanUp()


@ANY_RUN
@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_record_that_cannot_be_looked_at_is_stuck_and_not_deleted(
    stub: Bent, tmp_path: Path, live: bool, status: int
) -> None:
    (mine,) = stub.seed_users(OURS)
    stub.answers("GET", "/users/", Answer(status))
    done = undone(stub, tmp_path, user(mine), live=live)
    assert [(item.path, item.reason, item.test) for item in done.stuck] == [
        (f"/users/{mine}", f"GET answered {status}", "test_x")
    ]
    assert not any(request.startswith("DELETE") for request in stub.requests)


@ANY_RUN
@pytest.mark.parametrize("body", [{}, {"email": 5}, [], "text", None])
def test_a_record_that_does_not_tell_whose_it_is_is_stuck(stub: Bent, tmp_path: Path, live: bool, body: object) -> None:
    (mine,) = stub.seed_users(OURS)
    stub.answers("GET", "/users/", Answer(200, body))
    (stuck,) = undone(stub, tmp_path, user(mine), live=live).stuck
    assert stuck.reason == "nothing in it tells whose it is"
    assert stub.emails() == {OURS}


@pytest.mark.parametrize("live", [True, False])
def test_without_any_marker_only_the_own_ledger_is_trusted(stub: Bent, tmp_path: Path, live: bool) -> None:
    (mine,) = stub.seed_users("else@example.com")
    done = undone(stub, tmp_path, user(mine), live=live, pyproject="[tool.tidegate.resources.users]\n")
    assert len(done.removed) == live
    assert len(done.stuck) == (not live)


@pytest.mark.parametrize("answer", [Answer(204), Answer(200, {}), Answer(202)])
def test_a_delete_that_lies_is_noticed_also_where_nothing_can_be_listed(
    stub: Bent, tmp_path: Path, answer: Answer
) -> None:
    """202 promises no more than to begin."""
    (mine,) = stub.seed_users(OURS)
    stub.answers("DELETE", "/users", answer)
    done = undone(
        stub, tmp_path, user(mine), live=True, pyproject='[tool.tidegate.resources.users]\nmarker = "email"\n'
    )
    lied = answer.status != 202
    assert [(item.path, item.reason) for item in done.stuck] == [
        (f"/users/{mine}", "DELETE was answered with success, but the record is still there")
    ] * lied
    assert len(done.removed) == (not lied)


@pytest.mark.parametrize(
    ("gone", "stuck"), [("deleted_at", 0), ("state=archived", 0), ("state=lost", 1), ("nowhere", 1), ("", 1)]
)
def test_a_record_that_shows_that_it_was_deleted_is_no_leftover(
    stub: Bent, tmp_path: Path, gone: str, stuck: int
) -> None:
    (mine,) = stub.seed_users(OURS)

    def soft(call: Call, usual: Any) -> Answer:
        answer: Answer = usual(call) if call.method != "DELETE" else Answer(204)
        if call.method == "DELETE":
            stub.records.tables["users"][mine] |= {"deleted_at": "now", "state": "archived", "name": ""}
        return answer

    stub.bend = soft
    settings = f'[tool.tidegate.resources.users]\nmarker = "email"\ngone = "{gone}"\n'
    done = undone(stub, tmp_path, user(mine), live=True, pyproject=settings)
    assert (len(done.stuck), len(done.removed)) == (stuck, 1 - stuck)


def test_statuses_that_mean_missing_are_heeded(stub: Bent, tmp_path: Path) -> None:
    stub.answers("GET", "/users/", Answer(403))
    settings = '[tool.tidegate.resources.users]\nmarker = "email"\nmissing = ["403", "404"]\n'
    assert undone(stub, tmp_path, user(99), live=True, pyproject=settings) == CleanUp()


def test_a_forbidden_delete_is_told_also_where_403_means_missing(stub: Bent, tmp_path: Path) -> None:
    (mine,) = stub.seed_users(OURS)
    stub.answers("DELETE", "/users/", Answer(403))
    settings = '[tool.tidegate.resources.users]\nmarker = "email"\nmissing = ["403"]\n'
    (stuck,) = undone(stub, tmp_path, user(mine), live=True, pyproject=settings).stuck
    assert stuck.reason == "DELETE answered 403"


def test_a_resource_that_is_no_longer_declared_is_stuck(stub: Bent, tmp_path: Path) -> None:
    (stuck,) = undone(stub, tmp_path, Made("parts", "1", RUN, "test_x"), live=False).stuck
    assert (stuck.path, stuck.reason) == ("parts 1", "that resource is no longer declared")


def test_an_id_that_needs_quoting_is_quoted(stub: Bent, tmp_path: Path) -> None:
    undone(stub, tmp_path, user("a/b ?ä"), live=True)
    assert "GET /users/a%2Fb%20%3F%C3%A4" in stub.requests


def test_an_api_that_is_gone_is_no_refusal_of_the_login(tmp_path: Path) -> None:
    with Bent() as stub:
        settings = settings_of(tmp_path, stub)
    scene = scene_of(settings)
    with scene.client, pytest.raises(ApiNotHealthy, match="no answer to the login"):
        undo(scene, [user(1)], live=True)


def test_an_api_that_hangs_is_waited_for_once(stub: Bent, tmp_path: Path) -> None:
    """The second record fails with the time-out of the first: the server sees no further request."""
    silence = threading.Event()
    stub.bend = lambda call, usual: (silence.wait(5), usual(call))[1]
    settings = settings_of(tmp_path, stub, TIDEGATE_CLIENT_TIMEOUT="0.3")
    scene = open_scene(settings, settings.base_url, settings.resources, Session(headers={"Authorization": "Bearer x"}))
    with scene.client:
        done = undo(scene, [user(1), user(2), user(3)], live=True)
    silence.set()
    assert [item.reason.split(" ")[2] for item in done.stuck] == ["ReadTimeout"] * 3
    assert [request for request in stub.requests if "/users/" in request] == ["GET /users/3"]
