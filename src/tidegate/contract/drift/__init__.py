"""Drift: what changed between two documents, and whether clients that were right before can now fail.

Whoever reads must find no more than before, whoever writes must be allowed no less. So a field that is gone from
answers breaks, as does null or a value of an enumeration that is new in them, because a client may know all the old
values and no other; in requests it is the other way round. New operations, optional input, new fields in answers and
new errors break nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.contract.drift.change import Change, order
from tidegate.contract.drift.operations import Compared, Operations
from tidegate.contract.drift.reading import Key, Reading, readings
from tidegate.contract.drift.schemas import Schemas
from tidegate.contract.drift.side import Pair
from tidegate.contract.drift.spread import spread
from tidegate.contract.lock import binding

__all__ = ["Change", "compare"]

_INHERITED = ("base path", "security")


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What changed from one document to the other, both as plain data of OpenAPI 3; what breaks comes first."""
    before, now = binding(old), binding(new)
    if before == now:
        return []
    pair = Pair(before, now)
    schemas = Schemas(pair)
    one, other = readings(pair.old), readings(pair.new)
    changes = [*_gone(one, other), *_added(one, other)]
    operations = Operations(schemas)
    compared = [operations.compare(one[key], other[key]) for key in one if key in other]
    changes += _of_operations(compared)
    return sorted({*changes, *spread(compared, schemas)}, key=order)


def _gone(old: dict[Key, Reading], new: dict[Key, Reading]) -> list[Change]:
    by_id = {each.plain.get("operationId"): each for key, each in new.items() if key not in old}
    found = []
    for key, each in old.items():
        if key not in new:
            other = by_id.get(each.plain.get("operationId")) if each.plain.get("operationId") else None
            other = other or _moved(each, [new[key] for key in new if key not in old])
            guess = f"; renamed to {other.name}?" if other else ""
            found.append(Change(each.name, "", f"operation removed{guess}", True))
    return found


def _moved(gone: Reading, added: list[Reading]) -> Reading | None:
    """The only new operation that is written just like one that is gone."""
    unnamed = {**gone.plain, "operationId": ""}
    same = [each for each in added if each.method == gone.method and {**each.plain, "operationId": ""} == unnamed]
    return same[0] if len(same) == 1 else None


def _added(old: dict[Key, Reading], new: dict[Key, Reading]) -> list[Change]:
    return [Change(each.name, "", "new operation", False) for key, each in new.items() if key not in old]


def _of_operations(compared: list[Compared]) -> list[Change]:
    """What no schema has; what many operations inherit from the document is said once."""
    found, shared = [], dict[tuple[str, str, bool], list[str]]()
    for each in compared:
        for change in each.changes:
            if change[0] in _INHERITED:
                shared.setdefault(change, []).append(each.reading.name)
            else:
                found.append(Change(each.reading.name, *change))
    return found + [Change(names[0], *change, also=tuple(names[1:])) for change, names in shared.items()]
