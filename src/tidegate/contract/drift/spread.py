"""Says of each change in a schema that both documents name which operations it concerns, and where."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from tidegate.contract.drift.change import Change
from tidegate.contract.drift.operations import Compared
from tidegate.contract.drift.schemas import Node, Schemas


def spread(compared: Sequence[Compared], schemas: Schemas) -> Iterator[Change]:
    """Each change in a schema once, at its first place, with the other operations that have it."""
    for each in compared:
        for place, found in each.schemas.items():
            for (pointer, text), breaking in found.changes.items():
                yield Change(each.reading.name, f"{place} {pointer}".rstrip(), text, breaking)
    if not any(found.changes for found in schemas.nodes.values()):
        return
    places, concerned = _places(compared, schemas), _concerned(compared, schemas)
    for node, found in schemas.nodes.items():
        if found.changes and node in places:
            first, where = places[node]
            name, rest = compared[first].reading.name, concerned[node] & ~(1 << first)
            also = tuple(each.reading.name for at, each in enumerate(compared) if rest >> at & 1)
            for (pointer, text), breaking in found.changes.items():
                yield Change(name, f"{where}{pointer}".rstrip(), text, breaking, also)


def _places(compared: Sequence[Compared], schemas: Schemas) -> dict[Node, tuple[int, str]]:
    """For each pair of named schemas the nearest operation that uses it, by number, and the way to it from there."""
    places: dict[Node, tuple[int, str]] = {}
    waiting: deque[tuple[Node, int, str]] = deque()
    for at, each in enumerate(compared):
        for place, found in each.schemas.items():
            waiting.extend((node, at, f"{place} {pointer}") for node, pointer in found.uses.items())
    while waiting:
        node, at, where = waiting.popleft()
        if node not in places:
            places[node] = at, where
            waiting.extend((used, at, where + pointer) for used, pointer in schemas.nodes[node].uses.items())
    return places


def _concerned(compared: Sequence[Compared], schemas: Schemas) -> dict[Node, int]:
    """For each pair of named schemas the operations that use it, however indirectly: a bit for each."""
    concerned: dict[Node, int] = {}
    waiting: deque[Node] = deque()
    for at, each in enumerate(compared):
        for found in each.schemas.values():
            for node in found.uses:
                concerned[node] = concerned.get(node, 0) | 1 << at
                waiting.append(node)
    while waiting:
        node = waiting.popleft()
        for used in schemas.nodes[node].uses:
            if concerned[node] & ~concerned.get(used, 0):
                concerned[used] = concerned.get(used, 0) | concerned[node]
                waiting.append(used)
    return concerned
