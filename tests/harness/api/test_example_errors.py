"""The example API: what it answers to requests that no operation expects."""

import socket
from typing import Any

import httpx
import pytest
from api.processes import Started

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/", "/nothing", "/users/", "/users/1/orders", "/docs", "/auth", "/users/a%2Fb"])
def test_an_unknown_path_is_not_found(path: str, admin: httpx.Client) -> None:
    answer = admin.get(path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not Found"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/users", {"GET", "POST"}),
        ("DELETE", "/orders", {"GET", "POST"}),
        ("POST", "/users/1", {"GET", "PATCH", "DELETE"}),
        ("PUT", "/orders/x", {"GET", "PATCH", "DELETE"}),
        ("GET", "/auth/login", {"POST"}),
        ("POST", "/health", {"GET"}),
        ("OPTIONS", "/users", {"GET", "POST"}),
        ("HEAD", "/health", {"GET"}),
    ],
)
def test_another_method_is_refused_with_the_allowed_ones(
    method: str, path: str, allowed: set[str], anonymous: httpx.Client
) -> None:
    answer = anonymous.request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"email": ',
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"[" * 50_000,
        b'{"email": NaN, "password": 1}',
        b'{"email": "a@example.com", "password": ' + b"9" * 5000 + b"}",
        b'{"email": "a@example.com", "password": "x", "x\\ud800": 1}',
    ],
)
def test_a_malformed_body_is_refused(body: bytes, anonymous: httpx.Client) -> None:
    answer = anonymous.post("/auth/login", content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][0] == "body"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"])
def test_a_body_of_another_media_type_is_refused(kind: str, anonymous: httpx.Client) -> None:
    body = b'{"email": "a@example.com", "password": "x"}'
    assert anonymous.post("/auth/login", content=body, headers={"Content-Type": kind}).status_code == 415


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/vnd.shop+json"])
def test_every_way_to_declare_json_is_accepted(kind: str, anonymous: httpx.Client) -> None:
    body = b'{"email": "a@example.com", "password": "x"}'
    assert anonymous.post("/auth/login", content=body, headers={"Content-Type": kind}).status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(chunked: bool, anonymous: httpx.Client) -> None:
    body: Any = iter([b"[" * 60_000] * 2) if chunked else b" " * 100_001
    assert anonymous.post("/auth/login", content=body, headers=JSON).status_code == 413


def test_without_a_token_even_a_bad_request_only_learns_that_it_needs_one(anonymous: httpx.Client) -> None:
    answers = [
        anonymous.get("/users?limit=0"),
        anonymous.get("/users/does-not-exist"),
        anonymous.post("/users", json={}),
        anonymous.patch("/orders/x", json={"status": "lost"}),
        anonymous.delete("/orders/x"),
    ]
    assert [(answer.status_code, answer.headers["www-authenticate"]) for answer in answers] == [(401, "Bearer")] * 5


def test_a_client_that_hangs_up_in_the_middle_does_no_harm(example: Started, anonymous: httpx.Client) -> None:
    address = ("127.0.0.1", int(example.base_url.rpartition(":")[2]))
    for _ in range(3):
        with socket.create_connection(address) as connection:
            connection.sendall(b"POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert anonymous.get("/health").json() == {"status": "ok", "database": "ok"}
