"""Right bodies as templates: `{email}` and the like stand where every request needs a value of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tidegate.contract.cases.flat import Plain, flat
from tidegate.contract.cases.negative import json_of
from tidegate.contract.cases.paths import is_of
from tidegate.contract.cases.sample import sample
from tidegate.contract.model import Operation
from tidegate.contract.schema import Schema
from tidegate.settings import Resource

_ROOM = 64  # characters that a marked value may need


def template_of(operation: Operation, resources: Iterable[Resource], values: Mapping[str, Any]) -> Any:
    """A right body of the operation: the declared one, else a sample; None where it takes no JSON.

    Raises NoSample.
    """
    media = json_of(operation)
    for resource in resources:
        for action, declared in (("create", resource.body), ("update", resource.change)):
            if declared and is_of(operation.method, operation.path, resource, action):
                return declared
    if media is None or media.schema is None:
        return None
    made = marked(media.schema, media.schema.plain, sample(media.schema, values), values)
    for resource in resources:
        if is_of(operation.method, operation.path, resource, "create"):
            return _ours(made, resource)
    return made


def marked(schema: Schema, plain: Plain, value: Any, values: Mapping[str, Any], name: str = "") -> Any:
    """The value with a placeholder for every text that may be any, so that no two requests send the same."""
    found = flat(schema, plain)
    if name in values:
        return value
    if isinstance(value, dict):
        parts: Mapping[str, Plain] = found.get("properties", {})
        return {key: marked(schema, parts.get(key, True), each, values, key) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(schema, found.get("items", True), each, values) for each in value]
    return _placeholder(found, value) if isinstance(value, str) else value


def _placeholder(plain: Mapping[str, Any], value: str) -> str:
    named = {"const", "enum", "examples", "example", "default", "pattern"} & plain.keys()
    if plain.get("format") == "email" and plain.get("maxLength", _ROOM) >= _ROOM:
        return "{email}"
    return value if named or "format" in plain or plain.get("maxLength", _ROOM) < _ROOM else "{unique}"


def _ours(body: Any, resource: Resource) -> Any:
    """The body of a create with the marker by which clean-up knows it, and the parent that the settings name."""
    inside = body
    for step in resource.record.split(".") if resource.record else ():
        inside = inside[step] if isinstance(inside, dict) and isinstance(inside.get(step), dict) else inside
    if not isinstance(inside, dict):
        return body
    if resource.marker:
        _put(inside, resource.marker, "{email}" if "mail" in resource.marker.lower() else "{unique}")
    if resource.parent_field:
        _put(inside, resource.parent_field, "{parent.id}")
    return body


def _put(value: dict[str, Any], path: str, what: str) -> None:
    *before, last = path.strip("/").split("/") if path.startswith("/") else path.split(".")
    for step in before:
        inner = value.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        value = inner
    value[last] = what
