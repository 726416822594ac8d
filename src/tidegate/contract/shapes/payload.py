"""The value of an answer that shapes are learned from."""

from __future__ import annotations

import json
from typing import Any, Final

from tidegate.records import Exchange

NOTHING: Final = object()


def value_of(exchange: Exchange) -> Any:
    """The value of an answer's JSON body, else NOTHING: no JSON (RFC 8259), none of it kept, or not well-formed."""
    response = exchange.response
    if response is None or not response.body or len(response.body) < response.size:
        return NOTHING
    media = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if not (media == "application/json" or media.endswith("+json")):
        return NOTHING
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return NOTHING
