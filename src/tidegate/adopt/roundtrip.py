"""One record of a resource there and back: what `doctor` tries on an API that may be written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from tidegate.settings import Resource

IGNORED = " (the API ignores the filter: clean-up then looks at every record, and removes only those with the marker)"


class Record(Protocol):
    """A record as the API showed it."""

    @property
    def id(self) -> int | str:
        """Its id."""

    @property
    def path(self) -> str:
        """Where it is."""

    @property
    def body(self) -> Mapping[str, Any]:
        """What it holds."""


class Records(Protocol):
    """The requests of one resource."""

    @property
    def resource(self) -> Resource:
        """What is declared."""

    def read(self, record_id: int | str) -> Record:
        """The record."""

    def find(self, record_id: int | str) -> Record | None:
        """The record; None when it is gone."""

    def list(self, **values: int | str) -> Iterable[Record]:
        """The records that the filter shows."""

    def update(self, record_id: int | str, change: Mapping[str, Any]) -> Record:
        """The changed record."""

    def delete(self, record_id: int | str) -> None:
        """Deletes it."""


@dataclass(frozen=True, slots=True)
class Example:
    """The requests of one resource, a way to make a record of it, and a new body for an update."""

    records: Records
    make: Callable[[], Record]
    change: Callable[[], dict[str, Any]]


class Misfit(Exception):  # noqa: N818  said by the name
    """A setting does not fit what the API does; its text says which."""


def round_trip(example: Example, prefix: str, refusals: tuple[type[Exception], ...]) -> str:
    """What was done, for a line; raises Misfit, with what to change, at the first step that fails."""
    trip = _Trip(example, prefix, refusals)
    trip.create()
    trip.find()
    trip.change()
    trip.delete()
    return ", ".join(trip.done)


class _Trip:
    def __init__(self, example: Example, prefix: str, refusals: tuple[type[Exception], ...]) -> None:
        self.example = example
        self.resource = example.records.resource
        self.prefix = prefix
        self.refusals = refusals
        self.done: list[str] = []

    def create(self) -> None:
        try:
            self.record = self.example.make()
        except self.refusals as error:
            raise self._misfit(error, "body, create, path and id; the parent's too, where there is one") from None
        try:
            shown = self.example.records.read(self.record.id).body
        except self.refusals as error:
            raise self._misfit(error, "read and id") from None
        marker = self.resource.marker
        if marker and not self.resource.parent and not str(_dig(shown, marker)).startswith(self.prefix):
            raise Misfit(
                f"{self.record.path} shows {marker} = {_dig(shown, marker)!r}, which does not start with {self.prefix}:"
                " let body set the marker to {name}, {unique} or {email}"
            )
        self.done += ["created", "read"]

    def find(self) -> None:
        if not self.resource.filter:
            self.done.append("not listed (no filter: clean-up knows what the ledger holds)")
            return
        try:
            listed = {str(record.id) for record in self.example.records.list(prefix=self.prefix)}
        except self.refusals as error:
            raise self._misfit(error, "list, filter, items and paging") from None
        if str(self.record.id) not in listed:
            raise Misfit(
                f"filter {self.resource.filter!r} lists {len(listed)} records, and not the one that was just made:"
                " check filter, items and paging"
            )
        self.done.append("listed" + (IGNORED if self._is_ignored() else ""))

    def _is_ignored(self) -> bool:
        """Whether the list shows something also for a prefix that no record has."""
        if "{prefix}" not in f"{self.resource.filter}{self.resource.list_body}":
            return False
        try:
            return any(True for _ in self.example.records.list(prefix=f"{self.prefix}{uuid4().hex}"))
        except self.refusals:
            return False

    def change(self) -> None:
        change = self.example.change()
        if not change:
            return
        try:
            self.example.records.update(self.record.id, change)
        except self.refusals as error:
            raise self._misfit(error, "update and change") from None
        self.done.append("changed")

    def delete(self) -> None:
        try:
            self.example.records.delete(self.record.id)
            left = self.example.records.find(self.record.id)
        except self.refusals as error:
            raise self._misfit(error, "delete; and missing or gone, for what a deleted record looks like") from None
        if left is not None:
            raise Misfit(f"{left.path} can still be read after its delete: check delete; or set gone for a soft delete")
        self.done.append("deleted")

    def _misfit(self, error: Exception, keys: str) -> Misfit:
        said = " ".join(str(error).split("\n", 1)[0].split())
        return Misfit(f"{said}: check {keys} in [tool.tidegate.resources.{self.resource.name}]")


def _dig(record: Mapping[str, Any], path: str) -> Any:
    found: Any = record
    for step in path.strip("/").replace("/", ".").split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
