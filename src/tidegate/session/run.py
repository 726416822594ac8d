"""A run's identity, and values that carry it so that clean-up can tell ours from everybody else's."""

from __future__ import annotations

import re
import secrets
import time

from tidegate.session.ledger import Ledger

_RUN = re.compile(r"(?P<seconds>[0-9a-f]{8})[0-9a-f]{4}(?:-gw\d+)?")


def new_run_id(now: float | None = None) -> str:
    """Twelve hex digits: the start as Unix seconds, then four at random."""
    return f"{int(time.time() if now is None else now):08x}{secrets.token_hex(2)}"


def whole_run(run: str) -> str:
    """The id that all workers of a run share."""
    return run.partition("-gw")[0]


def mark_of(prefix: str, run: str) -> re.Pattern[str]:
    """What marks the values of a run, of whichever of its workers."""
    return re.compile(rf"{re.escape(prefix + whole_run(run))}(?:-gw\d+)?-?")


def run_in(value: object, prefix: str) -> str | None:
    """The run id in a marked value, None when the value carries none."""
    if not isinstance(value, str) or not value.startswith(prefix):
        return None
    found = re.match(_RUN.pattern + "-", value[len(prefix) :])
    return found.group().removesuffix("-") if found else None


def started(run: str) -> float | None:
    """Unix seconds at which a run with this id began."""
    found = _RUN.fullmatch(run)
    return float(int(found["seconds"], 16)) if found else None


class Unique:
    """Makes values that no other test, worker or run has, all marked as this run's.

    Not from `random`: its seed is set again before each test by those who shuffle tests.
    """

    def __init__(self, prefix: str, ledger: Ledger) -> None:
        self.marker = f"{prefix}{ledger.run}-"
        self._ledger = ledger

    def __call__(self) -> str:
        """`test-<run id>-<10 hex>`."""
        self._ledger.used = True  # whoever has a marked value may make a record in a way that nobody else sees
        return self.marker + secrets.token_hex(5)

    def email(self) -> str:
        """`test-<run id>-<10 hex>@example.com`, a domain that never receives mail (RFC 2606)."""
        return f"{self()}@example.com"

    def name(self) -> str:
        """A marked value for any text field."""
        return self()
