"""The admin's own look at the example API: what is in it, with no part of tidegate between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx


@contextmanager
def account(base_url: str, email: str, password: str) -> Iterator[Account]:
    """A logged-in admin."""
    with httpx.Client(base_url=base_url, timeout=20) as client:
        answer = client.post("/auth/login", json={"email": email, "password": password}).raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Account(client)


class Account:
    """What an admin sees and makes."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def add_users(self, emails: Iterable[str]) -> list[dict[str, Any]]:
        """Users with these e-mails."""
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self._add_user, emails))

    def _add_user(self, email: str) -> dict[str, Any]:
        made: dict[str, Any] = self.client.post("/users", json={"email": email, "name": "x"}).raise_for_status().json()
        return made

    def delete_users(self, ids: Iterable[Any]) -> None:
        """These users are gone."""
        with ThreadPoolExecutor(8) as pool:
            for answer in pool.map(lambda user_id: self.client.delete(f"/users/{user_id}"), ids):
                answer.raise_for_status()

    def add_order(self, user_id: Any) -> None:
        """An order of that user."""
        lines = [{"sku": "A-1", "quantity": 1, "unit_price": 100}]
        self.client.post("/orders", json={"user_id": user_id, "lines": lines}).raise_for_status()

    def emails(self) -> set[str]:
        """The e-mail of every user."""
        return {user["email"] for user in self.everything("/users")}

    def counts(self) -> dict[str, int]:
        """How many records there are."""
        return {path: sum(1 for _ in self.everything(path)) for path in ("/users", "/orders")}

    def everything(self, path: str) -> Iterator[dict[str, Any]]:
        """Every record of a list."""
        offset = 0
        while page := self.client.get(path, params={"limit": 100, "offset": offset}).raise_for_status().json()["items"]:
            yield from page
            offset += len(page)
