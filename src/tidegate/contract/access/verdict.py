"""Whether an answer is what a cell says: allowed, refused, or neither of the two."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum


class Verdict(Enum):
    """What an answer means to somebody who may or may not do it."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    NEITHER = "neither"


def judge(status: int, denied: Collection[int], *, exists: bool) -> Verdict:
    """What the status means; 404 is a refusal only where it is known that the record exists (RFC 9110, 15.5.4)."""
    if status in denied and (status != 404 or exists):
        return Verdict.REFUSED
    return Verdict.ALLOWED if status < 400 else Verdict.NEITHER
