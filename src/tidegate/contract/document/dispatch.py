"""Schemas as the validator gets them: a value that names its branch is judged by that one alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.contract.schema import Plain

_CHOICES = ("oneOf", "anyOf")


class Root(dict[str, Any]):
    """The definitions that the schemas of one direction share, and those of them that were made ready for checks."""

    def __init__(self) -> None:
        super().__init__({"$defs": {}})
        self.ready: dict[str, Plain] = {}


def closed(plain: Plain, root: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that holds all that it refers to, directly or not."""
    definitions = root.get("$defs", {})
    known = root.ready if isinstance(root, Root) else {}
    found: dict[str, Plain] = {}
    made = ready(plain, definitions)
    waiting = _refs(made)
    while waiting:
        name = waiting.pop()
        if name in found or name not in definitions:
            continue
        if name not in known:
            known[name] = ready(definitions[name], definitions)
        found[name] = known[name]
        waiting += _refs(found[name])
    return {**(made if isinstance(made, Mapping) else {"allOf": [made]}), "$defs": found}


def ready(plain: Any, definitions: Mapping[str, Any], inherited: bool = False) -> Any:
    """The schema with a choice by name wherever it has a discriminator, or refers to one that is inherited from."""
    if isinstance(plain, list):
        return [ready(each, definitions, inherited) for each in plain]
    if not isinstance(plain, Mapping):
        return plain
    made: dict[str, Any] = {}
    for key, value in plain.items():
        if key in ("properties", "patternProperties", "dependentSchemas"):
            made[key] = {name: ready(each, definitions) for name, each in value.items()}
        elif key in ("enum", "const", "discriminator"):
            made[key] = value
        else:
            made[key] = ready(value, definitions, inherited=key == "allOf")
    choices = [key for key in _CHOICES if key in made] if made.get("discriminator", {}).get("mapping") else []
    for key in choices:
        among = {key: made.pop(key), "discriminator": made["discriminator"]}
        made["allOf"] = [*made.get("allOf", ()), _chosen(made["discriminator"], among)]
    return made if inherited else _below(made, definitions)


def _below(made: dict[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A reference to a schema whose heirs a value can name; the heirs' own references to it stay as they are."""
    target = definitions.get(str(made.get("$ref")).removeprefix("#/$defs/"))
    if not isinstance(target, Mapping) or any(key in target for key in _CHOICES):
        return made
    found = target.get("discriminator")
    if not found or not found["mapping"]:
        return made
    return {**made, "allOf": [*made.get("allOf", ()), _chosen(found, True)]}


def _chosen(found: Mapping[str, Any], otherwise: Plain) -> dict[str, Any]:
    """What a named branch says; where none is named, something else."""
    name, mapping = found["propertyName"], found["mapping"]
    branches = [{"if": {"properties": {name: {"const": each}}}, "then": {"$ref": ref}} for each, ref in mapping.items()]
    known = {"type": "object", "required": [name], "properties": {name: {"enum": list(mapping)}}}
    return {"if": known, "then": {"allOf": branches}, "else": otherwise}


def _refs(node: Any) -> list[str]:
    """The names of the definitions that a schema refers to."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Mapping):
            ref = each.get("$ref")
            if isinstance(ref, str):
                found.append(ref.removeprefix("#/$defs/"))
            waiting += [inner for inner in each.values() if isinstance(inner, (dict, list))]
        elif isinstance(each, list):
            waiting += [inner for inner in each if isinstance(inner, (dict, list))]
    return found
