"""What an operation is about: a record of a declared resource, all of them, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tidegate.settings import Resource

RECORD, COLLECTION, ELSEWHERE = "record", "collection", "elsewhere"
_HOLE = re.compile(r"\{[^{}/]+\}")


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is below the base URL, with `{id}` and `{parent.id}` where a resource's ids are.

    `action` is what the resource's settings call it: create, read, update, delete, list, or nothing.
    """

    kind: str
    path: str
    resource: Resource | None = None
    action: str = ""

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.resource.name if self.resource else ""


def place_of(method: str, path: str, resources: Iterable[Resource]) -> Place:
    """What `method` on `path`, as the document writes it below the base URL, is about."""
    found = [place for resource in resources for place in _places(method, path, resource)]
    return max(found, key=_nearness, default=Place(ELSEWHERE, path))


def _places(method: str, path: str, resource: Resource) -> Iterator[Place]:
    for action in ("read", "update", "delete", "list", "create"):
        asked, template = resource.request(action)
        own = template.partition("?")[0]
        kind = RECORD if "{id}" in own else COLLECTION
        ours, theirs = own.split("/"), path.split("/")
        rest = theirs[len(ours) :]
        if [*map(_bare, ours)] == [*map(_bare, theirs[: len(ours)])] and not (rest and kind == COLLECTION):
            whole = "/".join([own, *rest])
            yield Place(kind, whole, resource, action if asked == method and not rest else "")


def _bare(part: str) -> str:
    return _HOLE.sub("{}", part)


def _nearness(place: Place) -> tuple[int, bool]:
    """First those that the settings say most of, then those that are one of the resource's own requests."""
    return sum(name in place.path for name in ("{id}", "{parent.id}")), bool(place.action)
