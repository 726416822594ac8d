"""The requests that may have harmed the seeded admin, kept in case the admin stops working."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from tidegate.session.http import httpx
from tidegate.session.ledger import Ledger, entries
from tidegate.session.run import whole_run

MOST = 50
SUSPECT, WORKED = "may have harmed the admin", "the admin logged in"
NEW_PASSWORD = re.compile(
    r"(new|confirm|repeat|again|verif)\w*[-_ ]?(passw|pwd)|(passw|pwd)\w*[-_ ]?(new|confirm|repeat|again|verif)", re.I
)
PASSWORD = re.compile(r"passw|pwd|passphrase", re.I)
OLD_PASSWORD = re.compile(r"(old|current|previous|existing|present).*(pass|pwd)|(pass|pwd).*(old|current)", re.I)
ACCOUNT = re.compile(
    r"\b(me|self|profile|account|password|credentials?|admins?|reset|roles?|tokens?|sessions?)\b", re.I
)


class Suspect(NamedTuple):
    """A request that succeeded, how much speaks against it, and when it was sent."""

    weight: int
    at: float
    test: str
    request: str


class Suspects:
    """Remembers a bounded number of requests, those with the most against them longest; the ledger tells the others."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self._found: list[Suspect] = []
        self._ledger = ledger

    def add(self, test: str, request: httpx.Request, status: int, *, of_admin: bool, names_admin: bool) -> None:
        """Remembers a request that was answered with success."""
        weight = 4 * of_admin + 2 * names_admin + bool(ACCOUNT.search(request.url.path))
        shown = f"{request.method} {request.url.path} answered {status}"
        suspect = Suspect(weight, time.time(), test, shown)
        self._found = sorted([*self._found, suspect], reverse=True)[:MOST]
        if self._ledger and suspect in self._found:
            self._ledger.note(SUSPECT, **suspect._asdict())

    def clear(self) -> None:
        """Forgets all: the admin has just logged in, so none of them did any harm."""
        self._found.clear()
        if self._ledger:
            self._ledger.note(WORKED)

    def __iter__(self) -> Iterator[Suspect]:
        """The most likely first; among equals the latest."""
        return iter(self._found)


def sets_password(names: Collection[str]) -> bool:
    """Whether fields of these names are a new password: they say so, or one stands beside that which is to go."""
    passwords = [name for name in names if PASSWORD.search(name)]
    old = [name for name in passwords if OLD_PASSWORD.search(name)]
    return any(map(NEW_PASSWORD.search, names)) or (bool(old) and len(passwords) > len(old))


def of_run(folder: Path, run: str) -> list[Suspect]:
    """The suspects of all processes of a run that are still there; none when the admin has never worked in it."""
    found, worked = list[Suspect](), False
    for path in sorted(folder.glob(f"{whole_run(run)}*.jsonl")):
        own: list[Suspect] = []
        for entry in entries(path):
            if entry.get("op") == WORKED:
                own, worked = [], True
            elif entry.get("op") == SUSPECT:
                own.append(Suspect(entry["weight"], entry["at"], entry["test"], entry["request"]))
        found += own
    return sorted(found, reverse=True)[:MOST] if worked else []
