"""The requests that may have harmed the seeded admin, kept in case the admin stops working."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from tidegate.session.http import httpx

MOST = 50
NEW_PASSWORD = re.compile(
    r"(new|confirm|repeat|again|verif)\w*[-_ ]?passw|passw\w*[-_ ]?(new|confirm|repeat|again|verif)", re.I
)
ACCOUNT = re.compile(
    r"\b(me|self|profile|account|password|credentials?|admins?|reset|roles?|tokens?|sessions?)\b", re.I
)


class Suspect(NamedTuple):
    """A request that succeeded, and how much speaks against it."""

    weight: int
    number: int
    test: str
    request: str


class Suspects:
    """Remembers a bounded number of requests, those with the most against them longest."""

    def __init__(self) -> None:
        self._found: list[Suspect] = []
        self._count = 0

    def add(self, test: str, request: httpx.Request, status: int, *, of_admin: bool, names_admin: bool) -> None:
        """Remembers a request that was answered with success."""
        self._count += 1
        weight = 4 * of_admin + 2 * names_admin + bool(ACCOUNT.search(request.url.path))
        shown = f"{request.method} {request.url.path} answered {status}"
        self._found.append(Suspect(weight, self._count, test, shown))
        self._found = sorted(self._found, reverse=True)[:MOST]

    def clear(self) -> None:
        """Forgets all: the admin has just logged in, so none of them did any harm."""
        self._found.clear()

    def __iter__(self) -> Iterator[Suspect]:
        """The most likely first; among equals the latest."""
        return iter(self._found)


def sent_values(request: httpx.Request) -> list[tuple[str, str]]:
    """Name and text of everything in a JSON or form body; nothing for an upload, which is not read."""
    try:
        raw = request.content
    except httpx.RequestNotRead:
        return []
    try:
        return list(_leaves("", json.loads(raw)))
    except (ValueError, RecursionError):
        return parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True) if raw else []


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(str(key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner)
    elif isinstance(value, str):
        yield name, value
