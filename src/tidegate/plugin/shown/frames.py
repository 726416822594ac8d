"""What pytest shows of the way to an error of ours: the test's own lines, since the text says the rest."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

import pytest

HIDDEN = frozenset({"tidegate", "httpx", "httpx2", "httpcore", "httpcore2"})


def shorten(error: pytest.ExceptionInfo[BaseException]) -> None:
    """Takes the frames of tidegate and of the HTTP library out, unless nothing else is there."""
    shown: TracebackType | None = None
    for frame in reversed([*_frames(error.tb)]):
        if str(frame.tb_frame.f_globals.get("__name__")).partition(".")[0] not in HIDDEN:
            shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    if shown:  # linked anew, since pytest goes along the links
        error.traceback = type(error.traceback)(shown)


def _frames(first: TracebackType | None) -> Iterator[TracebackType]:
    while first:
        yield first
        first = first.tb_next
