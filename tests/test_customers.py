"""Customers have what is their own: others' accounts and orders are not there for them."""

import httpx
import pytest

from tests.checks import expect, ids
from tests.records import LINES, Account, Create, Record, granted


@pytest.fixture
def own(admin: httpx.Client, new_order: Create, customer: Account) -> Record:
    """An order of the customer."""
    return new_order(user_id=customer.id)


def test_a_customer_sees_the_own_account_alone(client: httpx.Client, user: Record, customer: Account) -> None:
    assert ids(expect(client.get("/users", headers=customer.headers), 200)) == [customer.id]
    assert expect(client.get(f"/users/{customer.id}", headers=customer.headers), 200)["id"] == customer.id
    expect(client.get(f"/users/{user['id']}", headers=customer.headers), 403, 404)


def test_a_customer_may_rename_the_own_account_and_no_other(
    admin: httpx.Client, client: httpx.Client, user: Record, customer: Account
) -> None:
    expect(client.patch(f"/users/{customer.id}", json={"name": "Renamed"}, headers=customer.headers), 200, 204)
    assert expect(admin.get(f"/users/{customer.id}"), 200)["name"] == "Renamed"
    expect(client.patch(f"/users/{user['id']}", json={"name": "Renamed"}, headers=customer.headers), 403, 404)
    assert expect(admin.get(f"/users/{user['id']}"), 200) == user


@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_a_customer_cannot_get_another_role(
    admin: httpx.Client, client: httpx.Client, customer: Account, role: str
) -> None:
    expect(client.patch(f"/users/{customer.id}", json={"role": role}, headers=customer.headers), 403)
    assert expect(admin.get(f"/users/{customer.id}"), 200)["role"] == "customer"


def test_a_customer_may_not_delete_accounts(
    admin: httpx.Client, client: httpx.Client, user: Record, customer: Account
) -> None:
    for account in (customer.id, user["id"]):
        expect(client.delete(f"/users/{account}", headers=customer.headers), 403, 404)
        expect(admin.get(f"/users/{account}"), 200)


def test_a_customer_sees_the_own_orders_alone(
    client: httpx.Client, order: Record, own: Record, customer: Account
) -> None:
    assert ids(expect(client.get("/orders", headers=customer.headers), 200)) == [own["id"]]
    params = {"user_id": order["user_id"]}
    assert not ids(expect(client.get("/orders", params=params, headers=customer.headers), 200))
    expect(client.get(f"/orders/{order['id']}", headers=customer.headers), 403, 404)


def test_a_customer_orders_for_nobody_else(
    admin: httpx.Client, client: httpx.Client, orders: None, user: Record, customer: Account
) -> None:
    refused = client.post("/orders", json={"user_id": user["id"], "lines": LINES}, headers=customer.headers)
    expect(refused, 403, 404)
    assert not ids(expect(admin.get("/orders", params={"user_id": user["id"]}), 200))
    placed = client.post("/orders", json={"user_id": customer.id, "lines": LINES}, headers=customer.headers)
    assert granted(admin, placed), placed.text


def test_a_customer_may_cancel_an_own_order_and_nothing_else(
    admin: httpx.Client, client: httpx.Client, order: Record, own: Record, customer: Account
) -> None:
    def move(order: Record, status: str) -> httpx.Response:
        return client.patch(f"/orders/{order['id']}", json={"status": status}, headers=customer.headers)

    expect(move(own, "paid"), 403)
    expect(move(order, "cancelled"), 403, 404)
    assert expect(admin.get(f"/orders/{order['id']}"), 200) == order
    assert expect(move(own, "cancelled"), 200)["status"] == "cancelled"
    expect(client.delete(f"/orders/{own['id']}", headers=customer.headers), 403, 404)
    assert expect(admin.get(f"/orders/{own['id']}"), 200)["status"] == "cancelled"
