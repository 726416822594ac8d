"""A body as the value that it stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tidegate.contract.check import media
from tidegate.contract.document import coerced
from tidegate.contract.schema import Schema

_UNDONE = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Payload:
    """A body's value, or why it is none; `known` is False when there is no value to look at."""

    value: Any = None
    known: bool = True
    flaw: str = ""
    repeated: str = ""


def read(raw: bytes, content_type: str | None, coding: str | None = None) -> Payload:
    """A JSON text (RFC 8259), more strictly than Python reads it: no NaN, and a name that occurs twice is told.

    `coding` is the Content-Encoding: of one that not every client undoes, the body may still be in it.
    """
    repeated: list[str] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            repeated.append(_twice(pairs))
        return found

    try:
        value = json.loads(_decoded(raw, content_type), object_pairs_hook=made, parse_constant=_constant)
    except (json.JSONDecodeError, UnicodeDecodeError, _NoJsonError) as error:
        undone = (coding or "").strip().lower() in _UNDONE
        return Payload(known=False, flaw=str(error) if undone else "")
    except (ValueError, RecursionError):  # a number of thousands of digits, or nested deeper than Python goes
        return Payload(known=False)
    return Payload(value, repeated=repeated[0] if repeated else "")


def text(raw: bytes, content_type: str | None, schema: Schema) -> Any:
    """A plain text, as a number or the like where the schema wants one."""
    try:
        found = raw.decode(media.charset(content_type) or "utf-8", "replace")
    except LookupError:
        found = raw.decode("utf-8", "replace")
    return coerced.fitting(schema, [found])


class _NoJsonError(ValueError):
    pass


def _constant(name: str) -> Any:
    raise _NoJsonError(f"{name} is no JSON")


def _decoded(raw: bytes, content_type: str | None) -> str | bytes:
    named = media.charset(content_type)
    if named in ("", "utf-8", "utf8"):
        return raw
    try:
        return raw.decode(named)
    except (LookupError, UnicodeDecodeError):
        return raw


def _twice(pairs: list[tuple[str, Any]]) -> str:
    names = [name for name, _ in pairs]
    return next(name for name in names if names.count(name) > 1)
