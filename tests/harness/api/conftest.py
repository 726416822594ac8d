"""The example API, running, and clients whose every answer is held to its OpenAPI document."""

import itertools
from collections.abc import Callable, Generator, Iterator
from typing import Any

import httpx
import pytest
from api.judge import Judge
from api.processes import ADMIN, NO_DATABASE, Started, api_alone

Make = Callable[..., dict[str, Any]]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def without_tables(example: Started) -> Iterator[Started]:
    """An API whose every statement fails, which none of its code expects."""
    with api_alone(f"postgresql://shop@/template1?host={example.folder()}") as started:
        yield started


@pytest.fixture(scope="session")
def without_database() -> Iterator[Started]:
    """An API that reaches no database."""
    with api_alone(NO_DATABASE) as started:
        yield started


@pytest.fixture(scope="session")
def judge(example: Started) -> Judge:
    """The example's document."""
    return Judge(httpx.get(f"{example.base_url}/openapi.json").raise_for_status().json())


@pytest.fixture(scope="session")
def anonymous(example: Started, judge: Judge) -> Iterator[httpx.Client]:
    """A client without a token."""
    with httpx.Client(base_url=example.base_url, event_hooks={"response": [judge.check]}, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def log_in(anonymous: httpx.Client) -> Callable[[str, str], str]:
    """Exchange credentials for a token."""

    def log_in(email: str, password: str) -> str:
        answer = anonymous.post("/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    return log_in


@pytest.fixture(scope="session")
def client_with(example: Started, judge: Judge) -> Callable[[str], httpx.Client]:
    """Make a client that sends a token."""

    def client_with(token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        hooks = {"response": [judge.check]}
        return httpx.Client(base_url=example.base_url, headers=headers, event_hooks=hooks, timeout=20)

    return client_with


class _Lasting(httpx.Auth):
    """A token, and another when it has run out: on a busy machine the tests take longer than it lasts."""

    def __init__(self, token: str, log_in: Callable[[], str]) -> None:
        self._token, self._log_in = token, log_in

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        if (yield request).status_code == 401:
            self._token = self._log_in()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request


@pytest.fixture(scope="session")
def admin(client_with: Callable[[str], httpx.Client], log_in: Callable[[str, str], str]) -> Iterator[httpx.Client]:
    """A client of the seeded admin."""
    token = log_in(*ADMIN.values())
    with client_with(token) as client:
        client.auth = _Lasting(token, lambda: log_in(*ADMIN.values()))
        yield client


@pytest.fixture(scope="session")
def viewer(
    admin: httpx.Client, client_with: Callable[[str], httpx.Client], log_in: Callable[[str, str], str]
) -> Iterator[httpx.Client]:
    """A client of an account that may only read."""
    account = {"email": f"viewer-{next(_numbers)}@example.com", "password": "viewer-password"}
    assert admin.post("/users", json=account | {"name": "Viewer"}).status_code == 201
    with client_with(log_in(*account.values())) as client:
        yield client


@pytest.fixture(scope="session")
def new_user(admin: httpx.Client) -> Make:
    """Make a user; the database is thrown away, so nobody deletes it."""

    def new_user(**fields: Any) -> dict[str, Any]:
        body = {"email": f"user-{next(_numbers)}@example.com", "name": "A User"} | fields
        answer = admin.post("/users", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return new_user


@pytest.fixture(scope="session")
def new_order(admin: httpx.Client, new_user: Make) -> Make:
    """Make an order, of a new user unless one is named."""

    def new_order(**fields: Any) -> dict[str, Any]:
        body = {"lines": [{"sku": "A-1", "quantity": 2, "unit_price": 350}]} | fields
        answer = admin.post("/orders", json=body if "user_id" in body else body | {"user_id": new_user()["id"]})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return new_order
