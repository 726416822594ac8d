"""That a session is worth what its account is now: deleted, or of another role than at the login."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tidegate.contract.access.items import MINE, THEIRS, Item, Places
from tidegate.contract.access.place import COLLECTION, RECORD
from tidegate.contract.access.table import ALLOW, DENY, OWN, Role, Row, Table
from tidegate.contract.model import Operation
from tidegate.settings.identities import ANONYMOUS


def session_items(table: Table, operations: Mapping[str, Operation], places: Places) -> Iterator[Item]:
    """One case for each role, and one for each two of the same kind of account that differ in what they may do."""
    made = [role for role in table.roles.values() if role.make]
    for role in made:

        def used(_name: str, row: Row, role: Role = role) -> bool:
            return row.get(role.name) in (ALLOW, OWN) and row.get(ANONYMOUS) == DENY

        for name in _first(table, operations, places, used):
            whose = MINE if table.can_own(role, places[name].name) else ""
            yield Item(role, operations[name], places[name], DENY, whose=whose, gone=True)
        for once in made:
            if once.make == role.make and role.traits and once.traits != role.traits:
                yield from _turned(table, once, role, operations, places)


def _turned(
    table: Table, once: Role, role: Role, operations: Mapping[str, Operation], places: Places
) -> Iterator[Item]:
    def lost(name: str, row: Row) -> bool:
        return places[name].kind == RECORD and row.get(once.name) == ALLOW and row.get(role.name) in (DENY, OWN)

    for name in _first(table, operations, places, lost):
        whose = THEIRS if table.can_own(role, places[name].name) else ""
        yield Item(role, operations[name], places[name], table.rows[name][role.name], whose=whose, once=once)


def _first(
    table: Table, operations: Mapping[str, Operation], places: Places, fits: Callable[[str, Row], bool]
) -> list[str]:
    """The first operation of this kind: one that reads if there is any, and of many records rather than of one."""
    fitting = [name for name in operations if name in table.rows and fits(name, table.rows[name])]
    return sorted(fitting, key=lambda name: (not name.startswith("GET "), places[name].kind != COLLECTION))[:1]
