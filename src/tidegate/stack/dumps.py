r"""What a text dump of PostgreSQL holds, and statements of ours that put it back: nothing of a dump is ever executed.

A dump may come from outside, and psql runs commands of its own (`\!`) wherever it takes a line for one. So rows pass
only in the form in which pg_dump writes them, names only as names, and everything else of the dump is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tidegate.redact import MASK

_NAME = r'(?:[a-z_][a-z0-9_$]*|"(?:[^"\\\x00-\x1f]|"")+")'
_PATH = rf"{_NAME}(?:\.{_NAME})?"
_COPY = re.compile(rf"COPY ({_PATH}) \(({_NAME}(?:, {_NAME})*)\) FROM stdin;")
_SETVAL = re.compile(r"SELECT pg_catalog\.setval\('((?:[^'\\]|'')+)', (-?\d{1,19}), (true|false)\);")
# A row in COPY's text format: https://www.postgresql.org/docs/current/sql-copy.html. A `\.` in it, also before a
# carriage return, would end the data, and what follows would be taken for commands.
_ROW = re.compile(r"(?:[^\\\r\n\0]|\\[bfnrtvN\\])*")
_END, _WHOLE = r"\.", "-- PostgreSQL database dump complete"


class NotRestorable(Exception):  # noqa: N818
    """The dump cannot be put back by statements of ours; the text says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, quoted, its columns, quoted, and its rows as COPY writes them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where a sequence of ids stands."""

    name: str
    value: int
    called: bool


@dataclass(frozen=True, slots=True)
class Dump:
    """The data of a database."""

    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]


def parse(text: str) -> Dump:
    """The data of a dump; raises NotRestorable for one that is cut, no dump of PostgreSQL, or not as pg_dump writes."""
    lines = iter(text.split("\n"))
    tables, sequences, whole = list[Table](), list[Sequence](), False
    for line in lines:
        if line.startswith("COPY "):
            tables.append(_table(line, lines))
        elif found := _SETVAL.fullmatch(line):
            sequences.append(Sequence(_sequence_name(found[1]), int(found[2]), found[3] == "true"))
        whole = whole or line == _WHOLE
    if not whole:
        raise NotRestorable("the dump is cut, or not one of pg_dump")
    if not tables:
        raise NotRestorable("the dump has no rows as COPY writes them: is it made with --inserts?")
    return Dump(tuple(tables), tuple(sequences))


def _table(header: str, lines: Iterator[str]) -> Table:
    found = _COPY.fullmatch(header)
    if not found:
        raise NotRestorable(f"a table of the dump has a name that cannot be read: {header[:80]!r}")
    columns = tuple(map(_quoted, re.findall(_NAME, found[2])))
    rows = list[str]()
    for line in lines:
        if line == _END:
            return Table(_quoted_path(found[1]), columns, tuple(rows))
        if not _ROW.fullmatch(line) or line.count("\t") != len(columns) - 1:
            raise NotRestorable(f"a row of {found[1]} is not as pg_dump writes rows")
        rows.append(line)
    raise NotRestorable("the dump is cut")


def _sequence_name(literal: str) -> str:
    path = literal.replace("''", "'")
    if not re.fullmatch(_PATH, path):
        raise NotRestorable(f"a sequence of the dump has a name that cannot be read: {path[:80]!r}")
    return _quoted_path(path)


def _quoted_path(path: str) -> str:
    return ".".join(map(_quoted, re.findall(_NAME, path)))


def _quoted(name: str) -> str:
    return name if name.startswith('"') else f'"{name}"'


def restoring(dump: Dump) -> Iterator[str]:
    """The statements, for one psql in one transaction, after which the tables hold what the dump holds."""
    yield "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; SET lock_timeout = '10s';\n"
    yield "SET session_replication_role = replica;\n"  # no trigger and no foreign key asks about an order of tables
    yield f"TRUNCATE {', '.join(table.name for table in dump.tables)};\n"
    for table in dump.tables:
        yield f"COPY {table.name} ({', '.join(table.columns)}) FROM stdin;\n"
        yield from (f"{_distinct(row, number)}\n" for number, row in enumerate(table.rows))
        yield f"{_END}\n"
    for sequence in dump.sequences:
        name = sequence.name.replace("'", "''")
        yield f"SELECT pg_catalog.setval('{name}', {sequence.value}, {str(sequence.called).lower()});\n"


def _distinct(row: str, number: int) -> str:
    """The row with masks that differ from those of other rows, since what they hide was often unique."""
    if MASK not in row:
        return row
    return "\t".join(f"{cell}{number}" if cell == MASK else cell for cell in row.split("\t"))
