"""Fields that nobody documented, and fields that travel the wrong way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tidegate.contract.check.levels import Level, Nodes, level
from tidegate.contract.check.nodes import Node, Tree
from tidegate.contract.check.places import step, steps
from tidegate.contract.schema import Schema


@dataclass(slots=True)
class Strays:
    """What came, by its pointer: fields that no schema documents, fields marked `writeOnly`, and `readOnly`.

    `tagged` are the schemas that a discriminator chose: a value has to fit them, even where another branch takes it.
    """

    unknown: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    tagged: dict[str, tuple[Node, Any]] = field(default_factory=dict)


def strays(schema: Schema, value: Any) -> Strays:
    """The fields of a value that its schema does not account for."""
    found = Strays()
    if isinstance(value, (dict, list)):
        _walk((Tree.below(schema.root).node(schema.plain),), value, "", found)
    return found


def general(schema: Schema, value: Any, pointer: str) -> str:
    """The pointer with `*` for each index, and for each name that is data: one that no schema names."""
    nodes: Nodes = (Tree.below(schema.root).node(schema.plain),)
    out = ""
    for name in steps(pointer):
        here = level(nodes, value) if nodes and isinstance(value, (dict, list)) else None
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            nodes = here.at(int(name)) if here else ()
            out, value = out + "/*", value[int(name)]
        else:
            nodes = here.of(name) if here else ()
            out += _name(here, name, nodes)
            value = value.get(name) if isinstance(value, dict) else None
    return out


def _walk(nodes: Nodes, value: Any, pointer: str, found: Strays) -> None:
    here = level(nodes, value)
    for each in here.tagged:
        if not each.allows(value):
            found.tagged.setdefault(pointer, (each, value))
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, (dict, list)) and (below := here.at(index) if here.prefix else here.items):
                _walk(below, item, pointer + "/*", found)
        return
    kids: Nodes | None
    for name, inner in value.items():
        if (kids := here.kids.get(name)) is None and (kids := here.other(name)) is None:
            found.unknown.setdefault(pointer + step(name), inner)
            continue
        if name in here.hidden:
            found.hidden.setdefault(pointer + step(name), inner)
        if name in here.given:
            found.given.setdefault(pointer + step(name), inner)
        if kids and isinstance(inner, (dict, list)):
            _walk(kids, inner, pointer + _name(here, name, kids), found)


def _name(here: Level | None, name: str, nodes: Nodes) -> str:
    return "/*" if here is not None and nodes and name not in here.kids else step(name)
