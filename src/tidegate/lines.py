"""An exchange as a line of JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tidegate.records import Exchange, Message

_PLAIN = (
    *("started", "elapsed", "number", "test", "phase", "identity", "operation", "method", "url", "status"),
    *("error", "redirect_of", "trace"),
)


def line_of(exchange: Exchange, run: str) -> bytes:
    """The line of a masked exchange; its run and number together say which it is."""
    plain: dict[str, Any] = {name: getattr(exchange, name) for name in _PLAIN}
    bodies = {"request": _plain(exchange.request), "response": exchange.response and _plain(exchange.response)}
    return json.dumps({"run": run, **plain, **bodies}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def exchange_of(line: bytes) -> tuple[str, Exchange]:
    """The run and the exchange of a line; raises ValueError for one that was cut."""
    told = json.loads(line)
    try:
        request, response = _message(told["request"]), told["response"] and _message(told["response"])
        exchange = Exchange(**{name: told[name] for name in _PLAIN}, request=request, response=response)
        return told["run"], replace(exchange, masked=True)
    except (KeyError, TypeError) as error:
        raise ValueError("no exchange") from error


def _plain(message: Message) -> dict[str, Any]:
    body = None if message.body is None else message.body.decode("utf-8", "replace")
    return {"headers": message.headers, "body": body, "size": message.size, "digest": message.digest}


def _message(told: dict[str, Any]) -> Message:
    body = None if told["body"] is None else told["body"].encode()
    return Message(tuple((name, value) for name, value in told["headers"]), body, told["size"], told["digest"])
