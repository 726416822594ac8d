"""The values in a body that stand under the name of a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from tidegate.redact.names import MASK, is_about, is_secret
from tidegate.redact.shapes import without_named

_DEPTH = 64
_WORDS = re.compile(r"[^\W\d_]{1,15}(?:[ _-][^\W\d_]{1,15})*")  # as in {"password": {"reason": "too short"}}
_PART = re.compile(r'name="([^"\r\n]*)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n(.*?)(?=\r?\n--)', re.DOTALL)  # RFC 7578


def secret_leaves(value: Any, *, secret: bool = False, own: bool = False, depth: int = 0) -> Iterator[str]:
    """Each text in nested tables and lists that is below the name of a secret; words only where it is their `own`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            holds = _holds(name, inner, secret)
            yield from secret_leaves(inner, secret=holds, own=holds and is_secret(name), depth=depth + 1)
    elif isinstance(value, list) and depth < _DEPTH:
        for inner in value:
            yield from secret_leaves(inner, secret=secret, own=own, depth=depth + 1)
    elif secret and isinstance(value, str) and (own or not _WORDS.fullmatch(value)):
        yield value


def texts(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each text in nested tables and lists, with the name that it stands under."""
    if isinstance(value, dict) and depth < _DEPTH:
        for key, inner in value.items():
            yield from texts(inner, key, depth + 1)
    elif isinstance(value, list) and depth < _DEPTH:
        for inner in value:
            yield from texts(inner, name, depth + 1)
    elif isinstance(value, str):
        yield name, value


def without_leaves(value: Any, *, secret: bool = False) -> Any:
    """The same with a mask in the place of everything below the name of a secret."""
    if isinstance(value, dict):
        return {name: without_leaves(inner, secret=_holds(name, inner, secret)) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_leaves(inner, secret=secret) for inner in value]
    if isinstance(value, str):
        return MASK if secret and value else without_named(value) if says_more(value) else value
    return value if not secret or value is None or isinstance(value, bool) else MASK


def says_more(text: str) -> bool:
    """Whether a value in JSON may itself say what stands under which name."""
    return any(sign in text for sign in "\"'=<")


@lru_cache(maxsize=4)  # a query is looked at for its secrets, for its parameters, and for what they cover
def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """The names and values of a form (application/x-www-form-urlencoded) or a query."""
    return tuple(parse_qsl(text, keep_blank_values=True))


def form_values(text: str) -> Iterator[str]:
    """What a form or a query says under the name of a secret."""
    yield from (value for name, value in pairs(text) if is_secret(name))


def part_values(text: str) -> Iterator[str]:
    """What the parts of multipart/form-data hold under the name of a secret."""
    yield from (found[2] for found in _PART.finditer(text) if is_secret(found[1]))


def without_parts(text: str) -> str:
    """The same body without them."""

    def masked(found: re.Match[str]) -> str:
        return found[0][: found.start(2) - found.start()] + MASK if is_secret(found[1]) else found[0]

    return _PART.sub(masked, text)


def parsed(text: str) -> Any:
    """The value of a JSON text; None for another text."""
    try:
        return json.loads(text) if text.lstrip()[:1] in ("{", "[", '"') else None
    except (ValueError, RecursionError):
        return None


def _holds(name: str, inner: Any, secret: bool) -> bool:
    """Whether what stands under a name is a secret, where that above it is one or not."""
    if is_secret(name):
        return name.lower() != "session" or isinstance(inner, str)
    return secret and not is_about(name)
