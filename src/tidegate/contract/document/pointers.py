"""JSON pointers (RFC 6901), alone and as the fragment of a URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote


def join(tokens: Iterable[str | int]) -> str:
    """The pointer of some tokens."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def split(pointer: str) -> list[str]:
    """The tokens of a pointer, which may be percent-encoded as in a fragment."""
    if not pointer:
        return []
    parts = pointer.removeprefix("/").split("/")
    return [unquote(part).replace("~1", "/").replace("~0", "~") for part in parts]


def step(node: Any, token: str) -> Any:
    """What a token names within a node; KeyError where there is nothing."""
    if isinstance(node, Mapping):
        return node[token]
    if isinstance(node, list) and token.isdecimal() and int(token) < len(node):
        return node[int(token)]
    raise KeyError(token)
