"""Rows of a database: as they were in a bundle, and which are new."""

from __future__ import annotations

import gzip
from pathlib import Path

from tidegate.redact import MASK
from tidegate.stack.dumps import Dump, NotRestorable, Table, parse

LARGEST = 200 << 20  # of a dump, unpacked


def of_bundle(folder: Path) -> Dump | None:
    """The database as that run began with it; None when it was not kept. Raises NotRestorable."""
    path = folder / "snapshots" / "baseline.sql.gz"
    if not path.is_file():
        return None
    try:
        with gzip.open(path) as file:
            raw = file.read(LARGEST + 1)
    except (OSError, EOFError, ValueError) as error:
        raise NotRestorable(f"the snapshot of that run is damaged: {error}") from None
    if len(raw) > LARGEST:
        raise NotRestorable("the snapshot of that run is larger than snapshots are")
    return parse(raw.decode("utf-8", "replace"))


def mended(there: Dump, here: Dump) -> Dump:
    """The dump with what was masked in it as it is here, by the rows' first column: a login needs its secrets."""
    known = {table.name: {row.partition("\t")[0]: row.split("\t") for row in table.rows} for table in here.tables}
    columns = {table.name: table.columns for table in here.tables}
    tables = tuple(
        Table(each.name, each.columns, tuple(_mended(row, known[each.name]) for row in each.rows))
        if columns.get(each.name) == each.columns
        else each
        for each in there.tables
    )
    return Dump(tables, there.sequences)


def _mended(row: str, known: dict[str, list[str]]) -> str:
    if MASK not in row:
        return row
    cells = row.split("\t")
    other = known.get(cells[0], cells)
    return "\t".join(theirs if MASK in cell else cell for cell, theirs in zip(cells, other, strict=True))


def new_rows(before: Dump, after: Dump) -> dict[str, list[str]]:
    """Of each table the rows that were not there before, with their columns."""
    was = {table.name: set(table.rows) for table in before.tables}
    return {
        table.name.rpartition(".")[2].strip('"'): [_said(table, row) for row in rows]
        for table in after.tables
        if (rows := [row for row in table.rows if row not in was.get(table.name, set())])
    }


def _said(table: Table, row: str) -> str:
    pairs = zip(table.columns, row.split("\t"), strict=True)
    return ", ".join(f"{name.strip(chr(34))}={value}" for name, value in pairs if value != r"\N")[:200]
