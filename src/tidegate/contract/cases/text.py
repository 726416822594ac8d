"""Texts that a schema allows: of a format, of a pattern, of a length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# One of each format that JSON Schema 2020-12 (validation, 7.3) and OpenAPI know.
FORMATS = {
    "email": "sample@example.com",
    "idn-email": "sample@example.com",
    "uuid": "3f2b8c1e-5d4a-4b6f-9a7c-1e2d3c4b5a69",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "uri": "https://example.com/sample",
    "url": "https://example.com/sample",
    "iri": "https://example.com/sample",
    "uri-reference": "/sample",
    "iri-reference": "/sample",
    "uri-template": "/sample/{name}",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "json-pointer": "/sample",
    "relative-json-pointer": "1/sample",
    "regex": "^sample$",
    "byte": "c2FtcGxl",
    "binary": "sample",
    "password": "a-Sample-1-password",
}
_FREE = ("sample", "Sample-1", "1", "SAMPLE", "+14155550100")
_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")  # of a character, as in JavaScript; Python has none
_LETTERS = "aA0_-. @/:+%~"
_LONGEST = 100_000


def texts(plain: Mapping[str, Any]) -> Iterator[str]:
    """Candidates for a text, the most natural first; not all are sure to fit."""
    least, most = int(plain.get("minLength", 0)), plain.get("maxLength")
    named = FORMATS.get(str(plain.get("format")))
    pattern = _PROPERTY.sub(r"\\w", plain["pattern"]) if isinstance(plain.get("pattern"), str) else None
    for text in (*([named] if named else ()), *_FREE):
        fitting = of_length(text, least, most)
        if fitting is not None and (pattern is None or _matches(pattern, fitting)):
            yield fitting
    if pattern is not None:
        yield from of_pattern(pattern, least, most)


def of_length(text: str, least: int, most: int | None) -> str | None:
    """The text made longer before its `@`, or cut, so that it keeps these limits; None when nothing does."""
    if least > _LONGEST or (most is not None and most < least):
        return None
    if len(text) < least:
        name, at, host = text.partition("@")
        return f"{name}{'x' * (least - len(text))}{at}{host}"
    return text if most is None or len(text) <= most else text[:most]


def of_pattern(pattern: str, least: int = 0, most: int | None = None) -> Iterator[str]:
    """Texts that match a pattern, as far as it is a simple one: those with the fewest repetitions first."""
    try:
        parsed = _parsed(pattern)
    except (re.error, OverflowError):
        return
    for more in dict.fromkeys((0, 1, least, *(least - step for step in range(1, 24)))):
        text = "".join(_written(part, max(more, 0)) for part in parsed)
        if least <= len(text) and (most is None or len(text) <= most) and _matches(pattern, text):
            yield text


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError):
        return True  # whoever validates will say it


def _parsed(pattern: str) -> Any:
    # The parser of `re` itself: there is no public one, and a second one would understand other patterns.
    from re import _parser

    return _parser.parse(pattern)


def _written(part: Any, more: int) -> str:
    """A text for one part of a parsed pattern; what repeats does so `more` times beyond its least."""
    kind, value = str(part[0]), part[1]
    if kind == "LITERAL":
        return chr(value)
    if kind in ("ANY", "IN", "CATEGORY", "NOT_LITERAL"):
        return _one_of(part)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = value
        return "".join(_written(each, 0) for each in inner) * min(int(most), int(least) + more)
    if kind == "SUBPATTERN":
        return "".join(_written(each, more) for each in value[-1])
    if kind == "BRANCH":
        return "".join(_written(each, more) for each in value[1][0])
    return ""  # an anchor, or what only looks


def _one_of(part: Any) -> str:
    """A usual character that a part for one character takes."""
    return next((character for character in (*_LETTERS, *_own(part)) if _takes(part, character)), "a")


def _own(part: Any) -> Iterator[str]:
    """The characters that a set names, or begins a range with."""
    for kind, value in part[1] if str(part[0]) == "IN" else ():
        if str(kind) in ("LITERAL", "RANGE"):
            yield chr(value if isinstance(value, int) else value[0])


def _takes(part: Any, character: str) -> bool:
    kind, value, code = str(part[0]), part[1], ord(character)
    if kind == "IN":
        negated = any(str(each[0]) == "NEGATE" for each in value)
        return negated != any(_takes(each, character) for each in value if str(each[0]) != "NEGATE")
    if kind == "RANGE":
        return bool(value[0] <= code <= value[1])
    if kind == "CATEGORY":
        return _in_category(str(value), character)
    return kind == "ANY" or bool(code == value) == (kind == "LITERAL")


def _in_category(name: str, character: str) -> bool:
    kinds = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    wanted = re.fullmatch(kinds.get(name.rpartition("_")[2], "."), character) is not None
    return wanted != ("_NOT_" in name)
