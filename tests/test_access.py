"""Who may do what to a record: strangers nothing, viewers read, admins all."""

from typing import Any, NamedTuple

import httpx
import pytest

from tests.checks import expect, items, message, refused
from tests.promises import Promises
from tests.records import LINES, Account, Record
from tidegate.session.run import Unique


class Thing(NamedTuple):
    """A stored record, and how to change it or to make another like it."""

    path: str
    record: Record
    change: Record
    another: Record
    found_by: dict[str, Any]

    @property
    def url(self) -> str:
        return f"{self.path}/{self.record['id']}"


@pytest.fixture(params=["users", "orders"])
def thing(request: pytest.FixtureRequest, user: Record, unique: Unique) -> Thing:
    """One record of each resource in turn."""
    if request.param == "users":
        another: Record = {"email": unique.email(), "name": unique.name(), "role": "viewer"}
        return Thing("/users", user, {"name": "Changed"}, another, {"email_prefix": another["email"]})
    order: Record = request.getfixturevalue("order")
    another = {"user_id": user["id"], "lines": [*LINES, LINES[0]]}
    return Thing("/orders", order, {"status": "cancelled"}, another, {"user_id": user["id"]})


def unchanged(admin: httpx.Client, thing: Thing) -> bool:
    """Whether the record is still as it was."""
    return bool(expect(admin.get(thing.url), 200) == thing.record)


def exists(admin: httpx.Client, thing: Thing) -> bool:
    """Whether the other record has been made."""
    page = expect(admin.get(thing.path, params={"limit": 100} | thing.found_by), 200)
    return any(thing.another.items() <= record.items() for record in items(page))


# --- strangers ---


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_record_is_closed_to_strangers(admin: httpx.Client, client: httpx.Client, thing: Thing, method: str) -> None:
    body = thing.change if method == "PATCH" else None
    expect(client.request(method, thing.url, json=body), 401, 403)
    assert unchanged(admin, thing)


def test_a_list_is_closed_to_strangers(client: httpx.Client, thing: Thing) -> None:
    expect(client.get(thing.path), 401, 403)


def test_create_needs_a_token(admin: httpx.Client, client: httpx.Client, thing: Thing) -> None:
    expect(client.post(thing.path, json=thing.another), 401, 403)
    assert not exists(admin, thing)


# --- viewers ---


def test_a_viewer_may_read(client: httpx.Client, thing: Thing, viewer: Account) -> None:
    assert expect(client.get(thing.url, headers=viewer.headers), 200) == thing.record
    expect(client.get(thing.path, headers=viewer.headers), 200)


def test_a_viewer_may_not_create(admin: httpx.Client, client: httpx.Client, thing: Thing, viewer: Account) -> None:
    expect(client.post(thing.path, json=thing.another, headers=viewer.headers), 403)
    assert not exists(admin, thing)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_viewer_may_not_write(
    admin: httpx.Client, client: httpx.Client, thing: Thing, viewer: Account, method: str
) -> None:
    body = thing.change if method == "PATCH" else None
    expect(client.request(method, thing.url, json=body, headers=viewer.headers), 403)
    assert unchanged(admin, thing)


def test_a_viewer_cannot_become_an_admin(admin: httpx.Client, client: httpx.Client, viewer: Account) -> None:
    expect(client.patch(f"/users/{viewer.id}", json={"role": "admin"}, headers=viewer.headers), 403)
    assert expect(admin.get(f"/users/{viewer.id}"), 200)["role"] == "viewer"


# --- what a refusal says ---


def says_why(response: httpx.Response, promises: Promises, *statuses: int) -> None:
    if not message(expect(response, *statuses)):
        promises.skip_unless("messages")
    refused(response, *statuses)


def test_a_refusal_without_a_token_says_why(client: httpx.Client, thing: Thing, promises: Promises) -> None:
    says_why(client.get(thing.url), promises, 401, 403)


def test_a_refusal_for_a_viewer_says_why(
    client: httpx.Client, thing: Thing, viewer: Account, promises: Promises
) -> None:
    says_why(client.delete(thing.url, headers=viewer.headers), promises, 403)


def test_a_missing_record_says_so(admin: httpx.Client, thing: Thing, promises: Promises) -> None:
    says_why(admin.get(f"{thing.path}/does-not-exist"), promises, 404, 410)
