"""The test that `tidegate explore` runs."""

from __future__ import annotations

from collections.abc import Callable


def test_explore(_explore: Callable[[], None]) -> None:  # noqa: PT019
    """The API keeps what its document promises, whatever is sent to it."""
    _explore()
