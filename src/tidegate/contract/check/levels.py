"""All that a schema says about the fields of one value: its parts, and of its branches those that the value fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.contract.check.nodes import Node

_TYPES: dict[type, str] = {dict: "object", list: "array"}
Nodes = tuple[Node, ...]


class Level:
    """What the schemas that apply to one value say together.

    `kids` are the fields that are named, `deep` those of them that may hold objects, `hidden` those that only requests
    have, `given` those that only answers have.
    """

    __slots__ = (
        "_patterns",
        "_rest",
        "deep",
        "free",
        "given",
        "hidden",
        "items",
        "kids",
        "marked",
        "prefix",
        "untagged",
    )

    def __init__(self, gathering: _Gathering, speaks: bool) -> None:
        nodes = gathering.found
        self.untagged = gathering.untagged
        self.kids: dict[str, Nodes] = {name: () for node in nodes for name in node.known}
        for node in nodes:
            for name, kid in node.names.items():
                self.kids[name] = (*self.kids.get(name, ()), kid)
        self.deep = [name for name, kids in self.kids.items() if any(kid.deep() for kid in kids)]
        self._patterns = [each for node in nodes for each in node.patterns]
        self._rest: Nodes = tuple(each for node in nodes for each in node.rest)
        self.free = not speaks or any(node.free for node in nodes)
        self.hidden = self._marked("writeOnly", gathering.varies)
        self.given = self._marked("readOnly", gathering.varies)
        self.marked = self.hidden | self.given
        self.items: Nodes = tuple(each for node in nodes for each in node.items)
        self.prefix = [node.prefix for node in nodes if node.prefix]

    def other(self, name: str) -> Nodes | None:
        """What describes a field that is not named; None when nothing allows it."""
        found = [kid for pattern, kid in self._patterns if pattern is None or pattern.search(name)]
        if found:
            return tuple(found)
        return self._rest if self.free else None

    def of(self, name: str) -> Nodes:
        """What describes a field; empty when nothing does."""
        return self.kids[name] if name in self.kids else self.other(name) or ()

    def at(self, index: int) -> Nodes:
        """What describes an item."""
        placed = [each[index] for each in self.prefix if index < len(each)]
        return tuple(placed) or self.items

    def _marked(self, mark: str, varies: bool) -> set[str]:
        """Fields with that annotation; where branches have a say, only those that have it in each."""
        test = all if varies else any
        return {name for name, kids in self.kids.items() if kids and test(kid.flagged(mark) for kid in kids)}


@dataclass(slots=True)
class _Gathering:
    """The schemas that apply to a value; `varies` when others may apply to another."""

    value: Any
    found: list[Node] = field(default_factory=list)
    untagged: list[Node] = field(default_factory=list)
    varies: bool = False

    def add(self, node: Node) -> bool:
        """Takes in a schema and all that applies with it; tells whether any of it speaks."""
        if any(each is node for each in self.found):
            return node.speaks
        self.found.append(node)
        tagged = self._tagged(node)
        said = [node.speaks, *[self.add(each) for each in [*node.always, *tagged, *self._conditional(node)]]]
        for group in node.choices:
            branches = [self.add(each) for each in self._fitting(group, tagged)]
            said.append(all(branches))
        return any(said)

    def _fitting(self, group: list[Node], tagged: list[Node]) -> list[Node]:
        possible = [each for each in group if _TYPES[type(self.value)] in each.types()] or group
        if len(possible) == 1:
            return possible
        self.varies = True
        named = [each for each in possible if any(tag in (each, *each.always) for tag in tagged)]
        return named or [each for each in possible if each.allows(self.value)] or possible

    def _tagged(self, node: Node) -> list[Node]:
        """The schema that a discriminator's value stands for (OpenAPI 3.1, 4.8.25)."""
        if node.tag is None or not isinstance(self.value, Mapping):
            return []
        self.varies = True
        tag = self.value.get(node.tag)
        found = node.tagged(tag)
        if found is None and node.choices and isinstance(tag, str):
            self.untagged.append(node)
        return [found] if found else []

    def _conditional(self, node: Node) -> list[Node]:
        found: list[Node] = []
        if "dependentSchemas" in node.plain and isinstance(self.value, Mapping):
            self.varies = True
            found += node.dependents(self.value)
        if (test := node.part("if")) is not None:
            self.varies = True
            parts = [test, node.part("then")] if test.allows(self.value) else [node.part("else")]
            found += [each for each in parts if each is not None]
        return found


def level(nodes: Nodes, value: Any) -> Level:
    """The level of a value, which is an object or a list."""
    first = nodes[0]
    known: Level | None = first.levels.get(type(value)) if len(nodes) == 1 else None
    if known is not None:
        return known
    gathering = _Gathering(value)
    said = [gathering.add(node) for node in nodes]
    made = Level(gathering, any(said))
    if len(nodes) == 1 and not gathering.varies:
        first.levels[type(value)] = made
    return made
