"""What a row of the tables says: a request, what the right server answers, and what the planted one does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

JSON = "application/json"
TOKEN = {"Authorization": "Bearer planted-token"}
UUID = "6f1c1c3e-2f0b-4f83-9a55-0a8b6f0c7d11"


@dataclass(frozen=True)
class Call:
    """A request: what httpx takes, with the path below the base path."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: TOKEN)
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """An answer as it goes over the wire."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def with_header(self, name: str, value: str) -> Self:
        kept = [each for each in self.headers if each[0].lower() != name.lower()]
        return replace(self, headers=(*kept, (name, value)))

    def without(self, name: str) -> Self:
        return replace(self, headers=tuple(each for each in self.headers if each[0].lower() != name.lower()))


@dataclass(frozen=True)
class Deviation:
    """A deviation: `kind` and `where` are what has to be found, and nothing else."""

    name: str
    call: Call
    clean: Reply
    planted: Reply
    kind: str
    where: str
    versions: tuple[str, ...] = ("3.0.3", "3.1.0")


@dataclass(frozen=True)
class Sound:
    """An exchange in which nothing is wrong, though it may look so."""

    name: str
    call: Call
    reply: Reply
    versions: tuple[str, ...] = ("3.0.3", "3.1.0")


def said(status: int, value: Any, media: str = JSON, **headers: str) -> Reply:
    """An answer with a JSON body."""
    rest = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Reply(status, json.dumps(value).encode(), (("Content-Type", media), *rest))


def get(path: str, headers: Mapping[str, str] = TOKEN, **more: Any) -> Call:
    return Call("GET", path, headers, more)


def post(path: str, headers: Mapping[str, str] = TOKEN, **more: Any) -> Call:
    return Call("POST", path, headers, more)


PERSON = {"id": 1, "name": "Ada"}
PART = {"number": 1, "label": "lid"}
THING: dict[str, Any] = {
    "id": 7,
    "made": "2026-01-02T03:04:05Z",
    "name": "Kettle",
    "kind": "big",
    "price": 3.5,
    "code": "EUR",
    "tags": ["a", "b"],
    "note": None,
    "day": "2026-01-02",
    "ref": UUID,
    "mail": "ada@example.com",
    "link": "https://example.com/a",
    "share": 0.5,
    "active": True,
    "owner": PERSON,
    "size": {"width": 1, "height": 2},
    "a/b": {"c~d": 1},
    "parts": [PART, {"number": 2}],
}
NEW = {"name": "Kettle", "kind": "big"}
ERROR = {"detail": "not so"}
PROBLEM = {"title": "not so", "status": 422}
REFUSED = said(422, PROBLEM, "application/problem+json")
MISSING = said(404, ERROR)
OK = said(200, PERSON)


def a_thing(**changed: Any) -> Reply:
    """The answer of `GET /things/{id}`."""
    return said(200, THING | changed, ETag='"1"')


def a_page(*items: Any, **changed: Any) -> Reply:
    """The answer of `GET /things`."""
    found = {"items": list(items or (THING, THING)), "next": None, **changed}
    return said(200, found, X_Total="2", X_Sizes="1,2", X_Reset="2026-01-02T03:04:05Z")


def a_made(**changed: Any) -> Reply:
    """The answer of `POST /things`."""
    return said(201, THING | changed, Location="/api/v2/things/7")
