"""The standard negative tests of a document: one case for each way in which a request can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from tidegate.contract.cases.bodies import wrongs
from tidegate.contract.cases.case import EXPIRED, NOBODY, TAMPERED, Case
from tidegate.contract.cases.expected import statuses
from tidegate.contract.cases.inputs import input_cases
from tidegate.contract.model import Media, Operation

# Not HEAD and OPTIONS, which servers answer by themselves; DELETE only where the path names a record of the test's.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BROKEN = b'{"broken": '


class HasOperations(Protocol):
    """What is needed of a document."""

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Its operations."""


def negative_cases(
    document: HasOperations, makes: Callable[[Operation], bool] = lambda _operation: False
) -> list[Case]:
    """Every case that the document implies, in its order, each with a name of its own.

    `makes` knows what the document need not say: whether a PUT may make what its path names (RFC 9110, 9.3.4).
    """
    found: dict[str, Case] = {}
    for operation in document.operations:
        for case in _of(operation, makes):
            found.setdefault(case.name, case)
        for case in _wrong_methods(operation, document.operations):
            found.setdefault(case.name, case)
    return list(found.values())


def _of(operation: Operation, makes: Callable[[Operation], bool]) -> Iterator[Case]:
    yield from _of_credentials(operation)
    yield from _of_ids(operation, makes)
    yield from input_cases(operation)
    if operation.body is not None:
        yield from _of_body(operation)


def _of_credentials(operation: Operation) -> Iterator[Case]:
    if not operation.is_open:
        for kind, who in (("no token", NOBODY), ("tampered token", TAMPERED), ("expired token", EXPIRED)):
            yield Case(operation, kind, "", statuses(operation, "who"), who=who)


def _of_ids(operation: Operation, makes: Callable[[Operation], bool]) -> Iterator[Case]:
    last = re.findall(r"\{([^{}]+)\}", operation.path)[-1:]
    for name in last:
        if not (_says_it_makes(operation) or makes(operation)):  # else no id is unknown
            yield Case(operation, "unknown", name, statuses(operation, "unknown"), ids="unknown")
            yield Case(operation, "malformed", name, statuses(operation, "malformed"), ids="malformed")


def _of_body(operation: Operation) -> Iterator[Case]:
    assert operation.body is not None
    media, json = operation.body.media, json_of(operation)
    if other := _other_media(media):
        yield Case(operation, "wrong media type", "", statuses(operation, "media"), media=other)
    if operation.body.required:
        yield Case(operation, "no body", "", _either(operation), content=b"")
    if json is None:
        return
    yield Case(operation, "malformed JSON", "", statuses(operation, "invalid"), content=BROKEN)
    for wrong in wrongs(json.schema) if json.schema else ():
        fitting = "too long" if wrong.kind == "too long" else "invalid"
        case = Case(operation, wrong.kind, wrong.subject, statuses(operation, fitting))
        yield replace(case, edits=wrong.edits)


def _says_it_makes(operation: Operation) -> bool:
    says = {"201", "2XX"} & {answer.status.upper() for answer in operation.answers}
    return operation.method == "PUT" and bool(says)


def _either(operation: Operation) -> tuple[int, ...]:
    """A body that is not there is neither valid nor of any type."""
    return tuple(dict.fromkeys((*statuses(operation, "invalid"), *statuses(operation, "media"))))


def _wrong_methods(operation: Operation, operations: tuple[Operation, ...]) -> Iterator[Case]:
    known = {each.method for each in operations if may_meet(each.path, operation.path)}
    of_one = operation.path.rstrip("/").endswith("}")
    for method in METHODS:
        if method not in known and (of_one or method != "DELETE"):
            yield Case(operation, "wrong method", "", statuses(operation, "method"), method=method)


def may_meet(template: str, path: str) -> bool:
    """Whether a server may take `path` for one of the template's: `/things/{id}` and `/things/search`."""
    one, other = template.split("/"), path.split("/")
    return len(one) == len(other) and all(a == b or "{" in a or "{" in b for a, b in zip(one, other, strict=True))


def json_of(operation: Operation) -> Media | None:
    """The body as JSON, where the operation takes one."""
    for media in operation.body.media if operation.body else ():
        kind = media.range.partition(";")[0].strip().lower()
        if re.fullmatch(r"application/([\w.+-]+\+)?json|application/\*|\*/\*", kind):
            return media
    return None


def _other_media(media: tuple[Media, ...]) -> str | None:
    ranges = {each.range.partition(";")[0].strip().lower() for each in media}
    if "*/*" in ranges:
        return None
    free = (kind for kind in ("text/plain", "application/xml") if not {kind, f"{kind.partition('/')[0]}/*"} & ranges)
    return next(free, None)
