"""Records that tests need, removed when the test is over."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.checks import expect, items, seen
from tests.promises import Promises
from tidegate import LoginRefused
from tidegate.session.run import Unique

Record = dict[str, Any]
Create = Callable[..., Record]

PASSWORD = "a-password-of-a-test"
LINES: list[Record] = [
    {"sku": "ROPE-10", "quantity": 3, "unit_price": 1250},
    {"sku": "BUOY", "quantity": 2, "unit_price": 499},
]


def search(admin: httpx.Client, prefix: str, **params: int) -> Any:
    """The page of users whose e-mail starts with `prefix`."""
    return expect(admin.get("/users", params={"email_prefix": prefix, "limit": 100, **params}), 200)


@contextmanager
def removed_after(admin: httpx.Client, path: str) -> Iterator[Callable[[Record], Record]]:
    """A function that creates records under `path`; they are deleted when the block ends."""
    made = []

    def create(body: Record) -> Record:
        response = admin.post(path, json=body)
        record: Record = expect(response, 200, 201)
        assert "id" in record, f"expected an id: {seen(response)}"
        made.append(record["id"])
        return record

    try:
        yield create
    finally:  # also when the block skips
        for record_id in made:
            admin.delete(f"{path}/{record_id}")


def granted(admin: httpx.Client, response: httpx.Response) -> bool:
    """Whether the API granted a POST that it may refuse; what that made is gone again."""
    if response.is_success:
        admin.delete(f"{response.request.url}/{expect(response, 200, 201)['id']}")
    return response.is_success


def followed(admin: httpx.Client, response: httpx.Response) -> httpx.Response:
    """What is at the Location of an answer, which may be relative to what was asked."""
    return admin.get(response.request.url.join(response.headers.get("Location", "/nowhere")))


@pytest.fixture
def new_user(admin: httpx.Client, unique: Unique) -> Iterator[Create]:
    """Makes users: a viewer with an e-mail and a name of its own, or whatever fields it is told."""
    with removed_after(admin, "/users") as create:
        yield lambda **fields: create({"email": unique.email(), "name": unique.name(), "role": "viewer"} | fields)


@pytest.fixture
def user(new_user: Create) -> Record:
    """A user."""
    return new_user()


@pytest.fixture
def family(new_user: Create, unique: Unique) -> list[Record]:
    """Three users with an e-mail prefix of their own."""
    name, _, host = unique.email().partition("@")
    return [new_user(email=f"{name}-{n}@{host}") for n in range(3)]


@pytest.fixture
def prefix(admin: httpx.Client, family: list[Record], promises: Promises) -> str:
    """The e-mail prefix that the family has and nobody else."""
    if items(search(admin, "test-nobody-has-this")):
        promises.skip_unless("email_prefix")
    return str(family[0]["email"]).partition("@")[0][:-1]


@pytest.fixture(scope="session")
def orders(admin: httpx.Client, promises: Promises) -> None:
    """Skips on an API that has no orders and promises none."""
    if admin.get("/orders").status_code in (404, 405, 410, 501):
        promises.skip_unless("orders")


@pytest.fixture
def new_order(admin: httpx.Client, orders: None, user: Record) -> Iterator[Create]:
    """Makes orders: of `user`, with two lines, or whatever fields it is told."""
    with removed_after(admin, "/orders") as create:
        yield lambda **fields: create({"user_id": user["id"], "lines": LINES} | fields)


@pytest.fixture
def order(new_order: Create) -> Record:
    """A pending order of `user`."""
    return new_order()


@dataclass(frozen=True)
class Account:
    """An account that is logged in."""

    id: Any
    headers: dict[str, str]


Enrol = Callable[[str, str], Account]


@pytest.fixture(scope="session")
def enrol(admin: httpx.Client, unique: Unique, login: Callable[[str, str], str], promises: Promises) -> Iterator[Enrol]:
    """Makes an account of a role and logs it in; skips on an API that has no such accounts and promises none."""
    made = []

    def enrolled(role: str, promise: str) -> Account:
        body = {"email": unique.email(), "name": unique.name(), "role": role, "password": PASSWORD}
        answer = admin.post("/users", json=body)
        if not answer.is_success:
            promises.skip_unless(promise)
        record = expect(answer, 200, 201)
        made.append(record["id"])
        if record.get("role") != role:
            promises.skip_unless(promise)
        try:
            token = login(body["email"], PASSWORD)
        except LoginRefused:
            promises.skip_unless("passwords")
            raise
        return Account(record["id"], {"Authorization": f"Bearer {token}"})

    try:
        yield enrolled
    finally:
        for record_id in made:
            admin.delete(f"/users/{record_id}")


@pytest.fixture(scope="session")
def viewer(enrol: Enrol) -> Account:
    """A viewer, who may read and not write; one for all tests, because a login is slow on purpose."""
    return enrol("viewer", "roles")


@pytest.fixture(scope="session")
def customer(enrol: Enrol, client: httpx.Client, promises: Promises) -> Account:
    """A customer, who has what is their own and nothing else; one for all tests."""
    account = enrol("customer", "customers")
    if len(items(expect(client.get("/users", headers=account.headers), 200))) != 1:
        promises.skip_unless("customers")
    return account
