"""The example API's customers: every refusal of theirs is documented, and none says what belongs to others."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from api.conftest import Make

LINES = [{"sku": "A-1", "quantity": 1, "unit_price": 100}]


@pytest.fixture
def account(new_user: Make) -> dict[str, Any]:
    """A customer's record."""
    return new_user(role="customer", password="customer-password")


@pytest.fixture
def customer(
    account: dict[str, Any], client_with: Callable[[str], httpx.Client], log_in: Callable[[str, str], str]
) -> Iterator[httpx.Client]:
    """A client of that customer."""
    with client_with(log_in(account["email"], "customer-password")) as client:
        yield client


def test_what_belongs_to_others_looks_as_if_it_were_not_there(customer: httpx.Client, new_order: Make) -> None:
    order = new_order()
    paths = [f"/users/{order['user_id']}", f"/orders/{order['id']}"]
    for path, change in zip(paths, ({"name": "Mine"}, {"status": "cancelled"}), strict=True):
        nowhere = path.rpartition("/")[0] + "/999999999"
        assert customer.get(path).json() == customer.get(nowhere).json()
        assert customer.get(path).status_code == customer.patch(path, json=change).status_code == 404
    totals = [customer.get(path, params={"limit": 1}).json()["total"] for path in ("/users", "/orders")]
    assert totals == [1, 0], "a total counts what others have"


def test_who_may_not_order_for_others_learns_nothing_of_them(customer: httpx.Client, new_user: Make) -> None:
    answers = [customer.post("/orders", json={"user_id": n, "lines": LINES}) for n in (new_user()["id"], 999999999)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()


def test_a_customer_may_cancel_and_change_password_but_neither_pay_nor_delete(
    customer: httpx.Client, account: dict[str, Any], new_order: Make, log_in: Callable[[str, str], str]
) -> None:
    mine, me = f"/orders/{new_order(user_id=account['id'])['id']}", f"/users/{account['id']}"
    refused = [customer.patch(mine, json={"status": "paid"}), customer.delete(mine), customer.delete(me)]
    refused += [customer.patch(me, json={"role": "admin"}), customer.post("/users", json={})]
    assert [answer.status_code for answer in refused] == [403] * 5
    assert customer.patch(mine, json={"status": "cancelled"}).json()["status"] == "cancelled"
    assert customer.patch(me, json={"role": "customer", "password": "another-password"}).status_code == 200
    assert log_in(account["email"], "another-password")
