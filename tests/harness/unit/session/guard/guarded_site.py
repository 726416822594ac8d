"""A client behind the guard: what is declared, what the API behind it shows, and what arrives there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tidegate.errors import WriteRefused
from tidegate.session.guard import Guard
from tidegate.session.ledger import Ledger
from tidegate.settings import load

STAGING = "https://staging.example.com/v1"
LOCAL = "http://localhost:8000/v1"
ADMIN = "admin@example.com"
RUN = "6b0427ab5421"
PYPROJECT = """\
[tool.tidegate.resources.things]
path = "/things"
marker = "title"
record = "data"
list = "POST /things/search"
delete = "POST /things/{id}/archive"

[tool.tidegate.resources.people]
marker = "email"

[tool.tidegate.resources.members]
marker = "email"

[tool.tidegate.resources.notes]
path = "/notes/"
parent = "people"
parent_field = "person_id"

[tool.tidegate.resources.rooms]
path = "/people/{parent.id}/rooms"
parent = "people"
"""
SHOWN: dict[str, Any] = {
    "/v1/people/1": {"id": 1, "email": "Admin@Example.com"},
    "/v1/people/2": {"id": 2, "email": f"test-{RUN}-gw1-0@example.com"},
    "/v1/people/3": {"id": 3, "email": "test-6b0428555b6d-0@example.com"},
    "/v1/people/4": {"id": 4, "email": "somebody@example.com"},
    "/v1/people/me": {"id": 1, "email": ADMIN},
    "/v1/me": {"data": {"login": ADMIN}},
    "/v1/profile": {"status": "success", "data": {"user": {"email": ADMIN}, "links": {}}},
    "/v1/ticket": {"id": 5, "user": {"email": ADMIN}},
    "/v1/account": {"email": ADMIN},
    "/v1/members/1": {"status": "success", "data": {"id": 1, "email": ADMIN}},
    "/v1/members/3": {"data": {"id": 3, "email": "test-6b0428555b6d-0@example.com"}},
    "/v1/people/4/../1": {"id": 1, "email": "nobody-looks-here@example.com"},
    "/v1/cart": {"items": [], "owner": {"email": ADMIN}},
    "/v1/things/2": {"data": {"id": 2, "title": f"test-{RUN}-x"}},
    "/v1/things/3": {"data": {"id": 3, "title": "test-6b0428555b6d-x"}},
    "/v1/notes/2/": {"id": 2, "person_id": 2},
    "/v1/notes/3/": {"id": 3, "person_id": 3},
    "/v1/people/2/rooms/7": {"id": 7},
    "/v1/people/3/rooms/7": {"id": 7},
}


class Wire(httpx.BaseTransport):
    """Answers a GET with what is shown there, everything else with 200, and keeps what arrived."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.bend: Callable[[httpx.Request], httpx.Response | None] = lambda _request: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(request)
        if request.method == "GET" and (bent := self.bend(request)):
            return bent
        if request.method != "GET":
            return httpx.Response(200)
        shown = SHOWN.get(path)
        return httpx.Response(404) if shown is None else httpx.Response(200, json=shown)

    @property
    def arrived(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    @property
    def writes(self) -> list[str]:
        return [line for line in self.arrived if not line.startswith(("GET", "HEAD", "OPTIONS"))]


class Site:
    """A client behind the guard, and the wire behind both."""

    def __init__(self, folder: Path, base_url: str, more: str = "", **env: str) -> None:
        (folder / "pyproject.toml").write_text(PYPROJECT + more)
        settings = load(folder, env={"API_ADMIN_EMAIL": ADMIN, "API_ADMIN_PASSWORD": "an-admins-password", **env})
        self.ledger = Ledger(folder / "ledger", f"{RUN}-gw0", base_url, lambda: "a test")
        self.readonly = False
        self.guard = Guard(
            settings,
            base_url,
            settings.resources,
            self.ledger,
            is_readonly=lambda: self.readonly,
            current_test=lambda: "test_it.py::test_a",
        )
        self.wire = Wire()
        self.client = httpx.Client(base_url=base_url, transport=self.guard.around(self.wire))


Open = Callable[..., Site]


def refused(site: Site, method: str, url: str, **more: Any) -> str:
    """Why the request was refused; nothing that changes anything has left."""
    with pytest.raises(WriteRefused) as caught:
        site.client.request(method, url, **more)
    assert site.wire.writes == []
    return str(caught.value)
