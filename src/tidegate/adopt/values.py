"""Values for the fields of a body, as their schemas want them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from tidegate.adopt.operations import Schema
from tidegate.settings.template import placeholders

MARKERS = ("email", "name", "title", "label", "subject", "username", "slug", "code", "summary", "text", "description")
FREE_TEXT = (None, "", "email", "string")
PLAIN = re.compile(r"[^\s./{}]+")  # a name that can stand in a path into JSON
MARKED = "test-6b0427ab5421-gw0-0123456789"  # how long a value with a marker can be
FIXED = {
    "date-time": "2030-01-02T03:04:05Z",
    "date": "2030-01-02",
    "time": "03:04:05Z",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
}


def example(name: str, schema: Schema) -> Any:
    """A value for a field; texts carry the run's marker where they may."""
    for given in ("const", "default", "example"):
        if given in schema and (known := _plain(schema[given])) is not None:
            return known if name not in MARKERS else "{email}" if is_email(name, schema) else "{name}"
    if schema.get("enum") and (first := _plain(schema["enum"][0])) is not None:
        return first
    kind = schema.get("type", "string")
    kind = next((one for one in kind if one != "null"), "string") if isinstance(kind, list) else kind
    if kind in ("integer", "number"):
        return max(1, int(schema.get("minimum", schema.get("exclusiveMinimum", 0)) or 0) + 1)
    if kind == "array":
        return [example("", schema.get("items") or {})] * (schema.get("minItems") or 0)
    if kind == "object":
        inner = schema.get("properties") or {}
        return {field: example(field, inner.get(field, {})) for field in schema.get("required", ())}
    return False if kind == "boolean" else text(name, schema)


def _plain(raw: Any) -> Any:
    """A value of a document as TOML can hold it and a template leaves it; None for what neither can."""
    if isinstance(raw, dict):
        return {str(key): plain for key, value in raw.items() if (plain := _plain(value)) is not None}
    if isinstance(raw, list):
        return [plain for value in raw if (plain := _plain(value)) is not None]
    if isinstance(raw, (date, time)):  # YAML's, where JSON has a text
        return raw.isoformat()
    return None if isinstance(raw, str) and placeholders(raw) else raw


def text(name: str, schema: Schema) -> str:
    """A text for a field: an address, a marked value, or whatever its format is."""
    if found := FIXED.get(str(schema.get("format"))):
        return found
    if is_email(name, schema):
        return "{email}"
    most = schema.get("maxLength", len(MARKED))
    return "{name}" if most >= len(MARKED) else "test"[:most]


def is_free(name: str, schema: Schema) -> bool:
    """Whether a field takes a marked value."""
    if schema.get("type", "string") not in ("string", ["string", "null"]) or schema.get("format") not in FREE_TEXT:
        return False
    if not PLAIN.fullmatch(name):
        return False
    value = MARKED + ("@example.com" if is_email(name, schema) else "")
    try:
        fits = re.search(str(schema.get("pattern", "")), value)
    except re.error:  # a pattern of another language than ours
        fits = None
    return bool(fits) and not {"enum", "const"} & schema.keys() and schema.get("maxLength", len(value)) >= len(value)


def is_email(name: str, schema: Schema) -> bool:
    """Whether a field is an e-mail address."""
    return schema.get("format") == "email" or "email" in name.lower()
