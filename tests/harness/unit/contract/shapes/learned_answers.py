"""Shapes of the answers of one operation: learned, locked, and asked what departs from them."""

from __future__ import annotations

import json
from typing import Any

from tidegate.contract.shapes import (
    LockedShapes,
    Shapes,
    breaches,
)

OPERATION = "GET /things/{id}"


def learned(*values: Any, status: int = 200, times: int = 1) -> Shapes:
    shapes = Shapes()
    for value in values:
        for _ in range(times):
            shapes.learn(OPERATION, status, value)
    return shapes


def lock(*values: Any, status: int = 200, times: int = 40) -> LockedShapes:
    """The lock of many answers with each of these values."""
    return LockedShapes().updated(learned(*values, status=status, times=times))


def lines(locked: LockedShapes, status: int = 200) -> dict[str, str]:
    """What the file says of the operation."""
    told: dict[str, str] = json.loads(locked.to_text())["answers"][f"{OPERATION} {status}"]
    return told


def came(locked: LockedShapes, value: Any, status: int = 200) -> dict[str, str]:
    """What departs, by place."""
    found = breaches(locked, OPERATION, status, value)
    return {finding.where.partition("body")[2].strip(): finding.came for finding in found}


THING = {
    "id": 7,
    "uid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "made": "2024-01-02T03:04:05.678Z",
    "day": "2024-01-02",
    "by": "a@example.com",
    "at": "https://example.com/x",
    "size": 1.5,
    "open": True,
    "note": None,
    "text": "Some words",
    "tags": ["x y"],
    "none": [],
    "inner": {"a/b": 1, "*": 2},
}
