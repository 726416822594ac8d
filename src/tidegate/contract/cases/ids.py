"""Ids that nobody has: of the right form, and of none."""

from __future__ import annotations

import re

MALFORMED = "not-an-id"
_FREE = 2_000_000_011  # no database counts so far in a test, and 32 bits hold it
_NOBODY = "3f2b8c1e-5d4a-4b6f-9a7c-1e2d3c4b5a69"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def unknown(real: str) -> str:
    """An id like this one, of no record: each letter and digit replaced by another of its kind."""
    if re.fullmatch(r"[0-9]{1,19}", real):
        return str(_FREE + int(real) % 1000)
    if _UUID.fullmatch(real):
        return _NOBODY if real.islower() or real.lower() == real else _NOBODY.upper()
    return re.sub(r"[0-9A-Za-z]", lambda found: _next(found[0]), real) or "x"


def unknown_of(kind: str, form: str) -> str:
    """An id of this type and format, where no record shows what ids look like."""
    if kind in ("integer", "number"):
        return str(_FREE)
    return _NOBODY if form == "uuid" else "no-such-record"


def _next(character: str) -> str:
    last = {"9": "0", "z": "a", "Z": "A", "f": "a", "F": "A"}  # an f goes on in base 16
    return last.get(character) or chr(ord(character) + 1)
