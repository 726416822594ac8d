"""What of the document the tests have seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, Protocol

from tidegate.contract.coverage.points import INPUT, NEGATIVE, POSITIVE, SIDES, SKIPPED, Row, rows_of
from tidegate.contract.coverage.seen import CALLED, seen_by
from tidegate.contract.coverage.shares import Share, Tally, shown
from tidegate.contract.model import Bound, Operation
from tidegate.errors import UsageError
from tidegate.records import Exchange

FORMAT = 1


class Documented(Protocol):
    """Whatever has operations."""

    @property
    def operations(self) -> Iterable[Operation]:
        """All of them."""


class Coverage:
    """The points of a document, and those that were seen.

    Nothing is counted while tests run: points are kept in sets, so that it does not matter in how many processes and
    shards they were seen, nor how often.
    """

    def __init__(self, document: Documented, skip: Sequence[str] = SKIPPED) -> None:
        self._rows = rows_of(document.operations, skip)
        self._seen: dict[str, set[str]] = {name: set() for name in self._rows}

    @classmethod
    def of_json(cls, plain: Mapping[str, Any]) -> Coverage:
        """What `to_json` has told, without the document."""
        made = cls.__new__(cls)
        made._rows = {row.operation: row for row in map(_row, plain["operations"])}
        made._seen = {name: set() for name in made._rows}
        made.merge(plain)
        return made

    def add(self, exchange: Exchange, bound: Bound) -> None:
        """Takes over what the exchange shows."""
        operation = bound.operation
        if operation is None or operation.name not in self._rows:
            return
        self._seen[operation.name].update(seen_by(exchange, operation))

    def merge(self, other: Mapping[str, Any]) -> None:
        """Takes over what another process or shard has told with `to_json`; raises UsageError of another document's."""
        for told in other["operations"]:
            name = told["operation"]
            if self._rows.get(name) != _row(told):
                raise UsageError(_differs(name, known=name in self._rows))
            points = (point for side in SIDES for point, was_seen in told[side].items() if was_seen)
            self._seen[name].update(points, [CALLED] * told["called"])
        if missing := self._rows.keys() - {told["operation"] for told in other["operations"]}:
            raise UsageError(_differs(min(missing), known=False))

    @property
    def rows(self) -> Iterable[Row]:
        """The operations with their points, by resource."""
        return self._rows.values()

    def has_seen(self, row: Row, point: str = CALLED) -> bool:
        """Whether a test has seen the point; without one, whether one has called the operation."""
        return point in self._seen[row.operation]

    def unseen(self, row: Row, *sides: str) -> list[str]:
        """The points of these sides that nobody has seen."""
        return [point for point in row.of(*sides) if not self.has_seen(row, point)]

    def never_called(self) -> list[str]:
        """The operations that are asked for, and that nobody has called."""
        return [row.operation for row in self.rows if row.counted and not self.has_seen(row)]

    def by_resource(self) -> dict[str, Tally]:
        """How much is covered of each resource."""
        found: dict[str, Tally] = {}
        for row in self.rows:
            found[row.resource] = found.get(row.resource, Tally()) + self._tally(row)
        return found

    @property
    def tally(self) -> Tally:
        """How much is covered of all."""
        return reduce(add, self.by_resource().values(), Tally())

    @property
    def percent(self) -> Fraction:
        """How much is covered of all, exactly."""
        return self.tally.overall.percent

    def _tally(self, row: Row) -> Tally:
        shares = []
        for side in (POSITIVE, NEGATIVE, INPUT):
            points = list(row.of(side))
            shares.append(Share(sum(self.has_seen(row, point) for point in points), len(points)))
        return Tally(Share(int(row.counted and self.has_seen(row)), int(row.counted)), *shares)

    def to_json(self) -> dict[str, Any]:
        """As plain data, the same for the same points, however they were come by."""
        resources = {name: _told(tally) for name, tally in self.by_resource().items()}
        return {"format": FORMAT, **_told(self.tally), "resources": resources, "operations": self._operations()}

    def _operations(self) -> list[dict[str, Any]]:
        return [
            {
                "operation": row.operation,
                "resource": row.resource,
                "called": self.has_seen(row),
                **{side: {point: self.has_seen(row, point) for point in row.of(side)} for side in SIDES},
            }
            for row in self.rows
        ]


def _told(tally: Tally) -> dict[str, Any]:
    overall = tally.overall
    whole = {"percent": float(shown(overall.percent)), "covered": overall.covered, "points": overall.total}
    sides = {"called": tally.operations, POSITIVE: tally.positive, NEGATIVE: tally.negative, INPUT: tally.input}
    return whole | {side: [share.covered, share.total] for side, share in sides.items()}


def _row(told: Mapping[str, Any]) -> Row:
    return Row(told["operation"], told["resource"], {point: side for side in SIDES for point in told[side]})


def _differs(operation: str, *, known: bool) -> str:
    seen = f"{operation} has other answers or parameters in one" if known else f"only some have {operation}"
    return (
        "coverage of different documents cannot be merged\n"
        f"  seen: {seen}\n"
        "  next: run all shards against the same build of the API, with the same contract.skip_coverage"
    )
