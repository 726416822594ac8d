"""The table as cases: who asks, for whose record, and whether that is to be allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.contract.access.place import COLLECTION, RECORD, Place
from tidegate.contract.access.rows import missing_cell, missing_row, stale_row
from tidegate.contract.access.table import ALLOW, DENY, MAKER, OWN, Role, Table
from tidegate.contract.model import Operation

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Item:
    """One case. `whose` record it is, if that matters; `fixed`, what must not be set; `problem`: it fails as it is.

    `once` is a role that the account had when it logged in; `gone`: the account is deleted before it asks.
    """

    role: Role
    operation: Operation
    place: Place
    cell: str = ""
    allowed: bool = False
    whose: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    once: Role | None = None
    gone: bool = False
    problem: str = ""

    @property
    def id(self) -> str:
        """As pytest shows it: `viewer DELETE /things/{id}`, `viewer GET /things/{id} of another`."""
        who = f"{self.once.name} turned {self.role.name}" if self.once else self.role.name
        ends = {THEIRS: f" {'for' if self.place.action == 'create' else 'of'} another"}
        setting = f" setting {', '.join(self.fixed)}" if self.fixed else ""
        return f"{'deleted ' * self.gone}{who} {self.operation.name}{ends.get(self.whose, '')}{setting}"


Places = Mapping[str, Place]


def items(table: Table, operations: Iterable[Operation], places: Places) -> list[tuple[str, Item | str]]:
    """All cases by their ids; a text where there is none to run, since the table does not say what it must."""
    found: list[tuple[str, Item | str]] = []
    known = {operation.name: operation for operation in operations}
    for name, operation in known.items():
        row = table.rows.get(name)
        if row is None:
            found.append((f"{name} without a row", missing_row(table, operation)))
            continue
        for role in table.roles.values():
            if role.name in row:
                made = list(_of_cell(table, role, operation, places[name], row[role.name]))
                found += [(item.id, item.problem or item) for item in made]
            else:
                found.append((f"{role.name} {name}", missing_cell(table, role.name, name)))
    gone = [name for name in table.rows if name not in known]
    return found + [(f"{name} without an operation", stale_row(table, name, known)) for name in gone]


def _of_cell(table: Table, role: Role, operation: Operation, place: Place, cell: str) -> Iterator[Item]:
    def item(allowed: bool, whose: str = "", **more: Any) -> Item:
        return Item(role, operation, place, cell, allowed, whose, **more)

    owns = table.can_own(role, place.name)
    if cell == OWN and not owns:
        yield item(False, problem=_no_owner(table, role, operation, place))
    elif cell == OWN:
        yield item(True, MINE)
        if place.kind == RECORD or _can_ask_for_others(table, role, place):
            yield item(False, THEIRS)
    elif cell == DENY and owns and place.kind == RECORD and place.action != "create":
        yield item(False, MINE)
        yield item(False, THEIRS)
    else:
        yield item(cell == ALLOW, MINE if cell == DENY and owns else "")
    if cell != DENY and role.make and place.action in ("create", "update"):
        for name, value in table.fixed.get(place.name, {}).items():
            yield item(False, MINE if owns else "", fixed={name: value})


def _can_ask_for_others(table: Table, role: Role, place: Place) -> bool:
    """Whether a request about a collection can name whose records it is about."""
    shown = table.owner.get(place.name)
    if place.kind != COLLECTION or place.name == role.make or shown == MAKER:
        return False
    if place.action == "list":
        return bool(place.resource and "parent.id" in place.resource.listed_by) and not shown
    return place.action == "create"


def _no_owner(table: Table, role: Role, operation: Operation, place: Place) -> str:
    if not place.name:
        why = "it is about no declared resource"
        then = f"write allow or deny, or declare [tool.tidegate.resources] for {operation.path}"
    else:
        why = f"nothing says whose a record of {place.name} is"
        then = f'write [owner] {place.name} = {{ … = "{{id}}" }}, the field that names an account, or "{MAKER}"'
    return (
        f"{table.name} says that {role.name} may do {operation.name} to what is its own, and not what that is\n"
        f"  seen: {why}\n  next: {then}"
    )
