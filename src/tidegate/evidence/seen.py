"""One pass over the exchanges of a run, keeping only what a page about it needs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from tidegate.evidence.bundle import Bundle
    from tidegate.records import Exchange

_VARIABLE = re.compile(r"\d+|[0-9a-fA-F-]{16,}|[\w.+-]*@[\w.-]+")
GOOD, GOODS = 8_000, 500  # characters of a body that others are compared with, and how many are kept
OPERATIONS = 2_000  # different ones; what has no document may have any number

Row = list[Any]


@dataclass(slots=True)
class Seen:
    """Rows of each test: phase, operation, path, status, start, milliseconds; and figures of each operation.

    `good` is of each operation and status the last body that a test which passed has seen.
    """

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    full: dict[str, list[Exchange]] = field(default_factory=dict)
    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    good: dict[str, dict[str, Any]] = field(default_factory=dict)
    count: int = 0


def look(bundle: Bundle, failed: Collection[str], passed: Collection[str]) -> Seen:
    """What the run exchanged: in full for tests that failed."""
    seen = Seen(full={test: [] for test in failed})
    for exchange in bundle.exchanges():
        seen.count += 1
        name = operation(exchange, seen)
        path = exchange.url[len("/".join(exchange.url.split("/", 3)[:3])) :] or "/"
        took = round(exchange.elapsed * 1000, 2)
        seen.rows[exchange.test].append([exchange.phase, name, path[:200], exchange.status, exchange.started, took])
        if exchange.status is not None:
            seen.took[name].append(took)
            seen.statuses[name][exchange.status] += 1
        if exchange.test in seen.full:
            seen.full[exchange.test].append(exchange)
        elif exchange.test in passed and exchange.response and exchange.response.body:
            key = f"{name} {exchange.status}"
            if key in seen.good or len(seen.good) < GOODS:
                body = exchange.response.body[:GOOD].decode("utf-8", "replace")
                seen.good[key] = {"body": body, "test": exchange.test}
    return seen


def operation(exchange: Exchange, seen: Seen) -> str:
    """The operation of the document, or else the method and the path without what looks like an id."""
    if exchange.operation:
        return exchange.operation if _fits(exchange.operation, seen) else f"{exchange.method} (others)"
    try:
        path = urlsplit(exchange.url).path
    except ValueError:
        path = ""
    parts = ["{}" if _VARIABLE.fullmatch(part) else part[:60] for part in path.split("/")[:8]]
    name = f"{exchange.method} {'/'.join(parts) or '/'}"
    return name if _fits(name, seen) else f"{exchange.method} (others)"


def _fits(name: str, seen: Seen) -> bool:
    return name in seen.took or len(seen.took) < OPERATIONS
