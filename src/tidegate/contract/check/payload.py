"""A body as the value that it stands for."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tidegate.contract.check import media
from tidegate.contract.document import coerced
from tidegate.contract.schema import Schema
from tidegate.records import Message

_UNDONE = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(frozen=True, slots=True)
class Payload:
    """A body's value, or why it is none; `known` is False when there is no value to look at."""

    value: Any = None
    known: bool = True
    flaw: str = ""
    repeated: str = ""


class Readings:
    """The JSON bodies of one exchange, each read once, whoever looks at it."""

    def __init__(self) -> None:
        self._known: dict[int, Payload] = {}

    def of(self, message: Message) -> Payload:
        """What the message's body says, of which something was kept."""
        found = self._known.get(id(message))
        if found is None:
            coding = message.header("Content-Encoding")
            found = self._known[id(message)] = read(message.body or b"", message.header("Content-Type"), coding)
        return found


def read(raw: bytes, content_type: str | None, coding: str | None = None) -> Payload:
    """A JSON text (RFC 8259), more strictly than Python reads it: no NaN, and a name that occurs twice is told.

    `coding` is the Content-Encoding: of one that not every client undoes, the body may still be in it.
    """
    try:
        text = _decoded(raw, content_type)
        try:
            return Payload(_STRICT.decode(text))
        except _TwiceError as error:
            return Payload(_LENIENT.decode(text), repeated=str(error))
    except (json.JSONDecodeError, UnicodeDecodeError, _NoJsonError) as error:
        undone = (coding or "").strip().lower() in _UNDONE
        return Payload(known=False, flaw=str(error) if undone else "")
    except (ValueError, RecursionError):  # a number of thousands of digits, or nested deeper than Python goes
        return Payload(known=False)


def text(raw: bytes, content_type: str | None, schema: Schema) -> Any:
    """A plain text, as a number or the like where the schema wants one."""
    try:
        found = raw.decode(media.charset(content_type) or "utf-8", "replace")
    except LookupError:
        found = raw.decode("utf-8", "replace")
    return coerced.fitting(schema, [found])


class _NoJsonError(ValueError):
    pass


class _TwiceError(Exception):
    pass


def _constant(name: str) -> Any:
    raise _NoJsonError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return found


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
_LENIENT = json.JSONDecoder(parse_constant=_constant)


def _decoded(raw: bytes, content_type: str | None) -> str:
    """The text, in the charset that is named, else in the one of UTF-8, 16 and 32 that it looks like."""
    named = media.charset(content_type)
    if named not in ("", "utf-8", "utf8"):
        with suppress(LookupError, UnicodeDecodeError):
            return raw.decode(named)
    return raw.decode(json.detect_encoding(raw), "surrogatepass")
