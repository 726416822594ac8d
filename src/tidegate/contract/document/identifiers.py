"""Schemas that are known by a name of their own (JSON Schema 2020-12, 8.2.1 and 8.2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tidegate.contract.document import pointers


class Found(NamedTuple):
    """A node and the pointer to it."""

    pointer: str
    node: Mapping[str, Any]


def nodes(whole: Any) -> Iterator[Found]:
    """Every object of a file, in its order."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), whole)]
    while waiting:
        at, node = waiting.pop()
        inner: list[tuple[tuple[str | int, ...], Any]] = []
        if isinstance(node, Mapping):
            yield Found(pointers.join(at), node)
            inner = [((*at, str(key)), each) for key, each in node.items() if isinstance(each, (dict, list))]
        elif isinstance(node, list):
            inner = [((*at, index), each) for index, each in enumerate(node) if isinstance(each, (dict, list))]
        waiting += reversed(inner)


def identified(whole: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """The schemas with an `$id`, which is also what the references within them start from."""
    return [(found.node["$id"], found.node) for found in nodes(whole) if isinstance(found.node.get("$id"), str)]


def anchored(whole: Any, name: str) -> Found | None:
    """What bears an `$anchor`."""
    named = (found for found in nodes(whole) if name in (found.node.get("$anchor"), found.node.get("$dynamicAnchor")))
    return next(named, None)


def dynamic(whole: Any, ref: str) -> str | None:
    """A `$dynamicRef` as a reference like any other, where but one schema bears that name; else nobody can say."""
    name = ref.removeprefix("#")
    bearers = [found for found in nodes(whole) if found.node.get("$dynamicAnchor") == name]
    return ref if len(bearers) == 1 and ref.startswith("#") else None
