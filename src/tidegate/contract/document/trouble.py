"""What is said of a document that cannot be used: three lines each."""

from __future__ import annotations

from typing import Any

from tidegate.errors import DocumentError

_NEXT = "Correct that place, or set contract.document to another document"


def broken(what: str, seen: str, then: str = _NEXT) -> DocumentError:
    """The error of a document that was read but breaks a rule."""
    return DocumentError(f"{what}\n  seen: {seen}\n  next: {then}")


def wrong_type(place: str, wanted: str, value: Any) -> DocumentError:
    """The error of a place that holds something of another type."""
    return broken(
        f"The API's document has something else than {wanted} at {place}.",
        f"{shown(value)} ({named(value)})",
    )


def named(value: Any) -> str:
    """The type of a value in the words of JSON Schema."""
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def shown(value: Any, width: int = 80) -> str:
    """A value as short JSON."""
    import json

    if isinstance(value, (list, dict)) and len(value) > width:
        value = value[:width] if isinstance(value, list) else dict(list(value.items())[:width])
    text = json.dumps(value[: width * 2] if isinstance(value, str) else value, ensure_ascii=False, default=str)
    text = text if len(text) <= width else text[: width - 1] + "…"
    return text if text.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
