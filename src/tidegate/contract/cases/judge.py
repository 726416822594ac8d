"""Whether an answer is the refusal that a case asks for, and whether anything changed all the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.cases.case import Case
from tidegate.contract.check import check
from tidegate.contract.check.subject import Promises
from tidegate.contract.model import Bound
from tidegate.records import Exchange

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
# Of the kinds of findings, those that say how a refusal looks; the others are told of every exchange alike.
_OF_A_REFUSAL = frozenset(
    {"undocumented-media-type", "undocumented-field", "missing-header", "invalid-header", "invalid-body"}
    | {"unexpected-body", "write-only-field"}
)


def flaws(document: Promises, case: Case, exchange: Exchange, error: str = "") -> Iterator[str]:
    """What is wrong with an answer; `error` is a key that refusals of which the document says nothing must have."""
    if exchange.status not in case.statuses:
        yield f"expected {' or '.join(map(str, case.statuses))}, and the API answered {exchange.status}"
        return
    if exchange.status == 405:
        yield from _of_allow(case, exchange)
    if case.method or case.operation.answer(exchange.status) is None:
        if error and not _says(exchange, error):
            yield f"an error must say {error!r} in a JSON body, and this one does not"
        return
    for found in check(document, Bound(case.operation, case.operation.path), exchange, expects_success=False):
        if found.kind in _OF_A_REFUSAL:
            yield f"{found.kind.replace('-', ' ')} at {found.where}: {found.promised} is promised, {found.came} came"


def _of_allow(case: Case, exchange: Exchange) -> Iterator[str]:
    """RFC 9110, 15.5.6: a 405 must have Allow; 10.2.1: it lists the methods that the resource supports."""
    allow = exchange.response.header("Allow") if exchange.response else None
    sent = case.method or case.operation.method
    if allow is None:
        yield "a 405 must have an Allow header, and this one has none"
    elif sent in {name.strip().upper() for name in allow.split(",")}:
        yield f"Allow is {allow!r}, although {sent} was refused"


def _says(exchange: Exchange, error: str) -> bool:
    try:
        body = json.loads((exchange.response and exchange.response.body) or b"")
    except ValueError:
        return False
    return isinstance(body, dict) and bool(body.get(error))


def changes(before: Any, after: Any, later: Any) -> list[str]:
    """The fields of a record that a refused request has changed.

    Not those that go on changing by themselves, as between `after` and `later`, nor times that moved on, such as when
    somebody was last seen.
    """
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [] if before == after else ["the record"]
    steady = later if isinstance(later, Mapping) else after
    names = sorted({*before, *after})
    return [
        name
        for name in names
        if before.get(name) != after.get(name)
        and after.get(name) == steady.get(name)
        and not (_is_time(before.get(name)) and _is_time(after.get(name)))
    ]


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None
