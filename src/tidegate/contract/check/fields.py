"""Fields that nobody documented, and fields that travel the wrong way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tidegate.contract.check.levels import Level, Nodes, level
from tidegate.contract.check.nodes import Node, Tree
from tidegate.contract.check.places import step, steps
from tidegate.contract.schema import Schema

_DEEP = frozenset({dict, list})
_At = tuple["_At", str, bool] | None
"""A place on the way: what it is in, its name, and whether that is data rather than part of the document."""


@dataclass(slots=True)
class Strays:
    """What came, by its pointer: fields that no schema documents, fields marked `writeOnly`, and `readOnly`.

    `untagged` are discriminators with a value that stands for no schema, and what stands for one.
    """

    unknown: dict[str, Any] = field(default_factory=dict)
    hidden: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    untagged: dict[str, tuple[Any, Node]] = field(default_factory=dict)


def strays(schema: Schema, value: Any) -> Strays:
    """The fields of a value that its schema does not account for."""
    found = Strays()
    if isinstance(value, (dict, list)):
        _walk((Tree.below(schema.root).node(schema.plain),), value, None, found)
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
            out += "/*" if here and nodes and name not in here.kids else step(name)
            value = value.get(name) if isinstance(value, dict) else None
    return out


def _walk(nodes: Nodes, value: Any, at: _At, found: Strays) -> None:
    here = level(nodes, value)
    for node in here.untagged:
        name = str(node.tag)
        found.untagged.setdefault(_pointer((at, name, False)), (value[name], node))
    if isinstance(value, list):
        if not here.prefix and _plain(here.items, value):
            return
        for index, item in enumerate(value):
            if item.__class__ in _DEEP and (below := here.at(index) if here.prefix else here.items):
                _walk(below, item, (at, "*", True), found)
        return
    known = value.keys() <= here.kids.keys() and here.marked.isdisjoint(value)
    for name in here.deep if known else value:
        inner = value.get(name)
        if (known or _accounted(here, name, inner, at, found)) and inner.__class__ in _DEEP and (kids := here.of(name)):
            _walk(kids, inner, (at, name, name not in here.kids), found)


def _plain(nodes: Nodes, items: list[Any]) -> bool:
    """Whether all items are objects, each field of them is one that may be there, and none holds anything in turn."""
    known: Level | None = nodes[0].levels.get(dict) if len(nodes) == 1 else None
    if known is None or {each.__class__ for each in items} != {dict}:
        return False
    if any(each.get(name).__class__ in _DEEP for name in known.deep for each in items):
        return False
    names = set().union(*items)
    return names <= known.kids.keys() and known.marked.isdisjoint(names)


def _accounted(here: Level, name: str, value: Any, at: _At, found: Strays) -> bool:
    """Whether the schema knows a field; notes it when it doesn't, or when it is where it should not be."""
    if name not in here.kids and here.other(name) is None:
        found.unknown.setdefault(_pointer((at, name, False)), value)
        return False
    for marked, place in ((here.hidden, found.hidden), (here.given, found.given)):
        if name in marked:
            place.setdefault(_pointer((at, name, False)), value)
    return True


def _pointer(at: _At) -> str:
    steps_back = []
    while at is not None:
        at, name, data = at
        steps_back.append("/*" if data else step(name))
    return "".join(reversed(steps_back))
