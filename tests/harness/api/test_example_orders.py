"""The example API: orders."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from api.conftest import Make
from api.processes import Started, row_held

LINE = {"sku": "A-1", "quantity": 1, "unit_price": 100}
WAYS = {
    "pending": [],
    "paid": ["paid"],
    "shipped": ["paid", "shipped"],
    "cancelled": ["cancelled"],
}
ALLOWED = {("pending", "paid"), ("pending", "cancelled"), ("paid", "shipped"), ("paid", "cancelled")}


def test_create_adds_up_the_lines_and_says_where_the_order_is(admin: httpx.Client, new_user: Make) -> None:
    lines = [LINE, {"sku": "b.2_x", "quantity": 3, "unit_price": 7}, {"sku": "free", "quantity": 1, "unit_price": 0}]
    user = new_user()["id"]
    answer = admin.post("/orders", json={"user_id": user, "lines": lines})
    assert answer.status_code == 201
    order = answer.json()
    assert (order["user_id"], order["status"], order["lines"], order["total"]) == (user, "pending", lines, 121)
    assert admin.get(answer.headers["location"]).json() == order


def test_the_largest_order_has_an_exact_total(new_order: Make) -> None:
    largest = {"sku": "s" * 64, "quantity": 10_000, "unit_price": 100_000_000}
    assert new_order(lines=[largest] * 100)["total"] == 10**14


@pytest.mark.parametrize(
    "change",
    [
        {"sku": ""},
        {"sku": "a b"},
        {"sku": "x\u0000"},
        {"quantity": 0},
        {"quantity": 10_001},
        {"quantity": 1.5},
        {"quantity": "1"},
        {"quantity": True},
        {"quantity": 10**30},
        {"unit_price": -1},
        {"unit_price": 100_000_001},
        {"unit_price": None},
        {"discount": 5},
    ],
)
def test_a_bad_line_is_named(change: dict[str, Any], admin: httpx.Client, new_user: Make) -> None:
    body = {"user_id": new_user()["id"], "lines": [LINE, LINE | change]}
    answer = admin.post("/orders", json=body)
    assert answer.status_code == 422
    assert [flaw["loc"] for flaw in answer.json()["detail"]] == [["body", "lines", 1, *change]]


@pytest.mark.parametrize("change", [{"lines": []}, {"lines": [LINE] * 101}, {"total": 5}, {"status": "paid"}])
def test_a_bad_order_is_refused(change: dict[str, Any], admin: httpx.Client, new_user: Make) -> None:
    body = {"user_id": new_user()["id"], "lines": [LINE], **change}
    assert admin.post("/orders", json=body).status_code == 422


@pytest.mark.parametrize("user_id", [999_999_999, 2**63 - 1, 2**63, 0, "1", None, 1.5])
def test_an_order_of_nobody_is_refused(user_id: Any, admin: httpx.Client) -> None:
    answer = admin.post("/orders", json={"user_id": user_id, "lines": [LINE]})
    assert answer.status_code == 422
    assert [flaw["loc"] for flaw in answer.json()["detail"]] == [["body", "user_id"]]


@pytest.mark.parametrize("target", WAYS)
@pytest.mark.parametrize("start", WAYS)
def test_the_status_moves_only_along_its_ways(start: str, target: str, admin: httpx.Client, new_order: Make) -> None:
    order = new_order()
    path = f"/orders/{order['id']}"
    for step in WAYS[start]:
        assert admin.patch(path, json={"status": step}).status_code == 200
    answer = admin.patch(path, json={"status": target})
    allowed = (start, target) in ALLOWED
    assert answer.status_code == (200 if allowed else 409)
    assert admin.get(path).json() == order | {"status": target if allowed else start}


def test_of_two_who_pay_at_once_one_does(example: Started, admin: httpx.Client, new_order: Make) -> None:
    order = new_order()["id"]

    def pay(_: int) -> int:
        return admin.patch(f"/orders/{order}", json={"status": "paid"}).status_code

    with ThreadPoolExecutor() as pool, row_held(example, "orders", order, until_waiting=2):
        statuses = pool.map(pay, range(2))
    assert sorted(statuses) == [200, 409]


@pytest.mark.parametrize("body", [{}, {"status": "lost"}, {"status": None}, {"lines": [LINE]}, [], "paid"])
def test_a_bad_change_is_refused(body: Any, admin: httpx.Client, new_order: Make) -> None:
    assert admin.patch(f"/orders/{new_order()['id']}", json=body).status_code == 422


def test_the_list_is_filtered_by_user_and_status(admin: httpx.Client, new_user: Make, new_order: Make) -> None:
    user = new_user()["id"]
    paid, pending = (new_order(user_id=user)["id"] for _ in range(2))
    new_order()
    admin.patch(f"/orders/{paid}", json={"status": "paid"})
    queries = [{"user_id": user}, {"user_id": user, "status": "paid"}, {"user_id": user, "status": "shipped"}]
    pages = [admin.get("/orders", params=query).json() for query in queries]
    assert [[order["id"] for order in page["items"]] for page in pages] == [[paid, pending], [paid], []]
    assert [page["total"] for page in pages] == [2, 1, 0]
    everyone = admin.get("/orders", params={"status": "paid", "limit": 100}).json()
    assert {order["status"] for order in everyone["items"]} == {"paid"}


@pytest.mark.parametrize("query", ["user_id=x", "user_id=0", "user_id=9223372036854775808", "status=lost", "limit=0"])
def test_a_query_out_of_its_limits_is_refused(query: str, admin: httpx.Client) -> None:
    assert admin.get(f"/orders?{query}").status_code == 422


def test_delete_removes_the_order_and_keeps_its_user(admin: httpx.Client, new_order: Make) -> None:
    order = new_order()
    statuses = [admin.delete(f"/orders/{order['id']}").status_code for _ in range(2)]
    assert statuses == [204, 404]
    assert admin.get(f"/users/{order['user_id']}").status_code == 200


@pytest.mark.parametrize("unknown", ["does-not-exist", "0", "-1", "9" * 40, "%00"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_id_of_any_form_is_not_found(method: str, unknown: str, admin: httpx.Client) -> None:
    body = {"status": "paid"} if method == "PATCH" else None
    assert admin.request(method, f"/orders/{unknown}", json=body).status_code == 404


def test_a_viewer_reads_and_never_writes(viewer: httpx.Client, new_order: Make) -> None:
    order = new_order()
    path = f"/orders/{order['id']}"
    writes = [
        viewer.post("/orders", json={"user_id": order["user_id"], "lines": [LINE]}),
        viewer.patch(path, json={"status": "paid"}),
        viewer.delete(path),
    ]
    assert [answer.status_code for answer in writes] == [403] * 3
    assert viewer.get(path).json() == order
    assert viewer.get("/orders").status_code == 200
