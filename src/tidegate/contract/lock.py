"""The lock: what a document binds both sides to, in a form that changes only when that does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidegate.errors import DocumentError

Plain = dict[str, Any]
NAME = "openapi.lock.json"

_WORDS = frozenset({"description", "summary", "title", "externalDocs", "termsOfService", "$comment", "links"})
_UNBINDING = _WORDS | {"contact", "license", "host", "schemes"}
# Their keys are names that the API chose, whatever they look like; their values are objects of the specification.
_IN_SCHEMAS = frozenset({"properties", "patternProperties", "definitions", "$defs", "dependentSchemas"})
_IN_OPERATIONS = frozenset({"responses", "headers", "content", "parameters", "callbacks", "examples", "encoding"})
_IN_COMPONENTS = frozenset({"schemas", "requestBodies", "securitySchemes", "securityDefinitions", "pathItems"})
_NAMED = _IN_SCHEMAS | _IN_OPERATIONS | _IN_COMPONENTS | {"paths", "webhooks"}
_VALUES = frozenset({"default", "example", "const", "value", "mapping", "tags", "discriminator"})  # kept to the letter
_UNORDERED = frozenset({"required", "enum", "type", "consumes", "produces", "security", "parameters"})
_HOST = re.compile(r"^(?:[^/?#{}]+:)?//[^/?#]*")
_VARIABLE = re.compile(r"\{([^{}]+)\}")


def lock_text(plain: Mapping[str, Any]) -> str:
    """The text of the lock of a document: sorted, without words that bind nobody, enough to make the document again."""
    return json.dumps(binding(plain), indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def read_lock(path: Path) -> Plain | None:
    """The locked document as plain data; None where there is none yet."""
    try:
        plain = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _broken(path, str(error)) from None
    if not isinstance(plain, dict) or not isinstance(plain.get("paths", {}), dict):
        raise _broken(path, "no OpenAPI document")
    return plain


def binding(plain: Mapping[str, Any]) -> Plain:
    """The document without what binds nobody: descriptions, extensions, names of hosts, an order that means nothing."""
    bound: Plain = _object(plain)
    bound.pop("tags", None)
    info = plain.get("info")
    if isinstance(info, Mapping):
        bound["info"] = {name: str(info[name]) for name in ("title", "version") if name in info}
    return bound


def server_path(server: Mapping[str, Any]) -> str:
    """The path below which a server answers, its variables at their defaults (OpenAPI 3.1, 4.8.5)."""
    variables = server.get("variables") or {}

    def default(found: re.Match[str]) -> str:
        known = variables.get(found[1])
        return str(known.get("default", "")) if isinstance(known, Mapping) else found[0]

    return _path(_VARIABLE.sub(default, str(server.get("url", ""))))


def _object(plain: Mapping[str, Any]) -> Plain:
    kept = {}
    for key, value in plain.items():
        if key == "servers" and isinstance(value, list):
            kept.update(_servers(value))
        elif key == "x-nullable" or (key not in _UNBINDING and not str(key).startswith("x-")):
            kept[str(key)] = _value(str(key), value)
    return kept


def _servers(servers: list[Any]) -> Plain:
    """Servers without their hosts, which differ from one place to another; nothing when no path is left."""
    found = {}
    for server in servers:
        if isinstance(server, Mapping):
            url = _path(str(server.get("url", "")))
            kept = {name: each for name, each in (server.get("variables") or {}).items() if f"{{{name}}}" in url}
            found[url] = {"url": url or "/"} | ({"variables": _named(kept)} if kept else {})
    return {"servers": [found[url] for url in sorted(found)]} if found.keys() - {""} else {}


def _path(url: str) -> str:
    """What is behind scheme and host (RFC 3986, 3)."""
    return _HOST.sub("", url).partition("?")[0].partition("#")[0].rstrip("/")


def _value(key: str, value: Any) -> Any:
    if key in _VALUES:
        return value
    if isinstance(value, Mapping):
        if key == "scopes":  # OAuth: what each scope means is a description
            return dict.fromkeys(value, "")
        return _named(value) if key in _NAMED else _object(value)
    if not isinstance(value, list) or key == "examples":
        return value
    items = [_object(item) if isinstance(item, Mapping) and key not in ("enum", "security") else item for item in value]
    return sorted(items, key=_order) if key in _UNORDERED else items


def _named(value: Mapping[str, Any]) -> Plain:
    return {str(name): _object(each) if isinstance(each, Mapping) else each for name, each in value.items()}


def _order(item: Any) -> tuple[str, str]:
    named = f"{item.get('in')} {item.get('name')}" if isinstance(item, Mapping) else ""
    return named, json.dumps(item, sort_keys=True, default=str)


def _broken(path: Path, seen: str) -> DocumentError:
    return DocumentError(
        f"The lock of the document cannot be read: {path}\n"
        f"  seen: {seen}\n"
        "  next: take it from version control again, or remove it, run the tests, and: tidegate contract accept"
    )
