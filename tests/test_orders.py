"""Orders of a user: placed, moved from status to status, listed and removed."""

from typing import Any

import httpx
import pytest

from tests.checks import expect, ids, is_time, items, refused, seen
from tests.promises import Promises
from tests.records import LINES, Create, Record, followed

TOTAL = 3 * 1250 + 2 * 499
UNKNOWN = ["does-not-exist", "0", "-1", "9" * 30, "00000000-0000-0000-0000-000000000000", "%00"]
MOVES = [("paid",), ("paid", "shipped"), ("cancelled",)]
NO_MOVES = [
    ("shipped",),
    ("paid", "pending"),
    ("paid", "shipped", "pending"),
    ("paid", "shipped", "paid"),
    ("paid", "shipped", "cancelled"),
    ("cancelled", "pending"),
    ("cancelled", "paid"),
    ("cancelled", "shipped"),
]
LINE = LINES[0]
BAD_LINES: list[Any] = [
    [],
    None,
    "ROPE-10",
    [{"quantity": 1, "unit_price": 1}],
    [{"sku": "ROPE-10", "unit_price": 1}],
    [{"sku": "ROPE-10", "quantity": 1}],
    [LINE | {"sku": ""}],
    [LINE | {"quantity": 0}],
    [LINE | {"quantity": -1}],
    [LINE | {"quantity": 1.5}],
    [LINE | {"quantity": "2"}],
    [LINE | {"unit_price": -1}],
    [LINE | {"unit_price": 9.99}],
    [LINE, LINE | {"quantity": 0}],
]


def read(admin: httpx.Client, order: Record) -> Record:
    """The order as the API has it now."""
    record: Record = expect(admin.get(f"/orders/{order['id']}"), 200)
    return record


def move(admin: httpx.Client, order: Record, status: Any) -> httpx.Response:
    return admin.patch(f"/orders/{order['id']}", json={"status": status})


def search(admin: httpx.Client, **params: Any) -> Any:
    """One page of the orders that match."""
    return expect(admin.get("/orders", params={"limit": 100} | params), 200)


@pytest.fixture
def others_order(new_user: Create, new_order: Create) -> Record:
    """An order of somebody else."""
    return new_order(user_id=new_user()["id"])


# --- place and read ---


def test_create_answers_the_new_order(order: Record, user: Record) -> None:
    assert type(order["id"]) in (int, str), order
    assert (order["user_id"], order["status"], order["lines"]) == (user["id"], "pending", LINES), order


def test_the_total_is_the_sum_of_the_lines(order: Record) -> None:
    assert type(order["total"]) is int, order
    assert order["total"] == TOTAL, order


def test_a_large_total_is_exact(new_order: Create) -> None:
    lines = [{"sku": "SHIP", "quantity": 10_000, "unit_price": 99_999_999}]
    assert new_order(lines=lines)["total"] == 999_999_990_000


def test_a_created_order_can_be_read_back(admin: httpx.Client, order: Record) -> None:
    assert read(admin, order) == order


def test_create_points_to_the_new_order(
    admin: httpx.Client, new_order: Create, user: Record, promises: Promises
) -> None:
    response = admin.post("/orders", json={"user_id": user["id"], "lines": LINES})
    made = expect(response, 200, 201)
    there = followed(admin, response)
    admin.delete(f"/orders/{made['id']}")
    if "Location" not in response.headers:
        promises.skip_unless("location")
    assert "Location" in response.headers, seen(response)
    assert expect(there, 200) == made


def test_an_order_says_when_it_was_made(order: Record, promises: Promises) -> None:
    if "created_at" not in order:
        promises.skip_unless("created_at")
    assert is_time(order.get("created_at")), order


# --- place: what is refused ---


@pytest.mark.parametrize("lines", BAD_LINES, ids=repr)
def test_bad_lines_are_refused_with_the_reason(
    admin: httpx.Client, new_order: Create, user: Record, lines: Any
) -> None:
    refused(admin.post("/orders", json={"user_id": user["id"], "lines": lines}), 400, 422)


def test_an_order_without_a_user_is_refused(admin: httpx.Client, new_order: Create) -> None:
    refused(admin.post("/orders", json={"lines": LINES}), 400, 422)


def test_an_order_of_a_deleted_user_is_refused(admin: httpx.Client, new_order: Create, user: Record) -> None:
    expect(admin.delete(f"/users/{user['id']}"), 200, 204)
    refused(admin.post("/orders", json={"user_id": user["id"], "lines": LINES}), 400, 404, 409, 422)


def test_the_total_is_not_the_senders_to_say(admin: httpx.Client, new_order: Create, user: Record) -> None:
    response = admin.post("/orders", json={"user_id": user["id"], "lines": LINES, "total": 1})
    body = expect(response, 200, 201, 400, 422)
    if response.is_success:
        admin.delete(f"/orders/{body['id']}")
        assert body["total"] == TOTAL, seen(response)


@pytest.mark.parametrize("body", ["{", "[]", ""])
def test_a_malformed_body_is_refused(admin: httpx.Client, new_order: Create, body: str) -> None:
    expect(admin.post("/orders", content=body, headers={"Content-Type": "application/json"}), 400, 415, 422)


# --- from status to status ---


