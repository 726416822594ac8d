"""The lines that services have written, each with the time at which it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TRACEPARENT = re.compile(r"\b[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}\b")  # W3C Trace Context, 3.2


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; `at` is in seconds since the epoch, of a line without a time that of the line before it."""

    at: float
    text: str


def read_log(path: Path) -> Iterator[LogLine]:
    """The lines of a service's log, which begin as `docker logs --timestamps` has them (RFC 3339)."""
    at = 0.0
    with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            stamp, _, said = line.rstrip("\r\n").partition(" ")
            found = _seconds(stamp)
            at = at if found is None else found
            yield LogLine(at, line.rstrip("\r\n") if found is None else said)


def within(path: Path, start: float, end: float, traces: Collection[str] = ()) -> list[LogLine]:
    """The lines of that time, and those of any time that name one of the traces."""
    ids = {trace_id(trace) for trace in traces if trace}
    return [line for line in read_log(path) if start <= line.at <= end or any(each in line.text for each in ids)]


def trace_id(trace: str) -> str:
    """What all requests of a test share: the trace of a `traceparent` (W3C Trace Context, 3.2.2.3)."""
    parts = trace.split("-")
    return parts[1] if len(parts) == 4 else trace


def _seconds(stamp: str) -> float | None:
    if len(stamp) < 20 or stamp[4] != "-" or stamp[10] != "T":
        return None
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except (ValueError, OverflowError):
        return None
