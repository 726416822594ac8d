"""Text of a parameter, header or form as the value that its schema means (OpenAPI 3.1, 4.8.12.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from tidegate.contract.check.nodes import Node

_INTEGER = re.compile(r"-?\d{1,400}")
_NUMBER = re.compile(r"-?\d{1,400}(\.\d+)?([eE][+-]?\d{1,3})?")
_WORDS: Mapping[str, tuple[str, Any]] = {"true": ("boolean", True), "false": ("boolean", False), "null": ("null", None)}


def scalar(text: str, node: Node | None) -> Any:
    """The value that a text stands for: of all that it may, the first that fits, else the likeliest."""
    if node is None:
        return text
    found = _readings(text, node)
    return next((each for each in found if node.allows(each)), found[0])


def sequence(texts: Sequence[Any], node: Node) -> list[Any]:
    """The same for the items of a list."""
    item = _item(node)
    return [fields(each, item) if item and isinstance(each, Mapping) else scalar(each, item) for each in texts]


def fields(pairs: Mapping[str, Any], node: Node) -> dict[str, Any]:
    """The same for the fields of an object, whose values are texts, lists of texts, or such objects."""
    return {name: _inner(value, _kid(node, name)) for name, value in pairs.items()}


@lru_cache(maxsize=4096)
def takes(node: Node, name: str, depth: int = 6) -> bool:
    """Whether a value of that type may be allowed."""
    if name not in node.types():
        return False
    return not depth or all(any(takes(each, name, depth - 1) for each in group) for group in node.choices)


def says(node: Node, name: str) -> bool:
    """Whether values of that type are what is meant, not only what isn't ruled out."""
    return takes(node, name) and not takes(node, "string")


def named(node: Node) -> frozenset[str] | None:
    """The fields that an object may have; None when any."""
    every = list(_applying(node))
    if any(each.free for each in every) or not any(each.speaks for each in every):
        return None
    return frozenset(name for each in every for name in each.names)


def _applying(node: Node, depth: int = 6) -> Iterator[Node]:
    yield node
    if depth:
        for each in [*node.always, *[branch for group in node.choices for branch in group]]:
            yield from _applying(each, depth - 1)


def _item(node: Node) -> Node | None:
    return next((item for each in _applying(node) for item in each.items), None)


def _kid(node: Node, name: str) -> Node | None:
    every = list(_applying(node))
    own = (each.names[name] for each in every if name in each.names)
    return next(own, None) or next((rest for each in every for rest in each.rest), None)


def _inner(value: Any, node: Node | None) -> Any:
    if node is None:
        return value[-1] if isinstance(value, list) and value else value
    if isinstance(value, Mapping):
        return fields(value, node)
    texts = value if isinstance(value, list) else [value]
    return sequence(texts, node) if says(node, "array") or len(texts) > 1 else scalar(texts[0], node)


def _readings(text: str, node: Node) -> list[Any]:
    found: list[Any] = []
    if takes(node, "integer") and _INTEGER.fullmatch(text):
        found.append(int(text))
    elif takes(node, "number") and _NUMBER.fullmatch(text):
        found.append(float(text))
    kind, value = _WORDS.get(text.lower(), ("", None))
    if kind and takes(node, kind):
        found.append(value)
    if text[:1] in ("{", "[") and (takes(node, "object") or takes(node, "array")):
        with suppress(ValueError, RecursionError):
            found.append(json.loads(text))
    return [text, *found] if takes(node, "string") else [*found, text]
