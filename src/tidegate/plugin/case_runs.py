"""Running a negative case: the request, the refusal that the document promises, and nothing changed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tidegate.contract.cases.judge import Refusal, changes, flaws
from tidegate.errors import TidegateError
from tidegate.plugin.case_values import CannotSay

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.cases import Case
    from tidegate.plugin.case_records import Pool
    from tidegate.plugin.case_requests import Ask, Requests
    from tidegate.plugin.cases import Choice
    from tidegate.plugin.state import State
    from tidegate.settings import Resource

SAFE = ("GET", "HEAD", "OPTIONS")
SHOWN = 400
Look = Callable[[], Iterator[str]]


class Negatives:
    """Runs the cases of one process."""

    def __init__(self, pool: Pool, requests: Requests, state: State) -> None:
        self._pool, self._requests, self._state = pool, requests, state

    def run(self, case: Case | TidegateError, choice: Choice, expired: Callable[[], str | None]) -> None:
        """Sends the request, and fails or skips the test that runs; `expired` gives a token that has expired."""
        __tracebackhide__ = True
        if isinstance(case, TidegateError):
            pytest.fail(str(case), pytrace=False)
        try:
            ask = self._requests.of(case, choice.resources)
            self._check_harmless(case, ask)
            look = self._before(case, ask)
            response = self._requests.send(case, ask, expired() if case.who == "expired" else None)
        except CannotSay as why:
            pytest.skip(str(why))
        found = [*flaws(case, _refusal(response), choice.error), *look()]
        if found:
            if ask.resource:
                self._pool.drop(ask.resource)
            pytest.fail(self._told(case, response, found), pytrace=False)

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
        if resource.swept and ask.marked.encode() in (ask.content or b""):
            return lambda: (f"it made a record all the same: {each.path}" for each in records.list(prefix=ask.marked))
        if resource.listed_by == {"parent.id"}:
            before = {each.id for each in records.list()}
            return lambda: (f"it made a record all the same: {e.path}" for e in records.list() if e.id not in before)
        self._state.note(
            f"negative cases of {resource.name}: that nothing was made was not looked at, since no filter lists them"
        )
        return lambda: iter(())

    def _told(self, case: Case, response: httpx.Response, found: list[str]) -> str:
        from tidegate.redact import mask

        said = " ".join(response.text.split())[:SHOWN] or "(no body)"
        lines = [
            f"{case.name}: the API must refuse this.",
            *(f"  {each}" for each in found),
            f"  sent: {_curl(response.request)}",
            f"  came: {response.status_code} {said}",
            "  next: mend the API or its document, or leave the case out with its reason:",
            f"        negative_cases(skip={{{case.name!r}: ...}})",
        ]
        return mask("\n".join(lines), self._state.secrets)


def _refusal(response: httpx.Response) -> Refusal:
    return Refusal(response.status_code, dict(response.headers), response.content)


def _curl(request: httpx.Request) -> str:
    return f"{request.method} {request.url}"
