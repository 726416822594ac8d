"""Which record of now stands for which recorded one: a number means something in its collection alone."""

from __future__ import annotations

import re
from urllib.parse import unquote

_STEM = re.compile(r"[_-]?(?:id|uuid|guid|key|ref)s?$", re.IGNORECASE)
_WRAPPINGS = frozenset({"data", "item", "record", "result", "row", "content", "value", "list", "entry", "entrie"})


class Ids:
    """The ids of now by the recorded ones and what they are ids of."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._anywhere: dict[str, str] = {}
        self._scopes: set[str] = set()

    def add(self, scope: str, then: str, now: str) -> None:
        """Takes over a pair."""
        self._known[scope, then] = self._anywhere[then] = now
        self._scopes.add(scope)

    def now(self, scope: str, then: str) -> str:
        """The id of now; the recorded one when nothing else is known of it."""
        found = self._known.get((scope, then))
        if found is None and (scope not in self._scopes or not then.isdigit()):
            found = self._anywhere.get(then)
        return then if found is None else found


def scope_of(name: str, owner: str = "", collection: str = "") -> str:
    """What a field holds the id of: `thing` for `thing_id`, for `id` in `thing`, and in an answer of /things."""
    stem = singular(_STEM.sub("", name))
    return stem or (singular(owner) if singular(owner) not in _WRAPPINGS | {""} else singular(collection))


def singular(name: str) -> str:
    """A name as it is compared."""
    return name.lower().removesuffix("s")


def parts_of(url: str) -> list[str]:
    """The parts of a URL's path, or of a path."""
    before, _, after = url.partition("?")[0].partition("://")
    return [unquote(part) for part in (after.partition("/")[2] if after else before).split("/") if part]


def collection_of(url: str) -> str:
    """The collection that a URL is about: the last part that is no id."""
    parts = parts_of(url)
    return next((part for part in reversed(parts) if not re.search(r"\d", part)), "")
