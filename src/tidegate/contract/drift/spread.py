"""Says of each change in a schema that both documents name which operations it concerns, and where."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from tidegate.contract.drift.change import Change
from tidegate.contract.drift.operations import Compared
from tidegate.contract.drift.schemas import Found, Node, Schemas


def spread(compared: Iterable[Compared], schemas: Schemas) -> Iterator[Change]:
    """Each change in a schema once, at its first place, with the other operations that have it."""
    changed = _leading_to_changes(schemas)
    places: dict[Node, dict[str, str]] = {}
    for each in compared:
        name = each.reading.name
        for place, found in each.schemas.items():
            for (pointer, text), breaking in found.changes.items():
                yield Change(name, f"{place} {pointer}".rstrip(), text, breaking)
            for node, pointer in _reached(found, schemas, changed):
                places.setdefault(node, {}).setdefault(name, f"{place} {pointer}")
    for node, found in schemas.nodes.items():
        if node in places:
            yield from _of_node(found, places[node])


def _of_node(found: Found, places: dict[str, str]) -> Iterator[Change]:
    operation, *also = places
    for (pointer, text), breaking in found.changes.items():
        yield Change(operation, f"{places[operation]}{pointer}".rstrip(), text, breaking, tuple(also))


def _leading_to_changes(schemas: Schemas) -> set[Node]:
    """The pairs of named schemas that have a change, or use one that has."""
    used_by: dict[Node, list[Node]] = {}
    for node, found in schemas.nodes.items():
        for used in found.uses:
            used_by.setdefault(used, []).append(node)
    waiting = [node for node, found in schemas.nodes.items() if found.changes]
    known = set(waiting)
    while waiting:
        for using in used_by.get(waiting.pop(), ()):
            if using not in known:
                known.add(using)
                waiting.append(using)
    return known


def _reached(found: Found, schemas: Schemas, changed: set[Node]) -> Iterator[tuple[Node, str]]:
    """Each pair with a change that is used from here, however indirectly, and the shortest way to it."""
    waiting = deque((node, pointer) for node, pointer in found.uses.items() if node in changed)
    seen = {node for node, _ in waiting}
    while waiting:
        node, pointer = waiting.popleft()
        if schemas.nodes[node].changes:
            yield node, pointer
        for used, inner in schemas.nodes[node].uses.items():
            if used in changed and used not in seen:
                seen.add(used)
                waiting.append((used, pointer + inner))
