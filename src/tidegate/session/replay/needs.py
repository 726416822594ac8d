"""What a test needs that an earlier one has made: records and logins of fixtures that several tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from tidegate.records import Exchange
from tidegate.session.replay.ids import parts_of, scope_of, singular
from tidegate.session.replay.kinds import is_id
from tidegate.session.replay.values import parsed

Want = tuple[str, str]  # the name of a collection, or how it begins, and an id
_SUCCESS = range(200, 300)


def with_needs(
    exchanges: Sequence[Exchange],
    earlier: Iterable[Exchange],
    is_login: Callable[[Exchange], bool],
    known: Iterable[str],
) -> list[Exchange]:
    """The exchanges of a test after those of other tests that made what it uses; `known` are who can log in by name."""
    mine = _Makers(exchanges)
    before, logins = _Makers(()), list[Exchange]()
    for each in earlier:
        if exchanges and each.started < exchanges[0].started and each.status in _SUCCESS:
            before.add(each)
            logins += [each] if is_login(each) else []
    found = dict[int, Exchange]()
    strangers = {each.identity for each in exchanges} - {*known, "anonymous"}
    if strangers and not any(map(is_login, exchanges)):
        before.collect_accounts(strangers, found)
    for each in exchanges:
        before.collect(each, mine, found)
    makers = [*found.values()]
    if strangers:
        named = {text for each in makers for text in _texts(parsed(each.request)) if "@" in text}
        makers += [each for each in logins if named & {*_texts(parsed(each.request))}]
    return [*sorted(makers, key=lambda each: each.started), *exchanges]


class _Makers:
    """The exchanges that have made records, by the id of the record."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._made: dict[str, list[tuple[str, Exchange]]] = {}
        for each in exchanges:
            self.add(each)

    def add(self, exchange: Exchange) -> None:
        if exchange.method in ("POST", "PUT") and exchange.status in _SUCCESS:
            for collection, made in _makes(exchange):
                self._made.setdefault(made, []).append((collection, exchange))

    def maker(self, want: Want) -> Exchange | None:
        """Which exchange made the record last."""
        stem, wanted = want
        return next(
            (each for name, each in reversed(self._made.get(wanted, ())) if name.lower().startswith(stem)), None
        )

    def collect(self, exchange: Exchange, mine: _Makers, found: dict[int, Exchange]) -> None:
        """Adds what an exchange uses and the test has not made, and what that uses."""
        for want in _wants(exchange):
            maker = None if mine.maker(want) else self.maker(want)
            if maker and id(maker) not in found and maker is not exchange:
                found[id(maker)] = maker
                self.collect(maker, mine, found)

    def collect_accounts(self, names: set[str], found: dict[int, Exchange]) -> None:
        """Adds the accounts that were made last for these, whose role has their name."""
        for name in names - {""}:
            made = [each for kept in self._made.values() for _, each in kept if name in _texts(parsed(each.request))]
            if latest := max(made, key=lambda each: each.started, default=None):
                found[id(latest)] = latest


def _makes(exchange: Exchange) -> Iterator[Want]:
    collection = parts_of(exchange.url)[-1:] or [""]
    answer = parsed(exchange.response) if exchange.response else None
    for value in (answer, *answer.values()) if isinstance(answer, dict) else ():
        for name in ("id", "uuid", "_id", "key"):
            if isinstance(value, dict) and isinstance(made := value.get(name), (str, int)):
                yield collection[0], str(made)
    location = exchange.response.header("Location") if exchange.response else None
    if location and len(parts := parts_of(location)) > 1:
        yield parts[-2], parts[-1]


def _wants(exchange: Exchange) -> Iterator[Want]:
    parts = parts_of(exchange.url)
    yield from ((singular(owner), part) for owner, part in pairwise(parts))
    for name, value in _leaves(parsed(exchange.request), ""):
        if is_id(name) and isinstance(value, (str, int)):
            yield scope_of(name), str(value)
    for pair in exchange.url.partition("?")[2].split("&"):
        name, _, value = pair.partition("=")
        if is_id(name):
            yield scope_of(name), unquote(value)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, name)
    else:
        yield name, value


def _texts(value: Any) -> list[str]:
    return [each for _, each in _leaves(value, "") if isinstance(each, str)]
