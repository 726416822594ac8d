"""Values inside JSON, by dotted path, and the records in a list answer."""

from __future__ import annotations

from typing import Any

ENVELOPES = ("items", "data", "results")


def dig(value: Any, path: str) -> Any:
    """What is at `a.b.0` in `value`; None when the path leads nowhere."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def records_in(body: Any, name: str) -> list[dict[str, Any]] | None:
    """The records of a list answer, bare or in an envelope; None when there is no list."""
    if isinstance(body, dict):
        body = next((body[key] for key in (*ENVELOPES, name) if isinstance(body.get(key), list)), None)
    if not isinstance(body, list):
        return None
    return [record for record in body if isinstance(record, dict)]


def id_of(record: Any, path: str) -> str | None:
    """A record's id as text; None when it has none."""
    found = dig(record, path)
    if isinstance(found, bool) or not isinstance(found, (int, str)) or found == "":
        return None
    return str(found)
