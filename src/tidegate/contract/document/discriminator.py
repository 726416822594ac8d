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
        names[pointers.split(branch.removeprefix("#"))[-1]] = branch
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
