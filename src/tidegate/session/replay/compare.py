"""How the answer to a request differs from the recorded one, where that means something."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tidegate.records import Exchange, Message
from tidegate.redact import CUT, MASK
from tidegate.session.replay.kinds import is_count, is_number, is_volatile
from tidegate.session.replay.values import parsed

SHOWN = 200
_IDS = ("id", "uuid", "key")

Text = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that is not the recorded one: which request, and at which place what came `then` and `now`.

    `weak`: it may come of what other tests had left, such as the length of a list.
    """

    exchange: Exchange
    where: str
    then: str
    now: str
    weak: bool = False

    def __str__(self) -> str:
        """In three lines."""
        sent = f"{self.exchange.method} {self.exchange.url} ({self.exchange.phase}): {self.where}"
        return "\n".join(map(_plain, (sent, f"  recorded: {self.then}", f"  now:      {self.now}")))


def _plain(line: str) -> str:
    """What a terminal takes for nothing but text."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)


def first_difference(then: Exchange, now: Exchange, text: Text) -> Difference | None:
    """The first that is not weak, else the first; `text` gives what a recorded text of a field would be now."""
    found = [Difference(then, *each) for each in _differences(then, now, text)]
    return min(found, key=lambda each: each.weak, default=None)


Found = tuple[str, str, str, bool]


def _differences(then: Exchange, now: Exchange, text: Text) -> Iterator[Found]:
    if then.status != now.status:
        yield "status", _status(then), _status(now), False
        return
    if not then.response or not now.response or then.response.body is None or now.response.body is None:
        return
    before, after = parsed(then.response), parsed(now.response)
    if before is not None and after is not None:
        yield from _in_value(before, after, "", "", text)
    elif _is_whole(then.response) and (before is None) != (after is None):
        yield "body", _shown(then.response.body.decode()), _shown(now.response.body.decode("utf-8", "replace")), False


def _is_whole(message: Message) -> bool:
    return CUT.encode() not in (message.body or b"")[-60:]


def _status(exchange: Exchange) -> str:
    if exchange.status is None:
        return exchange.error or "no answer"
    body = exchange.response.body if exchange.response else None
    return f"{exchange.status} {_shown((body or b'').decode('utf-8', 'replace'))}".rstrip()


def _in_value(then: Any, now: Any, name: str, where: str, text: Text) -> Iterator[Found]:
    place = f"body {where or '/'}"
    if isinstance(then, dict) and isinstance(now, dict):
        yield from _in_object(then, now, where, text)
    elif isinstance(then, list) and isinstance(now, list):
        if len(then) != len(now):
            yield place, f"{len(then)} items", f"{len(now)} items", True
            return
        for index, (before, after) in enumerate(zip(then, now, strict=True)):
            if _is_another(before, after, text):
                yield f"{place}/{index}", _shown(before), _shown(after), True
                continue
            yield from _in_value(before, after, name, f"{where}/{index}", text)
    elif not _is_same(then, now, name, text):
        yield place, _shown(then), _shown(now), is_count(name) and is_number(then) and is_number(now)


def _in_object(then: dict[str, Any], now: dict[str, Any], where: str, text: Text) -> Iterator[Found]:
    for key in then:
        if key not in now:
            yield f"body {where}/{key}", _shown(then[key]), "not there", False
    for key in now:
        if key in then:
            yield from _in_value(then[key], now[key], key, f"{where}/{key}", text)
        else:
            yield f"body {where}/{key}", "not there", _shown(now[key]), False


def _is_another(then: Any, now: Any, text: Text) -> bool:
    """Whether two items of a list are different records, which others may have made."""
    if not isinstance(then, dict) or not isinstance(now, dict):
        return False
    return any(
        then[name] != now[name] and expected != str(now[name])
        for name in then.keys() & now.keys()
        if (expected := text(str(then[name]), name)) != str(then[name]) or name in _IDS
    )


def _is_same(then: Any, now: Any, name: str, text: Text) -> bool:
    if isinstance(then, str) and isinstance(now, str) and (MASK in then or text(then, name) == now):
        return True
    return (then == now and type(then) is type(now)) or is_volatile(name, then, now)


def _shown(value: Any) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= SHOWN else f"{told[:SHOWN]} …"
