"""Whether an answer of the health path is a yes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidegate.session.jsonpath import dig

if TYPE_CHECKING:
    from tidegate.settings import Health


def is_accepted(status: int, health: Health) -> bool:
    """Whether the status alone allows a yes."""
    if health.kind == "answer":
        return status < 500
    return any(wanted in (str(status), f"{status // 100}xx") for wanted in health.statuses)


def objection(body: bytes, health: Health) -> tuple[str, str] | None:
    """What in the body speaks against a yes, and the setting that would accept it, if any; None when nothing does."""
    if health.kind == "answer":
        return None
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    return _word(parsed, health) or _flags(parsed, health)


def _word(parsed: Any, health: Health) -> tuple[str, str] | None:
    place = health.word_at or "status"
    word = dig(parsed, place)
    if word is None and not (place == "status" and isinstance(parsed, dict) and "status" in parsed):
        return (f"nothing at {place}", "health.word_at") if health.word_at else None
    if _is_word(word, health):
        return None
    return f"{place} is {word!r:.60}, not {' / '.join(health.words)}", "health.words"


def _flags(parsed: Any, health: Health) -> tuple[str, str] | None:
    if not health.flags:
        return None
    flags = dig(parsed, health.flags)
    place = "the body" if health.flags == "." else health.flags
    if not isinstance(flags, Mapping) or not flags:
        return f"{place} holds no flags", "health.flags"
    down = {name: value for name, value in flags.items() if value is not True and not _is_word(value, health)}
    if not down:
        return None
    at = "" if health.flags == "." else f"{health.flags}."
    words = all(isinstance(value, str) for value in down.values())
    return f"not true: {', '.join(f'{at}{name}' for name in down):.200}", "health.words" if words else ""


def _is_word(value: object, health: Health) -> bool:
    return isinstance(value, str) and value.casefold() in {word.casefold() for word in health.words}
