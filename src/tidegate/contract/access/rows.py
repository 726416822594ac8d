"""What is said where the table and the document do not fit, with the line to write, ready to paste."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tidegate.contract.access.table import ALLOW, DENY, Table
from tidegate.contract.model import Operation
from tidegate.settings.guess import nearest
from tidegate.settings.identities import ADMIN


def line_for(table: Table, operation: Operation) -> str:
    """A row for an operation: it lets nobody but the admin, or everybody where nobody is asked who they are."""
    width = max((len(row) for row in table.rows), default=0) + 2
    cells = ", ".join(f'{role} = "{ALLOW if role == ADMIN or operation.is_open else DENY}"' for role in table.roles)
    quoted = f'"{operation.name}"'
    return f"{quoted:{width}} = {{ {cells} }}"


def missing_row(table: Table, operation: Operation) -> str:
    """The document has an operation that the table does not."""
    return (
        f"{table.name} does not say who may do {operation.name}\n"
        f"  seen: the document has the operation, the table has no row for it\n"
        f"  next: decide each cell of this line, and add it below [access]:\n{line_for(table, operation)}"
    )


def missing_rows(table: Table, operations: Iterable[Operation]) -> str:
    """The same of several."""
    return "\n".join(missing_row(table, each) for each in operations)


def missing_cell(table: Table, role: str, name: str) -> str:
    """A row has no cell for a role."""
    there = ", ".join(table.rows[name]) or "nobody"
    return (
        f"{table.name} does not say whether {role} may do {name}\n"
        f"  seen: the row has cells for {there}\n"
        f'  next: add {role} = "{DENY}" to it, or "{ALLOW}", or "own" for its own records alone'
    )


def stale_row(table: Table, name: str, known: Collection[str]) -> str:
    """The table has an operation that the document does not."""
    near = nearest(name, known)
    return (
        f"{table.name} has a row for {name}, which the document does not have\n"
        f"  seen: {f'the document has {near}' if near else f'{len(known)} operations, none of them like it'}\n"
        f"  next: {'correct the row' if near else 'take the row out'};"
        " when the document has just got it: tidegate contract accept"
    )
