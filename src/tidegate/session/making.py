"""Records that tests ask for by the name of their resource, made from its declared body."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Self

from tidegate.errors import UsageError, WriteRefused
from tidegate.redact import mask
from tidegate.session.answers import Record
from tidegate.session.collection import Collection
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, identity, plant
from tidegate.session.ledger import Ledger
from tidegate.session.run import Unique
from tidegate.settings import Resource
from tidegate.settings.template import fill, placeholders


class Collections:
    """`collection("things")` gives the records of that resource as `client` may see them."""

    def __init__(self, client: httpx.Client, resources: Iterable[Resource]) -> None:
        self._client = client
        self._resources = {resource.name: resource for resource in resources}

    def __call__(self, name: str, /, parent: Record | int | str | None = None) -> Collection:
        """The records of the resource, below `parent` where its path wants one."""
        if name not in self._resources:
            declared = ", ".join(self._resources) or "none"
            raise UsageError(
                f"{name!r} is not a declared resource; declared are {declared}\n"
                f"  next: declare it as [tool.tidegate.resources.{name}] in pyproject.toml"
            )
        return Collection(self._client, self._resources[name], parent.id if isinstance(parent, Record) else parent)


class _Unfilled(dict[str, str]):
    """Leaves each placeholder as it is, which makes `fill` a copy."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


class Maker:
    """`make("things", size=7)` makes one, and first its parent where it needs one; `undo` removes what was made."""

    def __init__(self, collections: Collections, unique: Unique, ledger: Ledger, admin_email: str | None) -> None:
        self._collections = collections
        self._unique = unique
        self._ledger = ledger
        self._admin_email = admin_email
        self._made: list[tuple[Collection, Record, bool]] = []

    def __call__(self, name: str, /, **fields: Any) -> Record:
        """A new record of the resource: its declared body with these fields in it; `parent` may be a record."""
        __tracebackhide__ = True
        return self.create(*self.prepared(name, **fields))

    def prepared(self, name: str, /, **fields: Any) -> tuple[Collection, dict[str, Any], int | str | None]:
        """What makes such a record, for somebody else to send: where, the body, and the id where it is chosen."""
        __tracebackhide__ = True
        resource = self._collections(name).resource
        body = fill(resource.body, _Unfilled())
        for field in fields:
            _inside(body, resource).pop(field, None)
        parent = self._parent(resource, body, fields)
        collection = self._collections(name, parent)
        values = self._values(parent)
        chosen = values["id"] = self._chosen_id(resource, body, fields, values)
        said = "parent.id" in placeholders(resource.body)
        body = fill(body, values)
        inside = _inside(body, resource)
        inside.update(fields)
        if resource.parent_field and parent is not None and not said and dig(inside, resource.parent_field) is None:
            plant(inside, resource.parent_field, parent)
        return collection, body, chosen

    def create(self, collection: Collection, body: dict[str, Any], chosen: int | str | None) -> Record:
        """The record that the admin makes of what was prepared."""
        __tracebackhide__ = True
        name = collection.resource.name
        try:
            record = collection.create(body, chosen)
        except httpx.HTTPStatusError as error:
            sent = mask(str(body))
            error.add_note(f"next: set body in [tool.tidegate.resources.{name}] to what makes one; sent was {sent}")
            raise
        self.also(collection, record)
        return record

    def also(self, collection: Collection, record: Record) -> None:
        """Takes a record that somebody else has made among those that `undo` removes."""
        self._made.append((collection, record, self._has_made(collection, record)))

    def change(self, name: str, /, parent: int | str | None = None, **fields: Any) -> dict[str, Any]:
        """The resource's declared `change` with new values and these fields in it, as a body for `update`."""
        resource = self._collections(name).resource
        body: dict[str, Any] = fill(resource.change, self._values(parent))
        _inside(body, resource).update(fields)
        return body

    def undo(self) -> None:
        """Deletes what was made and is still there, newest first; what the API refuses stays to the clean-up."""
        while self._made:
            collection, record, noted = self._made.pop()
            if not noted or self._has_made(collection, record):
                with suppress(httpx.HTTPError, WriteRefused):
                    collection.send("delete", record.id)

    def _has_made(self, collection: Collection, record: Record) -> bool:
        resource = collection.resource
        return self._ledger.has_made(resource.name, str(record.id), resource.scope(collection.parent))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.undo()

    def _values(self, parent: int | str | None) -> dict[str, Any]:
        return {
            "unique": self._unique(),
            "email": self._unique.email(),
            "name": self._unique.name(),
            "admin.email": self._admin_email,
            "parent.id": parent,
        }

    def _parent(self, resource: Resource, body: dict[str, Any], fields: dict[str, Any]) -> int | str | None:
        if resource.parent is None:
            return None
        if isinstance(fields.get("parent"), Record):
            given: Record = fields.pop("parent")
            return given.id
        if resource.parent_field and (named := identity(dig(fields, resource.parent_field))) is not None:
            return named
        asked = "parent.id" in placeholders((body, *resource.request("create")))
        planted = resource.parent_field and "parent.id" not in placeholders(resource.body)
        return self(resource.parent).id if asked or planted else None

    def _chosen_id(
        self, resource: Resource, body: dict[str, Any], fields: dict[str, Any], values: dict[str, Any]
    ) -> int | str | None:
        if "id" not in placeholders(resource.request("create")):
            return None
        declared = dig(_inside(body, resource), resource.id)
        wanted = fields.get(resource.id, "{id}" if declared is None else declared)
        return identity(fill(wanted, {**values, "id": self._unique()}))


def _inside(body: dict[str, Any], resource: Resource) -> dict[str, Any]:
    """The record's own fields in a body, which may have the envelope that answers have."""
    inner = dig(body, resource.record) if resource.record else None
    return inner if isinstance(inner, dict) else body
