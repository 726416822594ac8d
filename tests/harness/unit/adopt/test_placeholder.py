"""The placeholder API of init: what the first suite asks of it, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from wire import free_port

from tidegate.adopt.answers import Answers
from tidegate.adopt.detect import THINGS
from tidegate.adopt.ours import place
from tidegate.adopt.planned import declared
from tidegate.cli import main

ADMIN = {"email": "admin@example.com", "password": "a-test-password"}
BOOKS = {"parent": "things", "parent_field": "thing_id", "filter": "thing_id={parent.id}", "record": "data"}
RESOURCES = {**THINGS, "books": {**BOOKS, "body": {"title": "{name}", "thing_id": "{parent.id}", "size": 1}}}


class Running:
    """The placeholder as a process."""

    def __init__(self, folder: Path, **answers: Any) -> None:
        shutil.copy(place("starter/api/api.py"), folder)
        told = declared(Answers(resources=RESOURCES, **answers))
        (folder / "api.json").write_text(json.dumps(told))
        port = free_port()
        env = {"PORT": str(port), "API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"]}
        self.process = subprocess.Popen(
            [sys.executable, str(folder / "api.py")], env={**os.environ, **env, "API_TOKEN": "key-1"}
        )
        self.url = f"http://127.0.0.1:{port}"

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, **options)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from started(tmp_path_factory.mktemp("placeholder"))


def started(folder: Path, **answers: Any) -> Iterator[Running]:
    running = Running(folder, **answers)
    try:
        assert main(["wait", running.url]) == 0
        yield running
    finally:
        running.process.terminate()
        assert running.process.wait(10) == 0


@pytest.fixture(scope="module")
def admin(api: Running) -> Iterator[httpx.Client]:
    with api.client() as client:
        token = client.post("/auth/login", json=ADMIN).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_a_record_is_made_read_listed_changed_and_deleted(admin: httpx.Client) -> None:
    made = admin.post("/things", json={"name": "test-1-a", "note": "n"})
    assert made.status_code == 201
    at = f"/things/{made.json()['id']}"
    assert admin.get(at).json() == made.json()
    assert admin.patch(at, json={"note": "m", "id": 99}).json() == made.json() | {"note": "m"}
    assert [r["name"] for r in admin.get("/things", params={"name_prefix": "test-1"}).json()["items"]] == ["test-1-a"]
    assert admin.get("/things", params={"name_prefix": "test-2"}).json()["items"] == []
    assert admin.delete(at).status_code == 204
    assert [admin.request(method, at).status_code for method in ("GET", "DELETE", "PATCH")] == [404, 404, 404]


def test_children_are_listed_by_their_parent_and_wrapped_as_declared(admin: httpx.Client) -> None:
    made = admin.post("/books", json={"title": "a", "thing_id": 7, "size": 1})
    assert made.json()["data"]["title"] == "a"
    assert len(admin.get("/books", params={"thing_id": 7}).json()["items"]) == 1
    assert admin.get("/books", params={"thing_id": 8}).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{}, {"name": "a"}, {"name": 1, "note": "n"}, [], "text", None], ids=lambda body: json.dumps(body)
)
def test_a_body_that_does_not_fit_is_refused_with_the_reason(admin: httpx.Client, body: Any) -> None:
    refused = admin.post("/things", json=body)
    assert refused.status_code == 422
    assert refused.json()["detail"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/things"), ("POST", "/things"), ("DELETE", "/things/1")])
def test_without_a_login_everything_but_health_is_refused(api: Running, method: str, path: str) -> None:
    with api.client() as client:
        assert client.request(method, path).status_code == 401
        assert client.request(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "x@example.com"}, {"password": 1}])
def test_a_wrong_login_is_refused(api: Running, wrong: dict[str, Any]) -> None:
    with api.client() as client:
        assert client.post("/auth/login", json=ADMIN | wrong).status_code == 401


@pytest.mark.parametrize("path", ["/", "/nowhere", "/things/x", "/things/%00", "/things/99999999999999999999"])
def test_what_is_not_there_is_404(admin: httpx.Client, path: str) -> None:
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize(
    ("login", "options"),
    [
        ({"kind": "basic"}, {"auth": (ADMIN["email"], ADMIN["password"])}),
        ({"kind": "token", "send": "X-Api-Key: {token}"}, {"headers": {"X-Api-Key": "key-1"}}),
        ({"kind": "token", "send": "?key={token}"}, {"params": {"key": "key-1"}}),
        ({"kind": "none"}, {}),
    ],
)
def test_each_kind_of_login_is_kept(tmp_path: Path, login: dict[str, str], options: dict[str, Any]) -> None:
    for running in started(tmp_path, login=login):
        with running.client(**options) as known, running.client() as stranger:
            assert known.get("/things").status_code == 200
            assert stranger.get("/things").status_code == (200 if login["kind"] == "none" else 401)


def test_a_token_is_where_the_settings_say(tmp_path: Path) -> None:
    login = {"kind": "form", "path": "/sessions", "token": "data.token", "send": "X-Auth: {token}"}
    for running in started(tmp_path, login=login):
        with running.client() as client:
            token = client.post("/sessions", data=ADMIN).json()["data"]["token"]
            assert client.get("/things", headers={"X-Auth": token}).status_code == 200
