"""A document with every kind of thing that one says, and changes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]
Change = Callable[[Plain], None]
MEDIA = "application/json"


def body(schema: Plain) -> Plain:
    return {"content": {MEDIA: {"schema": schema}}}


def ref(name: str) -> Plain:
    return {"$ref": f"#/components/schemas/{name}"}


def thing() -> Plain:
    """A schema of every kind of field."""
    return {
        "type": "object",
        "required": ["id", "name", "state"],
        "properties": {
            "id": {"type": "integer", "readOnly": True, "format": "int32"},
            "name": {"type": "string", "maxLength": 50, "minLength": 1, "pattern": "^[a-z]+$"},
            "state": {"type": "string", "enum": ["open", "closed"]},
            "note": {"type": ["string", "null"]},
            "made": {"type": "string", "format": "date-time"},
            "size": {"type": "number", "minimum": 0, "maximum": 10},
            "pass": {"type": "string", "writeOnly": True},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "parent": ref("Thing"),
            "parts": {"type": "array", "items": {"oneOf": [ref("Bolt"), ref("Nut")]}, "maxItems": 5},
            "maker": {"allOf": [ref("Maker"), {"properties": {"since": {"type": "integer"}}}]},
        },
    }


def item() -> Plain:
    """The operations of one path, with every kind of input and answer."""
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
        "get": {
            "operationId": "readThing",
            "parameters": [
                {"name": "full", "in": "query", "schema": {"type": "boolean"}},
                {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}},
            ],
            "responses": {
                "200": {**body(ref("Thing")), "headers": {"ETag": {"required": True, "schema": {"type": "string"}}}},
                "404": body(ref("Problem")),
            },
            "security": [{"bearer": []}, {"oauth": ["read"]}],
        },
        "put": {
            "requestBody": {**body(ref("Thing")), "required": False},
            "responses": {"200": body(ref("Thing")), "204": {"description": "as it was"}},
        },
        "delete": {"responses": {"204": {"description": "gone"}}},
    }


def document() -> Plain:
    """Every kind of thing that a document says."""
    schemas = {
        "Thing": thing(),
        "Bolt": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "bolt"}}},
        "Nut": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "nut"}}},
        "Maker": {"type": "object", "properties": {"country": {"type": "string"}}},
        "Problem": {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}},
    }
    schemes = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "oauth": {"type": "oauth2", "flows": {"implicit": {"scopes": {"read": "Read", "write": "Write"}}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://example.com/api"}],
        "paths": {"/things/{id}": item()},
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


def at(plain: Plain, path: str) -> Any:
    """The object at a path whose steps are divided by blanks."""
    short = {"thing": "components schemas Thing properties", "item": "paths /things/{id}"}
    first, _, rest = path.partition(" ")
    for step in f"{short.get(first, first)} {rest}".split():
        plain = plain[int(step) if isinstance(plain, list) else step]
    return plain


def put(path: str, **words: Any) -> Change:
    """A change that sets words of the object at a path; None removes one."""

    def change(plain: Plain) -> None:
        target = at(plain, path)
        for word, value in words.items():
            word = word.rstrip("_")
            target.pop(word, None) if value is None else target.__setitem__(word, value)

    return change


def swap(path: str, old: str, new: str) -> Change:
    """A change that renames a key of the object at a path."""

    def change(plain: Plain) -> None:
        target = at(plain, path)
        target[new] = target.pop(old)

    return change


def required(*names: str) -> Change:
    return put("components schemas Thing", required=list(names))


def all_of(*changes: Change) -> Change:
    def change(plain: Plain) -> None:
        for each in changes:
            each(plain)

    return change


def changed(change: Change) -> Plain:
    plain = document()
    change(plain)
    return plain
