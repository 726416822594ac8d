"""Which branch a value names itself (OpenAPI 3.1, 4.8.25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidegate.contract.document import pointers

if TYPE_CHECKING:
    from tidegate.contract.document.normal import Direction


def mapped(node: Mapping[str, Any], schemas: Direction) -> dict[str, Any] | None:
    """The discriminator of a schema with every name that a value can bear, and the schema which that stands for."""
    found = node.get("discriminator")
    if isinstance(found, str):  # version 2.0
        found = {"propertyName": found}
    if not isinstance(found, Mapping) or not isinstance(found.get("propertyName"), str):
        return None
    names: dict[str, str] = {}
    for branch in [*_branches(node, "oneOf"), *_branches(node, "anyOf")]:
        names[_last(branch)] = branch
    if "oneOf" not in node and "anyOf" not in node:
        for ref in schemas.heirs(node):
            heir = schemas.target(ref)
            names[str(heir.get("x-ms-discriminator-value") or _last(ref))] = ref
    mapping = found.get("mapping")
    for name, value in (mapping if isinstance(mapping, Mapping) else {}).items():
        if isinstance(value, str):
            names[name] = value if value.startswith("#") else f"#/components/schemas/{value}"
    return {
        "propertyName": found["propertyName"],
        "mapping": {name: schemas.ref(ref) for name, ref in names.items() if schemas.target(ref) is not True},
    }


def _branches(node: Mapping[str, Any], keyword: str) -> list[str]:
    branches = node.get(keyword)
    refs = [each.get("$ref") for each in branches if isinstance(each, Mapping)] if isinstance(branches, list) else []
    return [ref for ref in refs if isinstance(ref, str)]


def inheritance(schemas: Direction) -> dict[int, list[str]]:
    """By the identity of a schema, references to those among the components that inherit from it."""
    components = schemas.document.get("components")
    declared = components.get("schemas") if isinstance(components, Mapping) else None
    found: dict[int, list[str]] = {}
    for name, node in (declared if isinstance(declared, Mapping) else {}).items():
        ref = "#/components/schemas" + pointers.join([name])
        above, seen = [node], {id(node)}
        while above:
            for parent in (schemas.follow(each) for each in _joined(above.pop())):
                if isinstance(parent, Mapping) and id(parent) not in seen:
                    seen.add(id(parent))
                    above.append(parent)
                    found.setdefault(id(parent), []).append(ref)
    return found


def _joined(node: Any) -> list[Any]:
    parts = node.get("allOf") if isinstance(node, Mapping) else None
    return parts if isinstance(parts, list) else []


def _last(ref: str) -> str:
    return pointers.split(ref.removeprefix("#"))[-1]
