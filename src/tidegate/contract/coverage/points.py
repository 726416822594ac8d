"""What there is to cover: a point for each promise of the document that some test can see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidegate.contract.model import Answer, Operation, Parameter, RequestBody
from tidegate.settings.contract_forms import SKIP

POSITIVE, NEGATIVE, INPUT, UNCOUNTED = SIDES = ("positive", "negative", "input", "uncounted")
SKIPPED = ("5XX", "default")
NO_BODY = "no body"
# Their documentation as parameters means nothing (OpenAPI 3.1, 4.8.12.2.1).
NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


@dataclass(frozen=True, slots=True)
class Row:
    """The points of one operation, each with its side; of those that are uncounted, nothing is asked."""

    operation: str
    resource: str
    points: Mapping[str, str]

    @property
    def counted(self) -> bool:
        """Whether it is asked for at all."""
        return any(side != UNCOUNTED for side in self.points.values())

    def of(self, *sides: str) -> Iterator[str]:
        """Its points of these sides."""
        return (point for point, side in self.points.items() if side in sides)


def rows_of(operations: Iterable[Operation], skip: Sequence[str] = SKIPPED) -> dict[str, Row]:
    """The points of a document, by the operation's name, in an order that its text has no say in."""
    skips = _Skips(skip)
    found = (Row(each.name, each.resource, dict(sorted(_points(each, skips)))) for each in operations)
    return {row.operation: row for row in sorted(found, key=_place)}


def _place(row: Row) -> tuple[str, str, str]:
    method, _, path = row.operation.partition(" ")
    return row.resource, path, method


class _Skips:
    """The patterns of contract.skip_coverage."""

    def __init__(self, patterns: Iterable[str]) -> None:
        parts = [found.groupdict() for pattern in patterns if (found := SKIP.fullmatch(pattern))]
        self._parts = [(each["method"], _glob(each["path"]), each["status"]) for each in parts]

    def takes(self, operation: Operation, status: str | None = None, *, by_status: bool = True) -> bool:
        """Whether a pattern takes the answer, or without one the whole operation."""
        return any(
            method in (None, operation.method)
            and (path.fullmatch(operation.path) if path else by_status)
            and (wanted is None or _is_in(wanted, status))
            for method, path, wanted in self._parts
        )


def _glob(path: str | None) -> re.Pattern[str] | None:
    return re.compile(re.escape(path).replace(r"\*", ".*")) if path else None


def _is_in(wanted: str, status: str | None) -> bool:
    return status is not None and (status == wanted or f"{status[0]}XX" == wanted)


def status_of(answer: Answer) -> str:
    """`200`, `4XX` or `default`, however a document spells it."""
    return "default" if answer.status.lower() == "default" else answer.status.upper()


def _points(operation: Operation, skips: _Skips) -> Iterator[tuple[str, str]]:
    # Who calls a deprecated operation gets a finding, so nothing may ask for it.
    whole = operation.deprecated or skips.takes(operation)
    for point, side in (*_answers(operation, skips), *_inputs(operation)):
        yield point, UNCOUNTED if whole else side


def _answers(operation: Operation, skips: _Skips) -> Iterator[tuple[str, str]]:
    statuses = [status_of(answer) for answer in operation.answers]
    succeeds = any(status[0] in "123" for status in statuses)
    for answer, status in zip(operation.answers, statuses, strict=True):
        # Where nothing else is promised, `default` is what success looks like.
        alone = status == "default" and not succeeds
        side = POSITIVE if alone or status[0] in "123" else NEGATIVE
        taken = skips.takes(operation, status, by_status=not alone)
        for media in answer.media or (None,):
            yield point_of_answer(status, media.range if media else ""), UNCOUNTED if taken else side


def point_of_answer(status: str, media: str = "") -> str:
    """What an answer's point is called: `200 application/json`, `204`."""
    return f"{status} {media}".strip()


def _inputs(operation: Operation) -> Iterator[tuple[str, str]]:
    for parameter in parameters_of(operation):
        side = UNCOUNTED if parameter.deprecated else INPUT
        yield given(parameter), side
        if not parameter.required:
            yield absent(parameter), side
    yield from ((point, INPUT) for point in _bodies(operation.body))


def _bodies(body: RequestBody | None) -> Iterator[str]:
    if body is None:
        return
    yield from (point_of_body(media.range) for media in body.media)
    if not body.required:
        yield NO_BODY


def parameters_of(operation: Operation) -> Iterator[Parameter]:
    """Those that a request may have or not have: a path is not called without its own."""
    for parameter in operation.parameters:
        if parameter.place != "path" and not (parameter.place == "header" and parameter.name.lower() in NO_PARAMETERS):
            yield parameter


def given(parameter: Parameter) -> str:
    """What the point is called of a request that has it."""
    return f"{parameter.place} {parameter.name}"


def absent(parameter: Parameter) -> str:
    """What the point is called of a request without it."""
    return f"no {parameter.place} {parameter.name}"


def point_of_body(media: str) -> str:
    """What the point is called of a request with such a body."""
    return f"body {media}"
