"""Running a negative case: the request, the refusal that the document promises, and nothing changed by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from tidegate.contract.cases.expected import why
from tidegate.contract.cases.judge import changes, flaws
from tidegate.plugin.cases.values import CannotSay
from tidegate.plugin.contract.judging import judging

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.cases import Case
    from tidegate.contract.document import Document
    from tidegate.plugin.cases.negative import Choice
    from tidegate.plugin.cases.records import Pool
    from tidegate.plugin.cases.requests import Ask, Requests
    from tidegate.plugin.state import State
    from tidegate.records import Exchange
    from tidegate.session.collection import Collection, Record
    from tidegate.settings import Resource

SAFE = ("GET", "HEAD", "OPTIONS")
SHOWN = 400
Look = Callable[[], Iterator[str]]


class Negatives:
    """Runs the cases of one process."""

    def __init__(self, document: Document, pool: Pool, requests: Requests, state: State) -> None:
        self._document, self._pool, self._requests, self._state = document, pool, requests, state

    def run(self, case: Case, choice: Choice, expired: Callable[[], str | None]) -> None:
        """Sends the request, and fails or skips the test that runs; `expired` gives a token that has expired."""
        try:
            with judging(True):  # it is the suite's
                token = expired() if case.who == "expired" else None
            with judging(False):
                exchange, found = self._tried(case, choice, token)
        except CannotSay as reason:
            pytest.skip(f"{case.name}: {reason}")
        if found:
            pytest.fail(self._told(case, exchange, found), pytrace=False)

    def _tried(self, case: Case, choice: Choice, token: str | None) -> tuple[Exchange, list[str]]:
        """What came, and what is wrong; no later case meets what should not have been made or changed."""
        ask = self._requests.of(case, choice.resources)
        self._check_harmless(case, ask)
        look, count = self._before(case, ask), self._pool.ledger.count
        with judging(True):
            response = self._requests.send(case, ask, token)
        made = self._pool.made_since(count)
        exchange = _exchange(response)
        found = [*flaws(self._document, case, exchange, choice.error), *look()]
        self._pool.remove_made(made)
        if found and ask.resource:
            self._pool.replace(ask.resource)
        return exchange, found

    def _check_harmless(self, case: Case, ask: Ask) -> None:
        if ask.method == "DELETE" and not ask.resource:
            raise CannotSay(
                f"what {case.operation.path} names is no record that a test has made, and a DELETE might succeed;"
                " next: declare the resource whose path it is"
            )

    def _before(self, case: Case, ask: Ask) -> Look:
        """What tells, after the request, what it has changed."""
        made = None if case.method else self._pool.made_by(case.operation)
        if ask.method in SAFE or case.ids or (made and case.operation.body is None):
            return lambda: iter(())
        if made:
            return self._before_create(made, ask)
        if ask.resource:
            before = self._pool.seen(ask.resource)
            return lambda: self._changed(ask.resource, before)
        return lambda: iter(())

    def _changed(self, name: str, before: object) -> Iterator[str]:
        after = self._pool.look(name)
        if after != before:
            for field in changes(before, after, self._pool.look(name)):
                yield f"the record was changed all the same: {field}" if after is not None else "the record is gone"

    def _before_create(self, resource: Resource, ask: Ask) -> Look:
        records = self._pool.records(resource.name)
        if resource.swept:
            sent = ask.marked.encode() in (ask.content or b"")
            return lambda: self._left(
                records, [each for each in (records.list(prefix=ask.marked) if sent else ()) if _has(each, ask)]
            )
        if resource.listed_by == {"parent.id"}:
            before = {each.id for each in records.list()}
            return lambda: self._left(records, [each for each in records.list() if each.id not in before])
        self._state.note(
            f"negative cases of {resource.name}: whether a refused request made one is not known, since no filter says"
            " which of them are a test's"
        )
        return lambda: iter(())

    def _left(self, records: Collection, made: Iterable[Record]) -> Iterator[str]:
        for record in made:
            yield f"it made a record all the same: {record.path}"
            self._pool.remove(records, record.id)

    def _told(self, case: Case, exchange: Exchange, found: list[str]) -> str:
        from tidegate.curl import curl
        from tidegate.redact import masked_exchange

        answered = exchange.response.body if exchange.response else None
        said = " ".join((answered or b"").decode(errors="replace").split())[:SHOWN]
        lines = [
            f"{case.name}: the API must refuse this{why(case)}",
            *(f"  seen: {each}" for each in found),
            f"  came: {exchange.status} {said or '(no body)'}",
            f"  sent: {curl(masked_exchange(exchange, self._state.secrets))}",
            f"  next: mend the API or its document; or leave it out, negative_cases(skip={{{case.name!r}: REASON}})",
        ]
        return "\n".join(lines)  # the report is masked as any other


def _has(record: Record, ask: Ask) -> bool:
    """Whether this is what the request was to make: a filter is a hint, and some servers ignore it."""
    return ask.marked in json.dumps(record.body, default=str)


def _exchange(response: httpx.Response) -> Exchange:
    from tidegate.records import Exchange, Message

    request = response.request
    return Exchange(
        number=0,
        test="",
        phase="call",
        identity="",
        method=request.method,
        url=str(request.url),
        request=Message(tuple(request.headers.multi_items()), request.content, len(request.content)),
        status=response.status_code,
        response=Message(tuple(response.headers.multi_items()), response.content, len(response.content)),
    )
