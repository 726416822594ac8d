"""The forms a setting's value may have: each takes what a source holds and returns the value, or says the form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any


def text(raw: object) -> str:
    """A text that is not empty."""
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a text that is not empty")
    return raw


def seconds(raw: object) -> float:
    """Seconds as a number above 0."""
    try:
        value = float(raw) if isinstance(raw, (str, int, float)) and not isinstance(raw, bool) else -1.0
    except (ValueError, OverflowError):
        value = -1.0
    if not 0 < value < 86_400:
        raise ValueError("seconds above 0 and below a day, such as 30 or 0.5")
    return value


def count(raw: object) -> int:
    """A whole number above 0."""
    if isinstance(raw, str) and re.fullmatch(r"\s*\d{1,9}\s*", raw):
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
        raise ValueError("a whole number above 0, such as 100")
    return raw


def words(raw: object) -> tuple[str, ...]:
    """Words: a list of texts, or one text with commas."""
    items = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item.strip() for item in items):
        raise ValueError('a list of words such as ["ok", "up"], or ok,up in the environment')
    return tuple(item.strip() for item in items)


def names(raw: object) -> tuple[str, ...]:
    """Names of resources: a list that may be empty."""
    return () if raw == [] else words(raw)


def prefix(raw: object) -> str:
    """What every marked value starts with; long and plain enough that it cannot match by accident."""
    if not isinstance(raw, str) or not re.fullmatch(r"[a-z][a-z0-9_]{2,}-", raw):
        raise ValueError("at least three small letters or digits and a closing hyphen, such as test-")
    return raw


def flag(raw: object) -> bool:
    """True or false."""
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    value = raw if isinstance(raw, bool) else words.get(raw.strip().lower()) if isinstance(raw, str) else None
    if value is None:
        raise ValueError("true or false")
    return value


def one_of(*choices: str) -> Callable[[object], str]:
    """One of these words."""

    def chosen(raw: object) -> str:
        if raw not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(raw)

    return chosen


def optional(form: Callable[[object], str]) -> Callable[[object], str]:
    """The form, or nothing."""
    return lambda raw: "" if raw == "" else form(raw)


def amount(raw: object) -> int:
    """A whole number, also 0."""
    return 0 if raw in (0, "0") and raw is not False else _counted(raw, "a whole number, 0 or above")


def _counted(raw: object, form: str) -> int:
    try:
        return count(raw)
    except ValueError:
        raise ValueError(form) from None


def port(raw: object) -> int:
    """A TCP port."""
    value = _counted(raw, "a port from 1 to 65535")
    if value > 65_535:
        raise ValueError("a port from 1 to 65535")
    return value


def rate(raw: object) -> float:
    """Requests a second."""
    try:
        return seconds(raw)
    except ValueError:
        raise ValueError("requests a second, above 0, such as 5 or 0.5") from None


def json_path(raw: object) -> str:
    """Where a value is inside JSON."""
    if not isinstance(raw, str) or not re.fullmatch(r"(/[^/\s]*)+|[^/.\s]+(\.[^.\s]+)*", raw):
        raise ValueError("a dotted path such as data.items, or a JSON pointer such as /data/items")
    return raw


def json_path_or_whole(raw: object) -> str:
    """Where a value is inside JSON, or `.`."""
    return "." if raw == "." else json_path(raw)


def table(raw: object) -> Mapping[str, Any]:
    """A table of JSON values, which only TOML can say."""
    if not isinstance(raw, dict):
        raise ValueError('a table in pyproject.toml, such as { name = "{name}" }')
    return MappingProxyType(raw)


def process(raw: object) -> str:
    """A command that is told its port."""
    if not isinstance(raw, str) or "{port}" not in raw:
        raise ValueError("a command with {port} in it, such as node server.js --port {port}")
    return raw
