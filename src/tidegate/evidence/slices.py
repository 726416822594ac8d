"""All that a bundle has of one test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tidegate.curl import curl
from tidegate.evidence.loglines import LogLine
from tidegate.records import Exchange, Made, TestRun

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle

MARGIN = 0.05  # seconds around a test in which a service may write of it


@dataclass(frozen=True, slots=True)
class Slice:
    """What a test did, what the services wrote meanwhile or of its requests, and what it created.

    `curls` sends each exchange again, in their order; secrets are variables such as `$API_TOKEN`.
    """

    test: str
    runs: tuple[TestRun, ...]
    exchanges: tuple[Exchange, ...]
    logs: dict[str, list[LogLine]]
    curls: tuple[str, ...]
    made: tuple[Made, ...]


def slice_of(bundle: Bundle, test: str) -> Slice:
    """The test's own part of a bundle; empty where the bundle knows nothing of it."""
    runs = tuple(each for each in bundle.tests() if each.id == test)
    exchanges = tuple(bundle.exchanges(test))
    begins = [each.at for each in runs] + [each.started for each in exchanges]
    ends = [each.ended for each in runs] + [each.started + each.elapsed for each in exchanges]
    traces = {each.trace for each in exchanges if each.trace}
    logs = bundle.logs(min(begins) - MARGIN, max(ends) + MARGIN, traces) if begins else {}
    made = tuple(_made(bundle.id, test, exchanges))
    return Slice(test, runs, exchanges, logs, tuple(map(curl, exchanges)), made)


def _made(run: str, test: str, exchanges: tuple[Exchange, ...]) -> Iterator[Made]:
    """The records that answers say were created (RFC 9110, 15.3.2), by the path of their collection."""
    for exchange in exchanges:
        if exchange.method in ("POST", "PUT") and exchange.status == 201 and exchange.response:
            place = urlsplit(exchange.response.header("Location") or "").path.rstrip("/")
            record = _id_in(exchange.response.body) or place.rpartition("/")[2]
            if record:
                yield Made(urlsplit(exchange.url).path.removesuffix(f"/{record}"), record, run, test)


def _id_in(body: bytes | None) -> str:
    try:
        told = json.loads(body or b"")
    except (ValueError, RecursionError):
        return ""
    inner = told.get("data", told) if isinstance(told, dict) else None
    found = inner.get("id") if isinstance(inner, dict) else None
    return str(found) if isinstance(found, (str, int)) else ""
