"""How long a server asks to wait (RFC 9110, 10.2.3)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime


def seconds_to_wait(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """What Retry-After asks for, in seconds or as a date; None when there is none to be understood.

    A date is measured against the server's own clock, where the answer tells it.
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked[:9])  # decades are as good as for ever
    until = _timestamp(asked)
    if until is None:
        return None
    here = _timestamp(headers.get("Date", ""))
    return max(0.0, until - (now() if here is None else here))


def _timestamp(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
