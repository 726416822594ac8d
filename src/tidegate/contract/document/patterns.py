"""Patterns of ECMA 262, as documents have them, in the dialect that the validator reads."""

from __future__ import annotations

import re
from functools import lru_cache

_CLASS_THEN_DASH = re.compile(r"(\\[wdsWDS])-(?=[^\]])")
_LITERAL = re.compile(r"/(\^.*\$)/([a-z]*)", re.DOTALL)


@lru_cache(maxsize=4096)
def usable(pattern: str) -> str | None:
    """A pattern that the validator takes and that means the same; None where there is none."""
    literal = _LITERAL.fullmatch(pattern)
    if literal:  # written like a regular expression in a program: the slashes are not meant
        pattern = f"(?i){literal[1]}" if "i" in literal[2] else literal[1]
    return next((each for each in _spellings(pattern) if _taken(each)), None)


def _spellings(pattern: str) -> list[str]:
    plain = pattern.replace("(?P<", "(?<").replace(r"\A", "^").replace(r"\Z", "$").replace(r"\z", "$")
    return [pattern, plain, _CLASS_THEN_DASH.sub(r"\1\\-", plain)]


def _taken(pattern: str) -> bool:
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True
