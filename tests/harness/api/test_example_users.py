"""The example API: accounts."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from api.conftest import Make
from api.processes import Started, row_held

AS_JSON = {"Content-Type": "application/json"}
UNKNOWN_IDS = [
    "does-not-exist",
    "0",
    "-1",
    "1.5",
    "01",
    "+1",
    "9223372036854775807",
    "9" * 40,
    "%00",
    "\u0661",
    "null",
    "%20",
]


def test_create_answers_the_user_and_where_it_is(admin: httpx.Client) -> None:
    body = {"email": "Create.Me+tag@Example.com", "name": "Zoë 🦊", "role": "admin"}
    answer = admin.post("/users", json=body)
    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in body} == body
    assert answer.headers["location"] == f"/users/{answer.json()['id']}"
    assert admin.get(answer.headers["location"]).json() == answer.json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", answer.json()["created_at"])


def test_the_role_is_viewer_unless_said(new_user: Make) -> None:
    assert new_user()["role"] == "viewer"


@pytest.mark.parametrize("unknown", UNKNOWN_IDS)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_id_of_any_form_is_not_found(method: str, unknown: str, admin: httpx.Client) -> None:
    body = {"name": "N"} if method == "PATCH" else None
    assert admin.request(method, f"/users/{unknown}", json=body).status_code == 404


@pytest.mark.parametrize(
    ("changes", "flawed"),
    [
        ({"email": "not an address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@example.com\n"}, "email"),
        ({"email": f"{'a' * 64}@{'b.' * 100}com"}, "email"),
        ({"email": None}, "email"),
        ({"email": 5}, "email"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"role": "root"}, "role"),
        ({"password": "short"}, "password"),
        ({"id": 7}, "id"),
        ({"surplus": 7}, "surplus"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_bad_field_is_named(
    method: str, changes: dict[str, Any], flawed: str, admin: httpx.Client, new_user: Make
) -> None:
    path, base = ("/users", {"email": "bad-field@example.com", "name": "N"}) if method == "POST" else ("", {})
    body = json.dumps(base | changes)  # not httpx's own: it can't send half a surrogate pair
    answer = admin.request(method, path or f"/users/{new_user()['id']}", content=body, headers=AS_JSON)
    assert answer.status_code == 422
    assert [flaw["loc"] for flaw in answer.json()["detail"]] == [["body", flawed]]


def test_an_e_mail_is_taken_in_any_case(admin: httpx.Client, new_user: Make) -> None:
    taken, other = new_user()["email"], new_user()
    answers = [
        admin.post("/users", json={"email": taken.upper(), "name": "Twin"}),
        admin.patch(f"/users/{other['id']}", json={"email": taken.title(), "name": "Twin"}),
    ]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert admin.get(f"/users/{other['id']}").json() == other


def test_of_many_who_want_one_e_mail_at_once_one_gets_it(admin: httpx.Client) -> None:
    body = {"email": "race@example.com", "name": "Racer"}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: admin.post("/users", json=body).status_code, range(16)))
    assert sorted(statuses) == [201] + [409] * 15


@pytest.mark.parametrize(("methods", "statuses"), [(["DELETE"] * 3, [204, 404, 404]), (["PATCH"] * 3, [200] * 3)])
def test_of_some_who_change_one_user_at_once_each_sees_what_the_others_did(
    methods: list[str], statuses: list[int], example: Started, admin: httpx.Client, new_user: Make
) -> None:
    user = new_user()["id"]

    def change(method: str) -> int:
        return admin.request(method, f"/users/{user}", json={"name": "N"} if method == "PATCH" else None).status_code

    with ThreadPoolExecutor() as pool, row_held(example, "users", user, until_waiting=3):
        answers = pool.map(change, methods)
    assert sorted(answers) == statuses


@pytest.mark.parametrize("changes", [{"name": "New"}, {"email": "changed@example.org"}, {"role": "admin"}, {}])
def test_patch_changes_what_was_sent_and_nothing_else(
    changes: dict[str, str], admin: httpx.Client, new_user: Make
) -> None:
    before = new_user()
    answer = admin.patch(f"/users/{before['id']}", json=changes)
    assert answer.status_code == 200
    assert answer.json() == admin.get(f"/users/{before['id']}").json() == before | changes


def test_patch_sets_a_password(admin: httpx.Client, new_user: Make, log_in: Callable[[str, str], str]) -> None:
    user = new_user()
    admin.patch(f"/users/{user['id']}", json={"password": "brand-new-password"})
    assert log_in(user["email"], "brand-new-password")


def test_delete_takes_the_user_and_all_their_orders(admin: httpx.Client, new_user: Make, new_order: Make) -> None:
    user, kept = new_user(), new_order()
    orders = [new_order(user_id=user["id"]) for _ in range(2)]
    answer = admin.delete(f"/users/{user['id']}")
    gone = [f"/users/{user['id']}", *(f"/orders/{order['id']}" for order in orders)]
    assert answer.status_code == 204
    assert [admin.get(path).status_code for path in gone] == [404] * 3
    assert admin.get(f"/orders/{kept['id']}").status_code == 200


def test_nobody_takes_away_their_own_access(admin: httpx.Client) -> None:
    (me,) = admin.get("/users", params={"email_prefix": "admin@example.com"}).json()["items"]
    assert admin.delete(f"/users/{me['id']}").status_code == 409
    assert admin.patch(f"/users/{me['id']}", json={"role": "viewer"}).status_code == 409
    assert admin.patch(f"/users/{me['id']}", json={"name": me["name"]}).status_code == 200


def test_the_list_pages_in_the_order_of_ids(admin: httpx.Client, new_user: Make) -> None:
    ids = [new_user(email=f"page-{number}@example.com")["id"] for number in range(5)]
    query: dict[str, str | int] = {"email_prefix": "page-", "limit": 2}
    pages = [admin.get("/users", params=query | {"offset": offset}).json() for offset in (0, 2, 4, 6)]
    assert [[user["id"] for user in page["items"]] for page in pages] == [ids[:2], ids[2:4], ids[4:], []]
    assert {page["total"] for page in pages} == {5}


@pytest.mark.parametrize("special", ["%", "_", "%25", "a_c"])
def test_the_prefix_is_taken_literally_and_in_any_case(special: str, admin: httpx.Client, new_user: Make) -> None:
    wanted = new_user(email=f"Lit{special}x@example.com".lower())
    new_user(email=f"lit{special.replace('_', 'b').replace('%', 'p')}y@example.com")
    found = admin.get("/users", params={"email_prefix": f"LIT{special}x"}).json()
    assert ([user["id"] for user in found["items"]], found["total"]) == ([wanted["id"]], 1)


@pytest.mark.parametrize("prefix", ["%", "_", "\\", "/", "\\%", "'; --", "é"])
def test_a_prefix_that_no_address_has_finds_nothing(prefix: str, admin: httpx.Client) -> None:
    assert admin.get("/users", params={"email_prefix": prefix}).json() == {"items": [], "total": 0}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=", "offset=-1", "offset=99999999999999999999", "email_prefix=%00"],
)
def test_a_query_out_of_its_limits_is_refused(query: str, admin: httpx.Client) -> None:
    answer = admin.get(f"/users?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", query.partition("=")[0]]


def test_a_viewer_reads_and_never_writes(viewer: httpx.Client, new_user: Make) -> None:
    path = f"/users/{new_user()['id']}"
    writes = [
        viewer.post("/users", json={"email": "by-viewer@example.com", "name": "N"}),
        viewer.patch(path, json={"name": "By viewer"}),
        viewer.delete(path),
        viewer.delete("/users/does-not-exist"),
    ]
    assert [answer.status_code for answer in writes] == [403] * 4
    assert [viewer.get(path).status_code, viewer.get("/users").status_code] == [200, 200]
    assert viewer.get(path).json()["name"] == "A User"
