"""What of an exchange departs from the document, a module for each family of findings."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.contract.check import content, headers, request, routing, security
from tidegate.contract.check.payload import Readings
from tidegate.contract.check.subject import Promises, Subject
from tidegate.contract.model import Bound
from tidegate.records import Exchange, Finding

MOST = 50
"""Findings of one exchange, at most."""

_FAMILIES = (
    routing.status,
    routing.deprecated,
    content.answer,
    headers.answer,
    request.illegal,
    security.unenforced,
)


def check(
    document: Promises,
    bound: Bound,
    exchange: Exchange,
    *,
    body_limit: int = 4_194_304,
    expects_success: bool = True,
    name: str = "",
    readings: Readings | None = None,
) -> Iterator[Finding]:
    """Each place of a raw exchange that is not as promised, once; `came` is not masked.

    Without `expects_success` a request may be illegal: that it was answered well is then for its test to judge. `name`
    is what to call an operation that is not documented. `readings` may be shared with whoever else reads the bodies.
    """
    seen: set[tuple[str, str, str]] = set()
    for finding in _all(document, bound, exchange, body_limit, expects_success, name, readings or Readings()):
        if finding.key not in seen:
            seen.add(finding.key)
            yield finding
        if len(seen) >= MOST:
            return


def _all(
    document: Promises,
    bound: Bound,
    exchange: Exchange,
    body_limit: int,
    expects_success: bool,
    name: str,
    readings: Readings,
) -> Iterator[Finding]:
    if exchange.status is None or exchange.response is None:
        return
    if bound.operation is None:
        yield from routing.unbound(document, bound, exchange, name)
        return
    promise = bound.operation.answer(exchange.status)
    subject = Subject(
        document,
        bound.operation,
        bound.values,
        exchange,
        exchange.status,
        exchange.response,
        promise,
        body_limit,
        readings,
    )
    for family in _FAMILIES:
        if expects_success or family is not request.illegal:
            yield from family(subject)
