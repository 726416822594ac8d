"""Which tests would be the cheapest to add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from tidegate.contract.coverage.coverage import Coverage
from tidegate.contract.coverage.points import INPUT, NEGATIVE, NO_BODY, POSITIVE, Row

MOST = 5
NAMED = 2
# What it takes: a request, a request that is allowed to change something, a record of one's own, more than that.
ASK, SEND, OWN, ARRANGE = 1, 2, 3, 4
GENERATED = frozenset({"400", "401", "404", "405", "415", "422"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A test worth adding: to which operations, which status it would see, and how; `gain` in points."""

    cost: int
    gain: int
    operations: tuple[str, ...]
    status: str
    how: str

    def __str__(self) -> str:
        named = ", ".join(self.operations[:NAMED])
        more = f" and {len(self.operations) - NAMED} more" if len(self.operations) > NAMED else ""
        return f"{named}{more}{f' {self.status}' if self.status else ''}: {self.how}"


def suggestions(coverage: Coverage, most: int = MOST) -> list[Suggestion]:
    """The cheapest tests to add, and of those the ones that cover most; alike ones are one, as a parametrised test."""
    single = (each for row in coverage.rows for each in _of(row, coverage))
    return sorted(_together(single), key=lambda each: (each.cost, -each.gain, each.operations, each.status))[:most]


def generated(coverage: Coverage) -> int:
    """How many of the refusals that were not seen `negative_cases()` makes a test for."""
    return sum(point[:3] in GENERATED for row in coverage.rows for point in coverage.unseen(row, NEGATIVE))


def _together(single: Iterable[Suggestion]) -> Iterator[Suggestion]:
    def kind(each: Suggestion) -> tuple[int, str, str]:
        return each.cost, each.status, each.how

    for (cost, status, how), group in groupby(sorted(single, key=kind), key=kind):
        alike = list(group)
        yield Suggestion(
            cost, sum(each.gain for each in alike), tuple(each.operations[0] for each in alike), status, how
        )


def _of(row: Row, coverage: Coverage) -> Iterator[Suggestion]:
    if not any(coverage.has_seen(row, point) for point in row.of(POSITIVE)):
        yield from _first_call(row, coverage)
    if not coverage.has_seen(row):
        return
    for point in coverage.unseen(row, NEGATIVE):
        cost, how = _refusal(row, point[:3])
        yield Suggestion(cost, 1, (row.operation,), _status(point), how)
    if any(coverage.has_seen(row, point) for point in row.of(POSITIVE)):
        yield from _inputs(row, coverage)
        yield from _further(row, coverage)


def _status(point: str) -> str:
    return point.partition(" ")[0]


def _method(row: Row) -> str:
    return row.operation.partition(" ")[0]


def _takes_body(row: Row) -> bool:
    return any(point.startswith("body ") for point in row.points)


def _first_call(row: Row, coverage: Coverage) -> Iterator[Suggestion]:
    """The call that the API answers well, of an operation that nobody has called, or that was always refused."""
    promised = list(row.of(POSITIVE))
    if not promised:
        return
    own = "{" in row.operation
    reads = _method(row) in ("GET", "HEAD", "OPTIONS")
    cost = (SEND if own else ASK) if reads else OWN
    how = {ASK: "call it", SEND: "call it with the id of a record that a test has made"}.get(cost, "")
    how = how or ("call it on a record of the test's own" if own else "send it what it takes")
    news = coverage.unseen(row, INPUT)
    given = sum(not point.startswith("no ") for point in news)
    status = _status(promised[0]).replace("default", "")
    so_far = ", so far it was only refused" if coverage.has_seen(row) else ""
    yield Suggestion(cost, 1 + max(given, len(news) - given), (row.operation,), status, how + so_far)


def _refusal(row: Row, status: str) -> tuple[int, str]:
    """What provokes a status (RFC 9110, 15.5, and RFC 6585), and what it takes."""
    named = "{" in row.operation
    sends = _takes_body(row)
    queried = any(point.startswith("query ") for point in row.points)
    bare = ", with no body to write" if not sends else ""
    ways = {
        "401": (ASK, "call it without a token"),
        "404": (SEND if sends else ASK, f"ask for an unknown id{bare}") if named else (ARRANGE, ""),
        "405": (ASK, "call it with another method"),
        "406": (ASK, "ask with Accept: application/unknown"),
        "403": (SEND, "call it as an identity that may not"),
        "415": (SEND, "send the body as text/plain"),
        "409": (OWN, "delete one that others need" if _method(row) == "DELETE" else "do it twice, or out of turn"),
        "412": (OWN, "send If-Match with an old ETag"),
        "413": (SEND, "send a body that is too large"),
        "428": (ASK, "leave out If-Match"),
    }
    if status in ("400", "422"):
        wrong = "leave out a required field" if sends else "give a parameter a malformed value"
        return (SEND, wrong) if sends else (ASK, wrong + bare) if queried or named else (ARRANGE, _otherwise(status))
    cost, how = ways.get(status, (ARRANGE, ""))
    return cost, how or _otherwise(status)


def _otherwise(status: str) -> str:
    return f"bring it to answer {status}"


def _inputs(row: Row, coverage: Coverage) -> Iterator[Suggestion]:
    """What a request that succeeds already could have, or leave out, as well."""
    cost = SEND if _takes_body(row) else ASK
    news = [point for point in coverage.unseen(row, INPUT) if not point.startswith("body ") and point != NO_BODY]
    missing = [point for point in news if not point.startswith("no ")]
    present = [point.removeprefix("no ") for point in news if point.startswith("no ")]
    for points, verb in ((missing, "give"), (present, "leave out")):
        if points:
            yield Suggestion(cost, len(points), (row.operation,), "", f"{verb} {_list(points)} once")
    for point in coverage.unseen(row, INPUT):
        if point.startswith("body "):
            yield Suggestion(SEND, 1, (row.operation,), "", f"send {point.removeprefix('body ')} once")
        elif point == NO_BODY:
            yield Suggestion(ASK, 1, (row.operation,), "", "send no body once")


def _list(points: list[str]) -> str:
    return ", ".join(points[:3]) + (f" and {len(points) - 3} more" if len(points) > 3 else "")


def _further(row: Row, coverage: Coverage) -> Iterator[Suggestion]:
    """Answers of other statuses or media types than those that came."""
    came = {_status(point) for point in row.of(POSITIVE) if coverage.has_seen(row, point)}
    ways = {"304": (SEND, "send If-None-Match with the ETag of its answer"), "206": (SEND, "ask with Range: bytes=0-0")}
    for point in coverage.unseen(row, POSITIVE):
        status, _, media = point.partition(" ")
        asked = (ASK, f"ask with Accept: {media}") if status in came and media else None
        cost, how = asked or ways.get(status, (ARRANGE, _otherwise(status)))
        yield Suggestion(cost, 1, (row.operation,), status, how)