@pytest.mark.parametrize("path", MOVES, ids="-".join)
def test_an_order_moves_on(admin: httpx.Client, order: Record, path: tuple[str, ...]) -> None:
    for status in path:
        expect(move(admin, order, status), 200, 204)
        assert read(admin, order) == order | {"status": status}


@pytest.mark.parametrize("path", NO_MOVES, ids="-".join)
def test_an_order_takes_no_other_way(admin: httpx.Client, order: Record, path: tuple[str, ...]) -> None:
    for status in path[:-1]:
        expect(move(admin, order, status), 200, 204)
    before = read(admin, order)
    refused(move(admin, order, path[-1]), 400, 409, 422)
    assert read(admin, order) == before


@pytest.mark.parametrize("status", ["lost", "PAID", "", None, 1])
def test_an_unknown_status_changes_nothing(admin: httpx.Client, order: Record, status: Any) -> None:
    refused(move(admin, order, status), 400, 422)
    assert read(admin, order) == order


def test_a_patch_answers_what_is_stored(admin: httpx.Client, order: Record) -> None:
    answer = expect(move(admin, order, "paid"), 200, 204)
    assert answer in (None, {}) or answer == read(admin, order)


@pytest.mark.parametrize("own", [{"total": 1}, {"id": 1}, {"user_id": 1}], ids=["total", "id", "user_id"])
def test_a_patch_cannot_change_what_is_settled(admin: httpx.Client, order: Record, own: Record) -> None:
    expect(admin.patch(f"/orders/{order['id']}", json=own), 200, 204, 400, 409, 422)
    assert read(admin, order) == order


# --- list ---


def test_orders_are_found_by_user(admin: httpx.Client, order: Record, others_order: Record) -> None:
    assert items(search(admin, user_id=order["user_id"])) == [order]


def test_orders_are_found_by_status(admin: httpx.Client, user: Record, new_order: Create) -> None:
    paid, _pending = new_order(), new_order()
    expect(move(admin, paid, "paid"), 200, 204)
    assert ids(search(admin, user_id=user["id"], status="paid")) == [paid["id"]]
    assert {found["status"] for found in items(search(admin, status="paid"))} == {"paid"}


def test_an_unknown_status_finds_nothing(admin: httpx.Client, order: Record) -> None:
    response = admin.get("/orders", params={"status": "lost"})
    assert response.status_code in (400, 422) or not items(expect(response, 200)), seen(response)


@pytest.mark.parametrize("limit", [1, 2])
def test_a_list_is_no_longer_than_its_limit(admin: httpx.Client, user: Record, new_order: Create, limit: int) -> None:
    made = [new_order()["id"] for _ in range(3)]
    found = ids(search(admin, user_id=user["id"], limit=limit))
    assert len(found) == limit
    assert set(found) < set(made)


def test_pages_do_not_overlap_and_miss_nothing(
    admin: httpx.Client, user: Record, new_order: Create, promises: Promises
) -> None:
    made = [new_order()["id"] for _ in range(3)]
    pages = [ids(search(admin, user_id=user["id"], limit=2, offset=offset)) for offset in (0, 2)]
    if pages[0] == pages[1]:
        promises.skip_unless("offset")
    assert sorted(map(str, pages[0] + pages[1])) == sorted(map(str, made)), pages


def test_total_counts_the_matches_and_not_the_page(
    admin: httpx.Client, user: Record, new_order: Create, others_order: Record, promises: Promises
) -> None:
    for _ in range(2):
        new_order()
    page = search(admin, user_id=user["id"], limit=1)
    if not (isinstance(page, dict) and "total" in page):
        promises.skip_unless("total")
    assert page["total"] == 2, page


# --- remove ---


def test_a_deleted_order_is_gone(admin: httpx.Client, order: Record) -> None:
    expect(admin.delete(f"/orders/{order['id']}"), 200, 204)
    expect(admin.get(f"/orders/{order['id']}"), 404, 410)
    assert order["id"] not in ids(search(admin, user_id=order["user_id"]))


def test_a_deleted_order_leaves_its_user_and_the_other_orders(
    admin: httpx.Client, order: Record, new_order: Create, user: Record
) -> None:
    other = new_order()
    expect(admin.delete(f"/orders/{order['id']}"), 200, 204)
    assert expect(admin.get(f"/users/{user['id']}"), 200) == user
    assert read(admin, other) == other


def test_a_deleted_user_takes_only_their_orders_along(admin: httpx.Client, order: Record, others_order: Record) -> None:
    expect(admin.delete(f"/users/{order['user_id']}"), 200, 204)
    expect(admin.get(f"/orders/{order['id']}"), 404, 410)
    assert read(admin, others_order) == others_order


# --- ids that nobody has ---


@pytest.mark.readonly
@pytest.mark.parametrize("unknown", UNKNOWN)
def test_an_unknown_id_of_any_form_is_not_found(admin: httpx.Client, orders: None, unknown: str) -> None:
    expect(admin.get(f"/orders/{unknown}"), 404, 410)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("unknown", UNKNOWN)
def test_an_unknown_id_of_any_form_cannot_be_written(
    admin: httpx.Client, new_order: Create, method: str, unknown: str
) -> None:
    body = {"status": "paid"} if method == "PATCH" else None
    expect(admin.request(method, f"/orders/{unknown}", json=body), 404, 410)
