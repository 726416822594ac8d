"""A form as the object that its schema describes (OpenAPI 3.1, 4.8.14.4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from tidegate.contract.check import media, typed, values
from tidegate.contract.check.nodes import Tree
from tidegate.contract.check.payload import Payload
from tidegate.contract.schema import Schema

_FORM = "application/x-www-form-urlencoded"


def read(raw: bytes, content_type: str | None, schema: Schema) -> Payload:
    """The value of a form; of a body of another type nothing is known."""
    if media.kind(content_type) != _FORM:
        return Payload(known=False)
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True)
    except (UnicodeDecodeError, ValueError):
        return Payload(known=False)
    found: dict[str, Any] = {}
    for name, value in pairs:
        whole, bracket, _ = name.partition("[")
        if bracket and name != f"{whole}[]":
            found[whole] = values.nested(whole, pairs)
        else:
            found.setdefault(whole, []).append(value)
    return Payload(typed.fields(found, Tree.below(schema.root).node(schema.plain)))
