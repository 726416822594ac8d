"""An exchange and what is promised for it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tidegate.contract.check.payload import Readings
from tidegate.contract.model import Answer, Operation, Scheme
from tidegate.records import Exchange, Finding, Message


class Promises(Protocol):
    """What of a document holds for all its operations."""

    @property
    def schemes(self) -> Mapping[str, Scheme]:
        """How requests show who they are, by name."""

    @property
    def operations(self) -> Sequence[Operation]:
        """All operations."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An answered exchange of a documented operation."""

    document: Promises
    operation: Operation
    values: Mapping[str, str]
    exchange: Exchange
    status: int
    response: Message
    promise: Answer | None
    body_limit: int
    readings: Readings

    def finding(self, kind: str, where: str, promised: str, came: str) -> Finding:
        """A finding about this operation."""
        return Finding(kind, self.operation.name, where, promised, came)

    @property
    def bodiless(self) -> bool:
        """Whether HTTP allows no body here (RFC 9110, 6.4.1 and 15.3.6)."""
        return self.exchange.method == "HEAD" or self.status in (204, 205, 304) or self.status < 200

    def readable(self, message: Message) -> bytes | None:
        """The body, when all of it is there and it is not larger than what is checked."""
        return message.body if message.body is not None and len(message.body) <= self.body_limit else None

    def sent(self, message: Message) -> bool:
        """Whether there is a body, also one that was not kept."""
        return bool(message.body) or (message.body is None and message.size > 0)
