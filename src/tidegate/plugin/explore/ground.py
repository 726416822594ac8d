"""Where exploring may send what: reads anywhere, changes only to records that this run has made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidegate.contract.cases.sample import NoSample
from tidegate.plugin.cases.values import NAMED
from tidegate.session.jsonpath import dig, plant
from tidegate.settings.template import fill

if TYPE_CHECKING:
    from tidegate.contract.explore import Drawn
    from tidegate.contract.model import Operation
    from tidegate.plugin.cases.records import Pool
    from tidegate.settings import Resource

SAFE = ("GET", "HEAD", "OPTIONS")


class Ground:
    """Puts own records into requests that were drawn."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._settings = pool, pool.settings

    def why_not(self, operation: Operation) -> str:
        """Why the operation is left alone; empty where it may be explored."""
        if operation.method in SAFE or self._is_login(operation) or self._pool.made_by(operation):
            return ""
        if operation.method == "POST":
            return "it may make what nobody would remove: it is the create of no declared resource"
        names = NAMED.findall(operation.path)
        if not names or not all(name in self._pool.fillers(operation.path, {}) for name in names):
            return "it may change what no test has made: its path names no record of a declared resource"
        return ""

    def above(self, operation: Operation, base_url: str) -> str:
        """The URL below which the document's path of the operation is."""
        path, placed = operation.path, self._pool.place(operation.path)
        if placed.endswith(path):
            return base_url + placed.removesuffix(path)
        return base_url.removesuffix(path.removesuffix(placed))

    def records(self, operation: Operation, drawn: Drawn) -> dict[str, str]:
        """The resource of each parameter of the path that is to be the id of an own record."""
        if operation.method in SAFE and not drawn.own:
            return {}
        return self._pool.fillers(operation.path, {})

    def arrange(self, operation: Operation, drawn: Drawn) -> None:
        """Names own records in the path, and gives what will be made the marker by which clean-up knows it."""
        records = self.records(operation, drawn)
        known = self._settings.contract.values if drawn.legal else {}
        said = {name: known[name] for name in NAMED.findall(operation.path) if name in known}
        drawn.name(said | {name: self._pool.record(resource).id for name, resource in records.items()})
        made = self._pool.made_by(operation)
        last = next(reversed(NAMED.findall(operation.path)), "")
        about = made or self._pool.resources.get(records.get(last, ""))
        if about and drawn.body is not None:
            self._mark(operation, about, drawn.body, whole=drawn.legal and bool(made))

    def gone(self, operation: Operation) -> None:
        """Forgets the record that was deleted."""
        for resource in self._pool.fillers(operation.path, {}).values():
            self._pool.drop(resource)

    def _is_login(self, operation: Operation) -> bool:
        login = self._settings.login
        return (operation.method, self._pool.place(operation.path)) == (login.method, login.path)

    def _mark(self, operation: Operation, resource: Resource, body: dict[str, Any], *, whole: bool) -> None:
        """`whole`: a body that is to be accepted, so that marker and parent are put in where they are missing."""
        inner = dig(body, resource.record) if resource.record else body
        inside = inner if isinstance(inner, dict) else body
        if resource.marker and (whole or isinstance(dig(inside, resource.marker), str)):
            plant(inside, resource.marker, self._marker(operation, resource, dig(inside, resource.marker)))
        if whole and resource.parent and resource.parent_field:
            plant(inside, resource.parent_field, self._pool.record(resource.parent).id)

    def _marker(self, operation: Operation, resource: Resource, drawn: object) -> object:
        unique = self._pool.unique
        known = {"unique": unique(), "name": unique.name(), "email": unique.email(), "id": unique()}
        template = self._template(operation) if resource.body == {} else resource.body
        said = dig(template, resource.marker or "")
        found = fill(said, {**known, "parent.id": "", "admin.email": ""}) if isinstance(said, str) else ""
        if isinstance(found, str) and found.startswith(unique.marker):
            return found
        return known["email"] if "@" in str(drawn) else known["unique"]

    def _template(self, operation: Operation) -> Mapping[str, Any]:
        try:
            found = self._pool.template(operation)
        except NoSample:
            return {}
        return found if isinstance(found, Mapping) else {}
