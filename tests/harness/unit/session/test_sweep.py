from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from projects import PYPROJECT, Answer, Bent, Call, Variant, scene_of, settings_of

from tidegate.records import CleanUp
from tidegate.session.sweep import sweep

FOREIGN = [
    "testimony@example.com",
    "TEST-1@example.com",
    "Test-2@example.com",
    "test.3@example.com",
    "test_4@example.com",
    "test@example.com",
    "latest-5@example.com",
    "a.test-6@example.com",
    "\u200btest-7@example.com",
    "test\u20108@example.com",
    " test-9@example.com",
]


def ours(count: int) -> list[str]:
    return [f"test-{number}@example.com" for number in range(count)]


def swept(stub: Bent, folder: Path, pyproject: str = PYPROJECT, prefix: str = "test-", **env: str) -> CleanUp:
    scene = scene_of(settings_of(folder, stub, pyproject, **env))
    with scene.client:
        return sweep(scene, prefix)


def contains(rows: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    return [row for row in rows if query["email_prefix"].lower() in row["email"].lower()]


def shuffled(rows: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    return random.sample(contains(rows, query), len(contains(rows, query)))


def unfiltered(rows: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    return rows


HABITS: dict[str, tuple[Variant, dict[str, Any] | None]] = {
    "as the example does": (Variant(), None),
    "bare lists": (Variant(listing="bare"), None),
    "no total": (Variant(total=False), None),
    "ids that are texts": (Variant(ids="uuid"), None),
    "filter ignored": (Variant(email_prefix=False), None),
    "filter means contains, in any case": (Variant(), {"choose": contains}),
    "filter ignored, limit capped": (Variant(), {"choose": unfiltered, "cap": 7}),
    "limit of one": (Variant(), {"choose": contains, "cap": 1}),
    "offset ignored": (Variant(), {"choose": contains, "offset": False}),
    "another order each time": (Variant(), {"choose": shuffled, "cap": 20}),
    "newest first": (Variant(), {"choose": lambda rows, _query: rows[::-1], "cap": 10}),
    "envelope data": (Variant(), {"choose": contains, "shape": lambda page: {"data": page}}),
    "envelope of the resource's name": (Variant(), {"choose": contains, "shape": lambda page: {"users": page}}),
    "gone answers 410, deleted 200": (Variant(gone=410, deleted=200), None),
}


@pytest.mark.parametrize("habit", HABITS)
def test_exactly_ours_go_with_what_belongs_to_them_whatever_the_server_makes_of_the_query(
    tmp_path: Path, habit: str
) -> None:
    variant, bent = HABITS[habit]
    with Bent(variant) as stub:
        if bent:
            stub.lists(**bent)
        foreign = stub.seed_users(*FOREIGN)
        mine = stub.seed_users(*ours(120 if habit == "offset ignored" else 25))
        foreign_order = stub.order_for(foreign[0])
        stub.order_for(mine[0])
        stub.order_for(mine[0])
        done = swept(stub, tmp_path)
        assert stub.emails() == set(FOREIGN)
        assert [row["id"] for row in stub.rows("orders")] == [foreign_order]
        assert {item.path for item in done.removed if "users" in item.path} == {f"/users/{id_}" for id_ in mine}
        assert (done.stuck, done.notes) == ([], [])
        again = swept(stub, tmp_path)
        assert (again.removed, again.stuck) == ([], [])
        assert stub.emails() == set(FOREIGN)


@pytest.mark.parametrize("filtered", [True, False])
def test_a_thousand_leftovers_of_which_half_are_foreign(tmp_path: Path, filtered: bool) -> None:
    with Bent(Variant(email_prefix=filtered)) as stub:
        kinds = ("testimony{}@example.com", "TEST-{}@example.com", "test.{}@example.com", "test_{}@example.com")
        foreign = [kinds[number % 4].format(number) for number in range(500)]
        stub.seed_users(*(email for pair in zip(foreign, ours(500), strict=True) for email in pair))
        assert len(swept(stub, tmp_path).removed) == 500
        assert stub.emails() == set(foreign)
        assert swept(stub, tmp_path).removed == []


def test_only_the_prefix_that_was_asked_for_goes(stub: Bent, tmp_path: Path) -> None:
    stub.seed_users("test-6742a1b3c0de-1@x.y", "test-6742a1b3c0de-gw1-1@x.y", "test-6742a1b3c0d-1@x.y")
    swept(stub, tmp_path, prefix="test-6742a1b3c0de-")
    assert stub.emails() == {"test-6742a1b3c0d-1@x.y"}


@pytest.mark.parametrize("email", ["test-admin@example.com", "Test-Admin@Example.com"])
def test_the_seeded_admin_stays_even_when_marked(tmp_path: Path, email: str) -> None:
    with Bent(admin=("test-admin@example.com", "pw-of-admin")) as stub:
        done = swept(stub, tmp_path, API_ADMIN_EMAIL=email, API_ADMIN_PASSWORD="pw-of-admin")
        assert len(stub.rows()) == 1
        assert (done.removed, done.stuck) == ([], [])


def test_a_childs_list_that_shows_foreign_records_costs_none_of_them(stub: Bent, tmp_path: Path) -> None:
    foreign, mine = stub.seed_users("else@x.y", "test-1@x.y")
    kept, gone = stub.order_for(foreign), stub.order_for(mine)

    def bend(call: Call, usual: Any) -> Answer:
        if (call.method, call.path) == ("GET", "/orders"):
            call.query.pop("user_id", None)
        if call.method == "DELETE" and call.path == f"/users/{mine}":
            assert gone not in [row["id"] for row in stub.rows("orders")], "children go first"
        return usual(call)  # type: ignore[no-any-return]

    stub.bend = bend
    assert swept(stub, tmp_path).stuck == []
    assert [row["id"] for row in stub.rows("orders")] == [kept]
    assert stub.emails() == {"else@x.y"}


@pytest.mark.parametrize("status", [400, 404, 405, 422])
def test_an_api_that_cannot_be_asked_is_left_alone_and_that_is_said(stub: Bent, tmp_path: Path, status: int) -> None:
    stub.seed_users("test-1@x.y")
    stub.answers("GET", "/users", Answer(status))
    done = swept(stub, tmp_path)
    assert done.notes == [
        f"users: cannot be asked for a prefix (GET /users answered {status}), so only what the ledger names is removed"
    ]
    assert (done.removed, done.stuck) == ([], [])


@pytest.mark.parametrize("body", [{"rows": []}, "text", None, 5])
def test_an_answer_that_is_no_list_is_said(stub: Bent, tmp_path: Path, body: object) -> None:
    stub.answers("GET", "/users", Answer(200, body))
    assert "GET /users answered no list, bare or under items" in swept(stub, tmp_path).notes[0]


def test_records_without_the_declared_id_are_said_and_not_passed_over(stub: Bent, tmp_path: Path) -> None:
    stub.seed_users("test-1@x.y")
    done = swept(stub, tmp_path, PYPROJECT.replace('marker = "email"', 'marker = "email"\nid = "key"'))
    assert done.removed == []
    assert "'key'" in str(done.notes + done.stuck)


@pytest.mark.parametrize("status", [301, 307, 403, 429, 500, 503])
def test_a_list_that_is_refused_or_broken_counts_as_stuck(stub: Bent, tmp_path: Path, status: int) -> None:
    stub.answers("GET", "/users", Answer(status, {"detail": "because"}))
    (stuck,) = swept(stub, tmp_path).stuck
    assert (stuck.path, stuck.reason) == ("/users", f'GET answered {status} {{"detail": "because"}}')


def test_a_server_that_answers_404_past_the_end_has_been_read_to_the_end(stub: Bent, tmp_path: Path) -> None:
    stub.seed_users("test-1@x.y", "else@x.y")

    def bend(call: Call, usual: Any) -> Answer:
        answer: Answer = usual(call)
        return Answer(404) if int(call.query.get("offset", 0)) and not answer.body["items"] else answer

    stub.bend = bend
    assert swept(stub, tmp_path).stuck == []
    assert stub.emails() == {"else@x.y"}


@pytest.mark.parametrize("status", [400, 403, 409, 500])
def test_a_refused_delete_is_stuck_with_its_reason_and_the_others_go(stub: Bent, tmp_path: Path, status: int) -> None:
    first, _ = stub.seed_users("test-1@x.y", "test-2@x.y")
    stub.answers("DELETE", f"/users/{first}", Answer(status, {"detail": "because"}))
    done = swept(stub, tmp_path)
    assert stub.emails() == {"test-1@x.y"}
    assert [(item.path, item.reason) for item in done.stuck] == [
        (f"/users/{first}", f'DELETE answered {status} {{"detail": "because"}}')
    ]
    assert len(done.removed) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_record_that_somebody_else_removed_first_is_fine(stub: Bent, tmp_path: Path, status: int) -> None:
    stub.seed_users("test-1@x.y")

    def bend(call: Call, usual: Any) -> Answer:
        if call.method == "DELETE":
            usual(call)
            return Answer(status)
        return usual(call)  # type: ignore[no-any-return]

    stub.bend = bend
    done = swept(stub, tmp_path)
    assert (done.removed, done.stuck) == ([], [])


def test_a_delete_that_is_answered_with_success_and_keeps_the_record_is_stuck(stub: Bent, tmp_path: Path) -> None:
    (mine,) = stub.seed_users("test-1@x.y")
    stub.answers("DELETE", "/users", Answer(204))
    done = swept(stub, tmp_path)
    assert done.removed == []
    assert [(item.path, item.reason) for item in done.stuck] == [
        (f"/users/{mine}", "DELETE was answered with success, but the record is still there")
    ]


def test_a_resource_without_a_filter_is_said_to_be_left_to_the_ledger(stub: Bent, tmp_path: Path) -> None:
    stub.seed_users("test-1@x.y")
    done = swept(stub, tmp_path, "[tool.tidegate.resources.users]\nmarker = 'email'\n")
    assert done.notes == [
        "users: cannot be asked for a prefix (no filter is set), so only what the ledger names is removed"
    ]
    assert stub.emails() == {"test-1@x.y"}


def test_a_token_that_runs_out_on_the_way_is_renewed(tmp_path: Path) -> None:
    with Bent(Variant(jwt=False)) as stub:
        stub.seed_users(*ours(20))
        used: list[str] = []

        def bend(call: Call, usual: Any) -> Answer:
            used.append(call.headers.get("authorization", ""))
            return Answer(401) if len(used) > 15 and used[-1] == used[2] else usual(call)

        stub.bend = bend
        done = swept(stub, tmp_path)
        assert (len(done.removed), done.stuck, stub.emails()) == (20, [], set())
        assert len(set(used)) == 3, "no token at the logins, the first token, the second"
