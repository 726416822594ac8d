"""What a case of who may do what is tried on: a record that the tests made, whose it is, and the request to send."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tidegate.contract.access import MAKER, MINE, RECORD, THEIRS
from tidegate.contract.cases import NoSample, sample
from tidegate.contract.cases.negative import json_of
from tidegate.errors import UsageError
from tidegate.session.jsonpath import dig, identity
from tidegate.settings.template import fill

if TYPE_CHECKING:
    from tidegate.contract.access import Item, Role, Table
    from tidegate.plugin.cases.accounts import Person
    from tidegate.session.collection import Collection, Record
    from tidegate.session.making import Collections, Maker
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings


@dataclass(frozen=True, slots=True)
class Aim:
    """A request; `records` are the admin's view of what it is about, `record` the one that must stay as it is."""

    method: str
    path: str
    body: Any = None
    way: str = "json"
    records: Collection | None = None
    record: Record | None = None
    own: Record | None = None
    chosen: int | str | None = None


@dataclass(frozen=True, slots=True)
class Aims:
    """Makes what cases need, as the admin; it goes after each case."""

    table: Table
    settings: Settings
    collections: Collections
    unique: Unique

    def of(self, item: Item, person: Person, maker: Maker) -> Aim:
        """What `person` sends in this case."""
        __tracebackhide__ = True
        if item.place.action == "create":
            return self._create(item, person, maker)
        if item.place.kind == RECORD:
            return self._on_record(item, person, maker)
        if item.place.action == "list":
            return self._list(item, person, maker)
        if (item.operation.method, item.place.path) == (self.settings.login.method, self.settings.login.path):
            return self._login(item, person)
        return Aim(item.operation.method, self._filled(item, {}), self._body(item, person), self._way(item))

    def _create(self, item: Item, person: Person, maker: Maker) -> Aim:
        fields = self._belonging(item.place.name, self._owner(item, person, maker), maker)
        said = self._said(item, person) or {}
        records, body, chosen = maker.prepared(item.place.name, **{**said, **fields, **item.fixed})
        path = self._filled(item, {"id": chosen, "parent.id": records.parent})
        return Aim(item.operation.method, path, body, records=records, chosen=chosen)

    def _on_record(self, item: Item, person: Person, maker: Maker) -> Aim:
        records, record = self.record(item, person, maker)
        path = self._filled(item, {"id": record.id, "parent.id": records.parent})
        if item.place.action == "update":
            body: Any = self._change(item, person, records, maker)
        else:
            body = None if item.place.action in ("read", "delete") else self._body(item, person)
        return Aim(item.operation.method, path, body, self._way(item), records, record)

    def _change(self, item: Item, person: Person, records: Collection, maker: Maker) -> Any:
        """What changes a record: the table's word, the settings', else what the document makes of it."""
        if records.resource.change and item.operation.name not in self.table.bodies:
            return maker.change(item.place.name, records.parent, **item.fixed)
        body = self._body(item, person)
        return {**body, **item.fixed} if isinstance(body, dict) else body

    def _list(self, item: Item, person: Person, maker: Maker) -> Aim:
        if not item.whose:
            records, record = self.record(item, person, maker)
            return Aim(item.operation.method, self._filled(item, {"parent.id": records.parent}), records=records)
        mine, own = self.record(replace(item, whose=MINE), person, maker)
        theirs, record = self.record(replace(item, whose=THEIRS), person, maker)
        records = mine if item.whose == MINE else theirs
        path = self._filled(item, {"parent.id": records.parent})
        return Aim(item.operation.method, path, records=records, record=record, own=own)

    def _login(self, item: Item, person: Person) -> Aim:
        login = self.settings.login
        known = {"email": person.email, "password": person.password, "csrf": ""}
        body = fill(login.fields, {**known, "client_secret": login.client_secret or ""})
        return Aim(item.operation.method, login.path, body, "json" if login.kind == "json" else "data")

    def record(self, item: Item, person: Person, maker: Maker) -> tuple[Collection, Record]:
        """The record that the case is about: of the person, of another, or of whoever."""
        __tracebackhide__ = True
        name, role = item.place.name, item.role
        if item.whose == MINE and name == role.make and person.record:
            return self.collections(name), person.record
        fields = {} if name == role.make else self._belonging(name, self._owner(item, person, maker), maker)
        records, body, chosen = maker.prepared(name, **fields)
        if item.whose == MINE and self.table.owner.get(name) == MAKER:
            made = records.using(person.client).create(body, chosen)
            maker.also(records, made)
            return records, made
        return records, maker.create(records, body, chosen)

    def _owner(self, item: Item, person: Person, maker: Maker) -> Record | None:
        """The account that the record is to belong to."""
        if item.whose == MINE:
            return person.record
        return maker(item.role.make) if item.whose == THEIRS and item.role.make else None

    def _belonging(self, name: str, owner: Record | None, maker: Maker) -> dict[str, Any]:
        """The fields by which a new record belongs to an account, itself or through its parent."""
        shown, parent = self.table.owner.get(name), self.table.parents.get(name)
        if owner is None or shown == MAKER:
            return {}
        if isinstance(shown, Mapping):
            filled: dict[str, Any] = fill(shown, {**owner.body, "id": owner.id})
            return filled
        if not parent:
            return {}
        accounts = {role.make for role in self.table.roles.values()}
        return {"parent": owner if parent in accounts else maker(parent, **self._belonging(parent, owner, maker))}

    def belongs(self, record: Record, resource: Resource, account: Record, role: Role) -> bool | None:
        """Whether the record says that it belongs to this account; None when it says nothing."""
        if resource.name == role.make:
            return str(record.id) == str(account.id)
        shown = self.table.owner.get(resource.name)
        if isinstance(shown, Mapping):
            ours = fill(shown, {**account.body, "id": account.id})
            said = {field: dig(record.body, field) for field in ours}
            return None if None in said.values() else said == ours
        field = resource.parent_field if resource.parent == role.make else None
        owner = identity(dig(record.body, field)) if field else None
        return None if owner is None else str(owner) == str(account.id)

    def _filled(self, item: Item, ids: Mapping[str, Any]) -> str:
        known = {parameter.name: parameter for parameter in item.operation.parameters if parameter.place == "path"}
        path = item.place.path
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        for name, parameter in known.items():
            if f"{{{name}}}" in path:
                value = self.settings.contract.values.get(name)
                if value is None:
                    with suppress(NoSample):
                        value = sample(parameter.schema) if parameter.schema else None
                path = path.replace(f"{{{name}}}", quote(str(1 if value is None else value), safe=""))
        return path

    def _body(self, item: Item, person: Person) -> Any:
        name, media = item.operation.name, json_of(item.operation)
        if said := self._said(item, person):
            return said
        if item.operation.body is None or media is None or media.schema is None:
            return None
        try:
            return sample(media.schema, self.settings.contract.values)
        except NoSample as why:
            raise UsageError(
                f"{name} needs a body, and none could be made from the document\n  seen: {why}\n"
                f'  next: say in {self.table.name} what it takes: [bodies] "{name}" = {{ … }}'
            ) from None

    def _said(self, item: Item, person: Person) -> Any:
        """The body that the table has for the operation."""
        template = self.table.bodies.get(item.operation.name)
        return None if template is None else fill(template, self._known(person))

    def _known(self, person: Person) -> dict[str, Any]:
        """What a body of the table may ask for."""
        account = {"email": person.email, "password": person.password, "id": person.record and person.record.id}
        admin = {"email": self.settings.admin_email, "password": self.settings.admin_password}
        known = {f"account.{name}": value for name, value in account.items()}
        known |= {f"admin.{name}": value for name, value in admin.items()}
        return known | {"unique": self.unique(), "name": self.unique.name(), "email": self.unique.email()}

    def _way(self, item: Item) -> str:
        body = item.operation.body
        form = body and all(media.range == "application/x-www-form-urlencoded" for media in body.media)
        return "data" if form else "json"
