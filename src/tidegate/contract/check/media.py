"""Media types: what was sent, and which of the documented ones it is (RFC 9110, 8.3.1; RFC 6839)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tidegate.contract.model import Media

_JSON = frozenset({"application/json", "text/json"})


@lru_cache(maxsize=512)
def kind(content_type: str | None) -> str:
    """Type and subtype alone, in lower case."""
    return (content_type or "").partition(";")[0].strip().lower()


@lru_cache(maxsize=512)
def is_json(content_type: str | None) -> bool:
    """Whether such a body is one JSON text."""
    name = kind(content_type)
    return name in _JSON or name.endswith("+json")


def is_text(content_type: str | None) -> bool:
    """Whether such a body is a plain string."""
    return kind(content_type) == "text/plain"


@lru_cache(maxsize=512)
def charset(content_type: str | None) -> str:
    """The `charset` parameter; empty without one."""
    return _parameters(content_type).get("charset", "")


def match(options: Iterable[Media], content_type: str | None) -> Media | None:
    """The documented media type that is nearest to what was sent."""
    best: tuple[int, Media | None] = (0, None)
    for each in options:
        if (fit := _fit(each.range, content_type)) > best[0]:
            best = fit, each
    return best[1]


def names(options: Iterable[Media]) -> str:
    """The documented media types, for people."""
    return " or ".join(each.range for each in options)


@lru_cache(maxsize=512)
def _fit(documented: str, content_type: str | None) -> int:
    """How closely it fits, 0 for not at all: a range less than a type, and a type less than one with its parameters."""
    wanted, came = kind(documented), kind(content_type)
    if wanted in ("*/*", "*"):
        return 1
    if not came:
        return 0
    if wanted == came:
        return 5 if _parameters(documented) == _parameters(content_type) else 4
    group, _, rest = wanted.partition("/")
    if not came.startswith(f"{group}/"):
        return 0
    if rest == "*":
        return 2
    return 3 if rest.startswith("*+") and came.endswith(rest[1:]) else 0


def _parameters(content_type: str | None) -> dict[str, str]:
    found = (part.partition("=") for part in (content_type or "").split(";")[1:])
    return {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in found}
