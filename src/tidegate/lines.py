"""Files of JSON lines: what is appended while a run goes, and an exchange as a line, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from tidegate.records import Exchange, Message

_TEXTS = ("test", "phase", "identity", "operation", "method", "url", "error", "trace")
_PLAIN = ("started", "elapsed", "number", *_TEXTS[:6], "status", "error", "redirect_of", "trace")
_MOST = 1e15  # of a number that somebody else may have written: a later one is no time, a larger one no size
_PLAINLY = json.JSONEncoder(ensure_ascii=False)  # which json.dumps would make anew for each line


def line_of(exchange: Exchange, run: str) -> bytes:
    """The line of a masked exchange; its run and number together say which it is."""
    plain: dict[str, Any] = {name: getattr(exchange, name) for name in _PLAIN}
    bodies = {"request": _plain(exchange.request), "response": exchange.response and _plain(exchange.response)}
    return _PLAINLY.encode({"run": run, **plain, **bodies}).encode("utf-8", "replace") + b"\n"


def exchange_of(line: bytes) -> tuple[str, Exchange]:
    """The run and the exchange of a line; raises ValueError for one that was cut, or that has values of other kinds."""
    told = json.loads(line)
    try:
        came = told["response"]
        request, response = _message(told["request"]), None if came is None else _message(came)
        exchange = Exchange(**{name: told[name] for name in _PLAIN}, request=request, response=response)
        if not (_fits(exchange) and isinstance(told["run"], str)):
            raise TypeError
        return told["run"], replace(exchange, masked=True)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no exchange") from error


def _fits(told: Exchange) -> bool:
    """Whether readers can rely on the kinds of its values."""
    texts = all(isinstance(getattr(told, name), str) for name in _TEXTS)
    numbers = all(map(_is_number, (told.started, told.elapsed, told.number)))
    return texts and numbers and all(each is None or _is_whole(each) for each in (told.status, told.redirect_of))


def _is_number(told: Any) -> bool:
    return isinstance(told, (int, float)) and abs(told) < _MOST


def _is_whole(told: Any) -> bool:
    return isinstance(told, int) and _is_number(told)


def _plain(message: Message) -> dict[str, Any]:
    body = None if message.body is None else message.body.decode("utf-8", "replace")
    return {"headers": message.headers, "body": body, "size": message.size, "digest": message.digest}


def _message(told: dict[str, Any]) -> Message:
    body = None if told["body"] is None else told["body"].encode("utf-8", "replace")
    headers = tuple((name, value) for name, value in told["headers"])
    if not (_is_whole(told["size"]) and all(isinstance(each, str) for each in (*chain(*headers), told["digest"]))):
        raise TypeError
    return Message(headers, body, told["size"], told["digest"])


class Lines:
    """A file that lines are appended to, each on disk before the next; `report` hears once when one is lost."""

    def __init__(self, path: Path, what: str, report: Callable[[str], None]) -> None:
        self.path = path
        self._what, self._report = what, report
        self._file: int | None = None
        self._mend = b""
        self._failed = False

    def add(self, line: bytes) -> None:
        """Writes one line, which ends as a line does; never raises for what the disk does."""
        line = self._mend + line
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            written = os.write(self._file, line)
            if written != len(line):
                self._mend = b"\n"  # ends the cut line, so that it does not take the next with it
                raise OSError(0, "only a part of the line was written")
            self._mend = b""
        except OSError as error:
            self._tell(error)

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _tell(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            reason = error.strerror or str(error)
            self._report(f"{self._what} are missing in {self.path.name}, which could not be written: {reason}")
