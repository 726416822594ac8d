"""Fields that were probably renamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any

_ALIKE = 0.6  # of two names, by their common letters
_MANY = 20  # fields that came or went, above which nobody renamed them one by one


def renamed(gone: Mapping[str, Any], added: Mapping[str, Any], equal: Callable[[Any, Any], bool]) -> dict[str, str]:
    """For a field that is gone the new one that it may be: of the same schema, and alike in name or the only one."""
    found: dict[str, str] = {}
    if max(len(gone), len(added)) > _MANY:
        return found
    for name, plain in sorted(gone.items()):
        same = [other for other in sorted(added) if other not in found.values() and equal(plain, added[other])]
        best = max(same, key=lambda other: _likeness(name, other), default=None)
        if best and (len(gone) == len(added) == 1 or _likeness(name, best) >= _ALIKE):
            found[name] = best
    return found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower()).ratio()
