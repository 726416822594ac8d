"""What failures have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.records import Exchange

LONGEST = 400  # characters of an answer


@dataclass(frozen=True, slots=True)
class Cause:
    """`said` is how the first of the tests tells it, `exchange` the one that went wrong.

    `line` is the one in the log of `service` that says most, and `also` what others logged that is grave; each is empty
    where nothing is known.
    """

    kind: str
    title: str
    said: str
    tests: tuple[str, ...] = ()
    exchange: Exchange | None = None
    service: str = ""
    line: str = ""
    also: tuple[tuple[str, str], ...] = ()

    @property
    def answer(self) -> str:
        """What the refusal or error of the exchange says."""
        came = self.exchange
        if not came or not came.status or came.status < 400 or not came.response or not came.response.body:
            return ""
        return came.response.body[:LONGEST].decode("utf-8", "replace")
