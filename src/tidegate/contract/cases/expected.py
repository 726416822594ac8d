"""With which statuses an API may refuse, by the kind of what is wrong (RFC 9110, 15.5; RFC 4918, 11.2)."""

from __future__ import annotations

import re

from tidegate.contract.cases.case import Case
from tidegate.contract.model import Operation

# The first group of which the document has one counts; where it has none at all, each of them may come.
USUAL: dict[str, tuple[tuple[int, ...], ...]] = {
    "who": ((401,), (403,)),
    "unknown": ((404, 410),),
    "malformed": ((400, 404, 410, 422),),
    "invalid": ((400, 422),),
    "too long": ((400, 422), (413,)),
    "media": ((415,), (400, 422)),
    "method": ((405,),),
}
MALFORMED = ("malformed", "invalid", "too long", "media")
ELSEWHERE = (405, 407, 408, 429)  # said of the method, a proxy, the time, the number of requests
BY_HTTP = {"media": (415,)}  # right in any case, since every API may give it


def statuses(operation: Operation, kind: str) -> tuple[int, ...]:
    """The documented statuses that fit this kind; where none of them is documented, the usual ones.

    A request that is malformed may then be refused as well with whatever 4xx the document has and no other fault takes.
    """
    groups = USUAL[kind]
    for group in groups:
        if documented := tuple(status for status in group if operation.answer(status)):
            return tuple(dict.fromkeys((*BY_HTTP.get(kind, ()), *documented)))
    usual = tuple(status for group in groups for status in group)
    return (*_others(operation, usual), *usual) if kind in MALFORMED else usual


def why(case: Case) -> str:
    """How a sentence goes on that says that the API must refuse this: who says with what."""
    if case.method:
        return ", as HTTP says (RFC 9110, 15.5.6)."
    if any(case.operation.answer(status) for status in case.statuses):
        return ", as its document says."
    one = "one of " * (len(case.statuses) > 1)
    return f"; the document says nothing of it: {one}{', '.join(map(str, case.statuses))} is usual."


def _others(operation: Operation, usual: tuple[int, ...]) -> tuple[int, ...]:
    """Documented statuses that say nothing about who asks, or which record is meant, where those are not at fault."""
    taken = {
        *ELSEWHERE,
        *usual,
        *(() if operation.is_open else (401, 403)),
        *((404, 410) if "{" in operation.path else ()),
    }
    found = (int(each.status) for each in operation.answers if re.fullmatch(r"4\d\d", each.status))
    return tuple(status for status in found if status not in taken)
