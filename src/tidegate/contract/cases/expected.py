"""With which statuses an API may refuse, by the kind of what is wrong (RFC 9110, 15.5; RFC 4918, 11.2)."""

from __future__ import annotations

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
BY_HTTP = {"media": (415,)}  # right in any case, since every API may give it


def statuses(operation: Operation, kind: str) -> tuple[int, ...]:
    """The documented statuses that fit this kind; the usual ones where none of them is documented."""
    groups = USUAL[kind]
    for group in groups:
        if documented := tuple(status for status in group if operation.answer(status)):
            return tuple(dict.fromkeys((*BY_HTTP.get(kind, ()), *documented)))
    return tuple(status for group in groups for status in group)
