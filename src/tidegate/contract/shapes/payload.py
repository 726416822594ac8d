"""The value of an answer that shapes are learned from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, Protocol

from tidegate.records import Exchange, Message

NOTHING: Final = object()


class Read(Protocol):
    """What somebody else has read of a body."""

    @property
    def known(self) -> bool:
        """Whether it is JSON."""

    @property
    def value(self) -> Any:
        """What it says."""


def value_of(exchange: Exchange, read: Callable[[Message], Read] | None = None) -> Any:
    """The value of an answer's JSON body, else NOTHING: no JSON (RFC 8259), none of it kept, or not well-formed.

    `read` has read it, or does.
    """
    response = exchange.response
    if response is None or not response.body or len(response.body) < response.size:
        return NOTHING
    media = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if not (media == "application/json" or media.endswith("+json")):
        return NOTHING
    if read is not None:
        found = read(response)
        return found.value if found.known else NOTHING
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return NOTHING
