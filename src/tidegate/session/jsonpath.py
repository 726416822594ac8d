"""Values inside JSON, by dotted path or JSON pointer (RFC 6901)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

_INDEX = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_REFERENCE = re.compile(r"(?:https?:/)?/.*?([^/?#]+)/?(?:[?#].*)?", re.DOTALL)


def dig(value: Any, path: str) -> Any:
    """What is at `a.b.0` or `/a/b/0` in `value`; None when the path leads nowhere, `value` itself at `.` or nothing.

    In a dotted path, a key that is spelled like all of the rest wins: `@odata.next` is found as it is written.
    """
    if path in ("", "."):
        return value
    if path.startswith("/"):
        for step in path[1:].split("/"):
            value = _step(value, step.replace("~1", "/").replace("~0", "~"))
        return value
    rest = path
    while rest:
        if isinstance(value, dict) and rest in value:
            return value[rest]
        step, _, rest = rest.partition(".")
        value = _step(value, step)
    return value


def _step(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and _INDEX.fullmatch(step) and int(step) < len(value):
        return value[int(step)]
    return None


def plant(value: dict[str, Any], path: str, what: Any) -> None:
    """Puts `what` at a path into `value`, with the tables on the way that are not there yet."""
    if path.startswith("/"):
        steps = [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    else:
        steps = path.split(".")
    for step in steps[:-1]:
        inner = value.get(step)
        value[step] = value = dict(inner) if isinstance(inner, dict) else {}
    value[steps[-1]] = what


def identity(found: Any) -> int | str | None:
    """An id as the API writes it, number or text; a URL or path stands for its last segment. None when it is no id."""
    if isinstance(found, bool) or not isinstance(found, (int, str)):
        return None
    if isinstance(found, str) and (reference := _REFERENCE.fullmatch(found)):
        found = unquote(reference[1])
    return None if found in ("", ".", "..") else found  # dots would lead to another path


def id_of(record: Any, path: str) -> str | None:
    """A record's id as text; None when it has none."""
    found = identity(dig(record, path)) if path else None
    return None if found is None else str(found)
