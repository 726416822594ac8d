"""The records that negative cases are tried on: one of each resource for all of them, until one is harmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from tidegate.contract.cases.paths import fillers, is_of
from tidegate.plugin.contract.judging import judging

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.model import Operation
    from tidegate.records import Made
    from tidegate.session.collection import Collection, Record
    from tidegate.session.ledger import Ledger
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings


class Pool:
    """Makes records of the declared resources when they are asked for, and right bodies; removes them at its end.

    `place` gives the path of an operation below the base URL.
    """

    def __init__(
        self,
        operations: Iterable[Operation],
        place: Callable[[str], str],
        settings: Settings,
        resources: Iterable[Resource],
        admin: httpx.Client,
        unique: Unique,
        ledger: Ledger,
    ) -> None:
        from tidegate.session.making import Collections, Maker

        self.place, self.settings, self.unique, self.ledger = place, settings, unique, ledger
        operations = tuple(operations)
        declared = [with_body(each, operations, place, settings) for each in resources]
        self.resources: Mapping[str, Resource] = {each.name: each for each in declared}
        self._collections = Collections(admin, declared)
        self._maker = Maker(self._collections, unique, ledger, settings.admin_email)
        self._made: dict[str, Record] = {}
        self._seen: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with judging(False):
            self._maker.undo()

    def record(self, name: str) -> Record:
        """The record of this resource that cases share."""
        if name not in self._made:
            above = self.resources[name].parent
            self._made[name] = self._maker(name, parent=self.record(above)) if above else self._maker(name)
        return self._made[name]

    def records(self, name: str) -> Collection:
        """All records of this resource, below the shared parent."""
        above = self.resources[name].parent
        return self._collections(name, self.record(above) if above else None)

    def drop(self, name: str) -> None:
        """Forgets a record that may have been harmed, and what belongs to it: the next case gets a new one."""
        for each in self.resources.values():
            if each.parent == name:
                self.drop(each.name)
        self._made.pop(name, None)
        self._seen.pop(name, None)

    def replace(self, name: str) -> None:
        """Removes a record that may have been harmed, and what belongs to it: the next case gets a new one."""
        for each in self.resources.values():
            if each.parent == name:
                self.replace(each.name)
        if name in self._made:
            self.remove(self.records(name), self._made[name].id)
        self.drop(name)

    def made_since(self, count: int) -> Sequence[Made]:
        """What the ledger has of records that were made when it had counted so many."""
        more = self.ledger.count - count
        return self.ledger.outstanding()[-more:] if more else []

    def remove_made(self, made: Iterable[Made]) -> None:
        """Removes what is left of these."""
        for each in made:
            if self.ledger.has_made(each.resource, each.id, self.resources[each.resource].scope(each.parent)):
                self.remove(self._collections(each.resource, each.parent), each.id)

    def remove(self, records: Collection, record_id: int | str) -> None:
        """Deletes a record; what the API refuses stays to the clean-up."""
        from tidegate.errors import WriteRefused
        from tidegate.session.answers import NotUnderstood
        from tidegate.session.http import httpx

        with suppress(httpx.HTTPError, NotUnderstood, WriteRefused):
            records.send("delete", record_id)

    def seen(self, name: str) -> Any:
        """What the shared record said when it was last looked at."""
        if name not in self._seen:
            self.look(name)
        return self._seen[name]

    def look(self, name: str) -> Any:
        """The shared record as it is now; None when it is gone."""
        found = self.records(name).find(self.record(name).id)
        self._seen[name] = None if found is None else found.body
        return self._seen[name]

    def fillers(self, path: str, named: Mapping[str, str]) -> dict[str, str]:
        """The resource that each parameter of an operation's path is the id of."""
        return fillers(self.place(path), self.resources.values(), named)

    def made_by(self, operation: Operation) -> Resource | None:
        """The resource whose create this operation is."""
        return self._declaring(operation, "create")

    def parent_of(self, operation: Operation) -> int | str | None:
        """The id of the shared record to which what the operation makes or changes belongs."""
        resource = self.made_by(operation) or self._declaring(operation, "update")
        return self.record(resource.parent).id if resource and resource.parent else None

    def _declaring(self, operation: Operation, action: str) -> Resource | None:
        path = self.place(operation.path)
        return next((each for each in self.resources.values() if is_of(operation.method, path, each, action)), None)

    def template(self, operation: Operation) -> Any:
        """A right body of the operation, with placeholders; None where it takes no JSON. Raises NoSample."""
        return _template(operation, tuple(self.resources.values()), self.place, self.settings)


def with_body(
    resource: Resource, operations: tuple[Operation, ...], place: Callable[[str], str], settings: Settings
) -> Resource:
    """The resource with a body that makes one, which the document can tell where the settings do not."""
    from tidegate.contract.cases import NoSample

    path = next((each for each in operations if is_of(each.method, place(each.path), resource, "create")), None)
    if resource.body or path is None:
        return resource
    try:
        body = _template(path, (resource,), place, settings)
    except NoSample:
        return resource
    return replace(resource, body=body) if isinstance(body, dict) else resource


def _template(
    operation: Operation, resources: tuple[Resource, ...], place: Callable[[str], str], settings: Settings
) -> Any:
    from tidegate.contract.cases.templates import template_of

    return template_of(replace(operation, path=place(operation.path)), resources, settings.contract.values)
