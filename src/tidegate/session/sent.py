"""What a request says in its body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from tidegate.session.http import httpx


def sent_values(request: httpx.Request) -> list[tuple[str, str]]:
    """Name and text of everything in a JSON or form body; nothing for an upload, which is not read."""
    try:
        raw = request.content
    except httpx.RequestNotRead:
        return []
    try:
        return [(path.rpartition(".")[2], text) for path, text in leaves("", json.loads(raw))]
    except (ValueError, RecursionError):
        return parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True) if raw else []


def leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each text in nested tables and lists, with its dotted path below `path`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(path, inner)
    elif isinstance(value, str):
        yield path, value
