"""A form as the object that its schema describes (OpenAPI 3.1, 4.8.14.4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from tidegate.contract.check import media
from tidegate.contract.check.payload import Payload
from tidegate.contract.document import coerced, styles
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
        whole, bracket, inner = name.partition("[")
        if bracket and inner != "]":
            found[whole] = styles.deep(pairs, whole)
        else:
            found.setdefault(whole, []).append(value)
    made = {name: _single(schema, name, value) for name, value in found.items()}
    return Payload(coerced.typed(schema, schema.plain, made))


def _single(schema: Schema, name: str, value: Any) -> Any:
    """A field that came once, as a list only where its schema wants one."""
    if not isinstance(value, list) or len(value) > 1:
        return value
    wanted = coerced.field(schema, schema.plain, name)
    return value if "array" in coerced.kinds(schema, wanted) else value[0]
