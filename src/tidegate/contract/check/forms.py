"""A form as the object that its schema describes (OpenAPI 3.1, 4.8.14.4)."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from tidegate.contract.check import media
from tidegate.contract.check.payload import Payload
from tidegate.contract.document import coerced, styles
from tidegate.contract.schema import Plain, Schema

_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"


def read(raw: bytes, content_type: str | None, schema: Schema) -> Payload:
    """The value of a form; of a body of another type nothing is known."""
    pairs = _pairs(raw, content_type)
    if pairs is None:
        return Payload(known=False)
    found: dict[str, Any] = {}
    for name, value in pairs:
        whole, bracket, inner = name.partition("[")
        if bracket and inner != "]":
            found[whole] = styles.deep([pair for pair in pairs if isinstance(pair[1], str)], whole)
        else:
            found.setdefault(whole, []).append(value)
    return Payload({name: _typed(schema, name, value) for name, value in found.items()})


def _pairs(raw: bytes, content_type: str | None) -> list[tuple[str, Any]] | None:
    kind = media.kind(content_type)
    if kind == _PARTS:
        return _parts(raw, content_type or "")
    try:
        return parse_qsl(raw.decode("ascii"), keep_blank_values=True) if kind == _FORM else None
    except ValueError:
        return None


def _parts(raw: bytes, content_type: str) -> list[tuple[str, Any]] | None:
    """The parts of a body in several (RFC 7578): text, and JSON as its value."""
    from email import message_from_bytes

    whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    if not whole.is_multipart():
        return None
    found: list[tuple[str, Any]] = []
    for part in whole.walk():
        name = part.get_param("name", header="Content-Disposition")
        if isinstance(name, str):
            body = part.get_payload(decode=True)
            text: Any = body.decode("utf-8", "replace") if isinstance(body, bytes) else ""
            if media.is_json(part.get_content_type()):
                with suppress(ValueError, RecursionError):
                    text = json.loads(text)
            found.append((name, text))
    return found


def _typed(schema: Schema, name: str, value: Any) -> Any:
    """A field in the types of its schema: one that came once is a list only where a list is wanted."""
    wanted = coerced.field(schema, schema.plain, name)
    if not isinstance(value, list):
        return coerced.typed(schema, wanted, value)
    listed = "array" in coerced.kinds(schema, wanted)
    inner = coerced.items(schema, wanted) if listed else wanted
    parts = [_object(schema, inner, each) for each in value]
    found = parts[0] if len(parts) == 1 and (not listed or isinstance(parts[0], list)) else parts
    texts = any(isinstance(each, str) for each in parts)
    return coerced.typed(schema, wanted, found) if texts else found  # JSON has types of its own


def _object(schema: Schema, wanted: Plain, value: Any) -> Any:
    """JSON where an object is wanted, also where the part doesn't say so: it is what such a part has by default."""
    if isinstance(value, str) and coerced.kinds(schema, wanted) & {"object", "string"} == {"object"}:
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return value
