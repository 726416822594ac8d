"""Sending what was drawn from the document, within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegate.errors import BudgetSpent, LedgerError, UsageError, WriteRefused

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.explore import Asked, Drawn, Source
    from tidegate.contract.model import Operation
    from tidegate.plugin.explore.ground import Ground
    from tidegate.session.ledger import Ledger
    from tidegate.session.making import Collections

ORDER = ("GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is to be explored: so many requests of each kind an operation, all within so many seconds."""

    examples: int = 25
    seconds: float = 120.0
    seed: int = 0
    operations: tuple[str, ...] = ()


@dataclass(slots=True)
class Way:
    """What exploring goes by; `findings` counts those that are new so far."""

    client: httpx.Client
    base_url: str
    source: Source
    ground: Ground
    ledger: Ledger
    collections: Collections
    findings: Callable[[], int]
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class Explorer:
    """Explores operations one after the other, each for its share of the time that is left."""

    way: Way
    wanted: Wanted
    sent: int = 0
    refused: int = 0
    unsent: int = 0
    cut: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def run(self, operations: Iterable[Operation]) -> None:
        """Explores them, and removes what that has made."""
        queue = [(each, self._drawn(each)) for each in self._chosen(list(operations)) if self._may(each)]
        end = self.way.clock() + self.wanted.seconds
        try:
            while queue and self.way.clock() < end:
                queue = [each for place, each in enumerate(queue) if not self._explore(*each, end, len(queue) - place)]
            self.cut = [operation.name for operation, _ in queue]
        finally:
            self._remove()
            self._close()

    def _chosen(self, operations: list[Operation]) -> list[Operation]:
        known = {each.name: each for each in operations}
        named = [name.strip() for name in self.wanted.operations]
        for name in named:
            if name not in known:
                raise UsageError(_no_operation(name, list(known)))
        found = [known[name] for name in named] or [each for each in operations if not each.deprecated]
        return sorted(found, key=lambda each: ORDER.index(each.method) if each.method in ORDER else len(ORDER))

    def _may(self, operation: Operation) -> bool:
        if why := self.way.ground.why_not(operation):
            self.way.say(f"not explored: {operation.name}: {why}")
        return not why

    def _explore(self, operation: Operation, requests: Iterator[Drawn], end: float, waiting: int) -> bool:
        """Whether all of its requests are sent, or no more can be."""
        way, sent, found = self.way, self.sent, self.way.findings()
        until = way.clock() + (end - way.clock()) / waiting
        done = False
        try:
            while not done and way.clock() < until:
                drawn = next(requests, None)
                done = drawn is None
                if drawn:
                    self._send(operation, drawn)
        except ValueError as error:
            way.say(f"not explored: {operation.name}: {error}")
            return True
        news = way.findings() - found
        way.say(f"{operation.name}: {_count(self.sent - sent, 'request')}, {_count(news, 'new finding')}")
        return done

    def _drawn(self, operation: Operation) -> Iterator[Drawn]:
        """Different ones, drawn when they are asked for."""
        seen = set()
        for legal in (True, False):
            for drawn in self.way.source.draw(operation.name, self.wanted.examples, legal=legal):
                drawn.keep(_named(operation, "query"), {name.lower() for name in _named(operation, "header")})
                drawn.name(dict.fromkeys(self.way.ground.records(operation, drawn), "0"))
                key = None
                with suppress(ValueError):  # HTTP cannot carry it
                    key = self._asked(operation, drawn)
                if key and key not in seen:
                    seen.add(key)
                    yield drawn

    def _asked(self, operation: Operation, drawn: Drawn) -> Asked:
        return drawn.asked(self.way.ground.above(operation, self.way.base_url))

    def _send(self, operation: Operation, drawn: Drawn) -> None:
        from tidegate.session.http import httpx

        try:
            self.way.ground.arrange(operation, drawn)
            before, asked = self.way.ledger.count, self._asked(operation, drawn)
            response = self.way.client.request(
                asked.method, asked.url, headers=list(asked.headers), content=asked.content or None
            )
        except (BudgetSpent, LedgerError):
            raise
        except WriteRefused:
            self.refused += 1
            return
        except httpx.HTTPStatusError as error:  # of an own record, which could not be made
            raise ValueError(f"no record to try it on could be made: {str(error).splitlines()[0]}") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):  # which the recorder has seen, or nobody could send
            self.unsent += 1
            return
        self.sent += 1
        if response.is_success and operation.method == "DELETE":
            self.way.ground.gone(operation)
        if response.is_success and operation.method == "POST" and self.way.ledger.count == before:
            self.unknown.add(operation.name)

    def _remove(self) -> None:
        """Deletes what is still there, newest first; what the API refuses stays to the clean-up."""
        from tidegate.session.http import httpx

        for made in reversed(self.way.ledger.outstanding()):
            with suppress(httpx.HTTPError, WriteRefused, UsageError):
                self.way.collections(made.resource, made.parent).send("delete", made.id)

    def _close(self) -> None:
        say = self.way.say
        say(f"{_count(self.sent, 'request')} sent; --seed {self.wanted.seed} draws the same ones again")
        if self.refused:
            say(f"{_count(self.refused, 'request')} not sent: the guard protects the admin and what is not this run's")
        if self.unsent:
            say(f"{_count(self.unsent, 'request')} without an answer, or that HTTP cannot carry")
        if self.cut:
            say(f"out of time: {', '.join(self.cut)}: --max-time SECONDS gives more than {self.wanted.seconds:g}")
        for name in sorted(self.unknown):
            say(f"{name} succeeded, but what it made could not be told: look whether something is left")


def _named(operation: Operation, place: str) -> set[str]:
    return {parameter.name for parameter in operation.parameters if parameter.place == place}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _no_operation(name: str, known: list[str]) -> str:
    from tidegate.settings.guess import guess

    return (
        f"--operation is {name!r}, which the API's document does not have{guess(name, known)}\n"
        f"  seen: {_count(len(known), 'operation')}, such as {known[0] if known else 'none'}\n"
        '  next: name it by method and path as the document writes it: "GET /things/{id}"'
    )
