"""What somebody who typed an unknown name may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """The one known name that is a near miss; empty when there is none."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.8)), "")


def guess(name: str, known: Iterable[str]) -> str:
    """The same as the end of a sentence."""
    close = nearest(name, known)
    return f"; did you mean {close}?" if close else ""
