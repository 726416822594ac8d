"""Which requests are held against the contract: those of tests, and not those by which a case proves something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_JUDGED = ContextVar("tidegate_judged", default=True)


def is_judged() -> bool:
    """Whether what this thread sends now counts: as findings, as coverage, as shapes to learn."""
    return _JUDGED.get()


@contextmanager
def judging(wanted: bool) -> Iterator[None]:
    """Has what this thread sends meanwhile count, or be recorded and no more; each may stand inside the other.

    What a case sends to see what its own request has done is no use of the API that anybody has written down.
    """
    before = _JUDGED.set(wanted)
    try:
        yield
    finally:
        _JUDGED.reset(before)
