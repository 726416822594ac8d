"""What failures have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.records import Exchange


@dataclass(frozen=True, slots=True)
class Cause:
    """`said` is how the first of the tests tells it, `exchange` the one that went wrong.

    `line` is the one in the log of `service` that says most; each is empty where nothing is known.
    """

    kind: str
    title: str
    said: str
    tests: tuple[str, ...] = ()
    exchange: Exchange | None = None
    service: str = ""
    line: str = ""
