"""What a schema says about the fields of a value, apart from what it says about the value itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from tidegate.contract.schema import Plain, Schema

_REST = ("additionalProperties", "unevaluatedProperties")
_FIXED = frozenset({"anyOf", "oneOf", "if", "dependentSchemas"})
_EVERY = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})


class Node:
    """A subschema, whose parts are looked at when they are first needed."""

    def __init__(self, plain: Plain, tree: Tree) -> None:
        self.whole = plain
        self.plain = plain if isinstance(plain, Mapping) else {}
        self.tree = tree
        self.levels: dict[type, Any] = {}
        """What `levels` found for values of a type, where that doesn't depend on the value."""

    @cached_property
    def names(self) -> dict[str, Node]:
        """The fields that it names."""
        return {name: self.tree.node(inner) for name, inner in self.plain.get("properties", {}).items()}

    @cached_property
    def tag(self) -> str | None:
        """The field whose value says which schema applies."""
        found: str | None = self.plain.get("discriminator", {}).get("propertyName")
        return found

    @cached_property
    def known(self) -> frozenset[str]:
        """Fields that it takes for granted without describing them."""
        return frozenset([*self.plain.get("required", ()), *([self.tag] if self.tag else [])])

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str] | None, Node]]:
        """Fields that it names by a pattern; None for one that Python can't read, so that it matches all."""
        found = self.plain.get("patternProperties", {})
        return [(_pattern(text), self.tree.node(inner)) for text, inner in found.items()]

    @cached_property
    def rest(self) -> list[Node]:
        """What all other fields are."""
        return [self.tree.node(self.plain[key]) for key in _REST if self.plain.get(key)]

    @cached_property
    def free(self) -> bool:
        """Whether it allows other fields in so many words."""
        closed = any(self.plain.get(key) is False for key in _REST)
        named = "propertyNames" in self.plain and not closed
        return named or any(self.plain.get(key, False) is not False for key in _REST)

    @cached_property
    def speaks(self) -> bool:
        """Whether it names fields or forbids all others; what doesn't speak leaves them free."""
        return bool(self.names or self.patterns) or any(self.plain.get(key) is False for key in _REST)

    @cached_property
    def always(self) -> list[Node]:
        """What applies to the same value in any case."""
        found = [self.tree.node(each) for each in self.plain.get("allOf", ())]
        return [*found, self.tree.referred(self.plain["$ref"])] if "$ref" in self.plain else found

    @cached_property
    def choices(self) -> list[list[Node]]:
        """Groups of which one or more apply."""
        return [[self.tree.node(each) for each in self.plain[key]] for key in ("anyOf", "oneOf") if key in self.plain]

    @cached_property
    def prefix(self) -> list[Node]:
        """The first items of a list, by place."""
        return [self.tree.node(each) for each in self.plain.get("prefixItems", ())]

    @cached_property
    def items(self) -> list[Node]:
        """The other items of a list."""
        found = ("items", "contains", "unevaluatedItems")
        return [self.tree.node(self.plain[key]) for key in found if key in self.plain]

    def part(self, key: str) -> Node | None:
        """The subschema under a keyword such as `then`."""
        return self.tree.node(self.plain[key]) if key in self.plain else None

    def dependents(self, value: Any) -> list[Node]:
        """What applies because a field is there."""
        found = self.plain.get("dependentSchemas", {})
        return [self.tree.node(inner) for name, inner in found.items() if name in value]

    def tagged(self, tag: Any) -> Node | None:
        """The schema that its discriminator has for that value."""
        reference = self.plain["discriminator"]["mapping"].get(tag) if isinstance(tag, str) else None
        return self.tree.referred(reference) if reference else None

    def types(self, depth: int = 8) -> frozenset[str]:
        """The types that a value may have."""
        given = self.plain.get("type")
        own = _EVERY if given is None else frozenset([given] if isinstance(given, str) else given)
        for each in self.always if depth else ():
            own &= each.types(depth - 1)
        return own

    def deep(self, depth: int = 8) -> bool:
        """Whether a value of it may hold objects, whose fields have to be looked at."""
        types = self.types()
        if "object" in types or not depth or not _FIXED.isdisjoint(self.plain):
            return "object" in types or "array" in types
        return "array" in types and any(each.deep(depth - 1) for each in [*self.items, *self.prefix, *self.always])

    def flagged(self, name: str, depth: int = 8) -> bool:
        """Whether it, or a schema that it is made of, carries that annotation."""
        return self.plain.get(name) is True or (
            depth > 0 and any(each.flagged(name, depth - 1) for each in self.always)
        )

    def allows(self, value: Any) -> bool:
        """Whether the value is what it says."""
        return self.tree.schema(self.whole).allows(value)


class Tree:
    """The nodes of the schemas below one root, each made when it is first met."""

    _latest: dict[int, Tree] = {}  # noqa: RUF012  the last few roots, by identity

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self._nodes: dict[int, Node] = {}
        self._schemas: dict[int, Schema] = {}
        self._whole = Schema({}, root)

    @classmethod
    def below(cls, root: Mapping[str, Any]) -> Tree:
        """The tree of that root."""
        found = cls._latest.get(id(root))
        if found is None:
            if len(cls._latest) > 8:
                cls._latest.clear()
            found = cls._latest[id(root)] = cls(root)
        return found

    def node(self, plain: Plain) -> Node:
        """The node of that subschema."""
        found = self._nodes.get(id(plain))
        if found is None:
            found = self._nodes[id(plain)] = Node(plain, self)
        return found

    def referred(self, reference: str) -> Node:
        """The node that a reference leads to."""
        return self.node(self._whole.target(reference))

    def schema(self, plain: Plain) -> Schema:
        """That subschema, compiled once."""
        found = self._schemas.get(id(plain))
        if found is None:
            found = self._schemas[id(plain)] = Schema(plain, self.root)
        return found


def _pattern(text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text)
    except re.error:
        return None
