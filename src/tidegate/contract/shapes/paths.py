"""What to call an operation that no document names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from tidegate.contract.shapes.words import is_id
from tidegate.settings import Resource

_HOLE = re.compile(r"\{[^{}]+\}")
_ACTIONS = ("list", "create", "read", "update", "delete")


def operation_of(
    method: str, url: str, resources: Iterable[Resource] = (), base_url: str = "", marker: str = ""
) -> str:
    """Such as `GET /things/{id}`: a declared path where one fits, else whatever looks like an id taken for one.

    `base_url` is what all paths begin with; `marker` begins the values that tests make.
    """
    path = _below(urlsplit(url).path, urlsplit(base_url).path.rstrip("/")) or "/"
    declared = frozenset(each.request(action)[1].partition("?")[0] for each in resources for action in _ACTIONS)
    for pattern, segments in _templates(declared):
        if found := pattern.match(path):
            rest = path[found.end() :]
            return f"{method} {segments}{_general(rest, marker)}"
    return f"{method} {_general(path, marker)}"


def _below(path: str, base: str) -> str:
    return path[len(base) :] if base and (path == base or path.startswith(f"{base}/")) else path


@lru_cache(maxsize=8)
def _templates(declared: frozenset[str]) -> list[tuple[re.Pattern[str], str]]:
    """The declared paths of records, the longest first: what lies below one is below its record."""
    paths = {path.rstrip("/") for path in declared if "{" in path}
    with_holes = sorted(paths, key=lambda path: (-path.count("/"), path))
    return [(_pattern(path), _HOLE.sub("{id}", path)) for path in with_holes]


def _pattern(path: str) -> re.Pattern[str]:
    parts = _HOLE.split(path)
    return re.compile("[^/]+".join(map(re.escape, parts)) + "(?=/|$)")


def _general(path: str, marker: str) -> str:
    return "/".join("{id}" if _is_id(unquote(part), marker) else part for part in path.split("/"))


def _is_id(segment: str, marker: str) -> bool:
    return bool(segment) and (is_id(segment) or bool(marker and marker in segment))
