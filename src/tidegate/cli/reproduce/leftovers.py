"""What tests leave, by which another one fails."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from tidegate.cli.reproduce.attempt import Outcome
from tidegate.evidence.bundle import Bundle
from tidegate.records import Exchange

NOBODY = ("", "anonymous")
SAFE = ("GET", "HEAD", "OPTIONS")
SHOWN = 5  # names, rows or exchanges in a verdict


def leaks(came: Outcome, needed: Sequence[str]) -> list[str]:
    """What the tests left: rows that are there when the other one fails, and the requests that may have made them.

    Where there is neither a row nor a request that writes, all they sent.
    """
    said = []
    for table, rows in came.rows.items():
        said.append(f"rows of {table} that were not there at the beginning: {len(rows)}")
        said += [f"  {row}" for row in rows[:SHOWN]]
    sent = [
        (name, each) for name in needed for each in came.bundle.exchanges(name) if not _is_our_login(each, came.bundle)
    ]
    wrote = [(name, each) for name, each in sent if each.method not in SAFE]
    shown = wrote if wrote or said else sent
    for name in needed:
        ours = [each for of, each in shown if of == name]
        said += [f"{name} sent {each.method} {each.url} -> {each.status}" for each in ours[:SHOWN]]
    return said


def is_of_teardown(came: Outcome, test: str) -> bool:
    """Whether that test failed when its fixtures were taken down, which others may have shared."""
    failures = [each.failure for each in came.bundle.tests() if each.id == test and each.failure]
    return any(failure.name == "teardown" for failure in failures)


def _is_our_login(sent: Exchange, bundle: Bundle) -> bool:
    """Whether that opened the session of a client: a login that a test itself sends has no identity."""
    settings = bundle.run.get("settings")
    told = settings.get("login.path") if isinstance(settings, dict) else None
    path = str(told.get("value") or "") if isinstance(told, dict) else ""
    asked = urlsplit(sent.url).path
    went_well = (sent.status or 500) < 400
    return went_well and sent.identity not in NOBODY and bool(path) and asked.endswith(urlsplit(path).path)
