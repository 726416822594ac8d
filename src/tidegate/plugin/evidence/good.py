"""Answers that tests were content with, to say where one of a failed test has another form."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tidegate.records import Exchange

_ID = re.compile(r"(?<!/)/[^/]*\d[^/]*")  # and not the host
KEPT, LONGEST = 500, 8_000  # answers of this process, and bytes of one


class Good:
    """The latest answers to tests that passed."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT)

    def keep(self, exchanges: Iterable[Exchange]) -> None:
        """Takes those of a test that passed."""
        self._kept.extend(each for each in exchanges if 0 < len(_body(each)) <= LONGEST)

    def difference(self, exchange: Exchange) -> str:
        """The first field that is missing, new or of another type, as a JSON pointer (RFC 6901) and what is with it.

        Held against the latest answer of the same operation and status; empty where none is known, or none differs.
        """
        if not 0 < len(_body(exchange)) <= LONGEST:
            return ""
        wanted = _asked(exchange)
        for good in reversed(self._kept):
            if good.status == exchange.status and _asked(good) == wanted:
                found = next(_differences(_parsed(good), _parsed(exchange), ""), "")
                return f"{found}, unlike in {good.test}" if found else ""
        return ""


def _asked(exchange: Exchange) -> str:
    """The operation of the document, else the method and the path, of which a part with a digit is taken for an id."""
    return exchange.operation or f"{exchange.method} {_ID.sub('/{id}', exchange.url.partition('?')[0])}"


def _body(exchange: Exchange) -> bytes:
    return (exchange.response and exchange.response.body) or b""


def _parsed(exchange: Exchange) -> Any:
    try:
        return json.loads(_body(exchange))
    except (ValueError, RecursionError):
        return None


def _differences(good: Any, now: Any, place: str) -> Iterator[str]:
    """Where the forms differ; null may stand for any value, and an empty list for any list."""
    if isinstance(good, dict) and isinstance(now, dict):
        yield from (f"{_below(place, name)} is missing" for name in good if name not in now)
        for name in now:
            if name not in good:
                yield f"{_below(place, name)} is new"
            else:
                yield from _differences(good[name], now[name], _below(place, name))
    elif isinstance(good, list) and isinstance(now, list):
        for index, item in enumerate(now if good else ()):
            yield from _differences(good[0], item, f"{place}/{index}")
    elif good is not None and now is not None and _type(good) != _type(now):
        yield f"{place or 'the body'} is {_type(now)} and no {_type(good)}"


def _below(place: str, name: str) -> str:
    return f"{place}/{name.replace('~', '~0').replace('/', '~1')}"


def _type(value: Any) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]
