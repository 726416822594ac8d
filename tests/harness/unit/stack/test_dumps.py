"""Reading a dump, and what is sent to the database of it: rows alone, whatever the dump says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.stack.dumps import Dump, NotRestorable, Sequence, Table, parse, restoring

WHOLE = "--\n-- PostgreSQL database dump complete\n--\n"
ESCAPES = {"\\": "\\\\", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
values = st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
rows = st.lists(st.tuples(values, values), max_size=5)


def cell(value: str | None) -> str:
    """The value as pg_dump writes it."""
    return r"\N" if value is None else "".join(ESCAPES.get(char, char) for char in value)


def dumped(*lines: str, header: str = 'COPY public.things (id, "of") FROM stdin;') -> str:
    """A dump with these rows."""
    return "\n".join(["SET row_security = off;", header, *lines, "\\.", "", WHOLE])


def data(script: str) -> list[str]:
    """The lines that psql takes for rows; everything else must be a statement of ours."""
    lines, found = iter(script.split("\n")), list[str]()
    for line in lines:
        if line.endswith(" FROM stdin;"):
            for row in lines:
                if row in ("\\.", "\\.\r"):
                    break
                found.append(row)
        else:
            assert line.startswith(("SET ", "TRUNCATE ", "SELECT pg_catalog.setval(")) or not line, line
    return found


@given(rows)
def test_every_row_comes_back_as_it_was(rows: list[tuple[str | None, str | None]]) -> None:
    lines = ["\t".join(map(cell, row)) for row in rows]
    dump = parse(dumped(*lines))
    assert dump.tables == (Table('"public"."things"', ('"id"', '"of"'), tuple(lines)),)
    kept = [line for line in lines if "***" not in line]
    assert [line for line in data("".join(restoring(dump))) if "***" not in line] == kept


@given(st.text(st.sampled_from("\\.\r\n\t!;'\"aN\0 ")))
def test_whatever_stands_between_the_rows_is_a_row_or_refused(hostile: str) -> None:
    try:
        dump = parse(dumped(f"1\t{hostile}", "2\t3"))
    except NotRestorable:
        return
    assert len(data("".join(restoring(dump)))) == sum(len(table.rows) for table in dump.tables)


@pytest.mark.parametrize(
    "row", ["\\.\r", "\\.", "1\t2\t3", "1", "1\t\\x41", "1\t\\", "1\ta\0b", "1\ta\rb", "1\t\\!touch x"]
)
def test_a_row_that_pg_dump_does_not_write_is_refused(row: str) -> None:
    lines = ["\\! id", row, "\\! id"] if row == "\\." else [row]
    with pytest.raises(NotRestorable):
        parse(dumped(*lines))


@pytest.mark.parametrize(
    "header",
    [
        "COPY public.things (id) FROM PROGRAM 'id';",
        "COPY public.things (id) FROM stdin; DROP TABLE things;",
        "COPY things; (id, of) FROM stdin;",
        'COPY "th\\ings" (id, of) FROM stdin;',
    ],
)
def test_a_name_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(NotRestorable):
        parse(dumped("1\t2", header=header))


def test_statements_of_a_dump_are_left_out() -> None:
    hostile = "DROP TABLE users;\n\\! id\nSELECT pg_catalog.setval('x', 1, true); SELECT 1;\nCREATE FUNCTION f() …\n"
    script = "".join(restoring(parse(hostile + dumped("1\t2"))))
    assert data(script) == ["1\t2"]
    assert not any(word in script for word in ("DROP", "FUNCTION", "id\n", "setval"))


def test_sequences_are_set_by_names_that_are_quoted_anew() -> None:
    text = "SELECT pg_catalog.setval('public.\"it''s\"', 7, true);\nSELECT pg_catalog.setval('a.b', 1, false);\n"
    dump = parse(text + dumped("1\t2"))
    assert dump.sequences == (Sequence('"public"."it\'s"', 7, True), Sequence('"a"."b"', 1, False))
    script = "".join(restoring(dump))
    assert "SELECT pg_catalog.setval('\"public\".\"it''s\"', 7, true);\n" in script


@pytest.mark.parametrize("cut", [-len(WHOLE) - 4, -len(WHOLE), 40, 0])
def test_a_dump_that_was_cut_is_refused(cut: int) -> None:
    with pytest.raises(NotRestorable):
        parse(dumped("1\t2", "3\t4")[:cut])


def test_values_that_were_masked_stay_different_from_each_other() -> None:
    dump = Dump((Table('"t"', ('"a"', '"b"'), ("1\t***", "2\t***", "3\tx***")),), ())
    assert data("".join(restoring(dump))) == ["1\t***0", "2\t***1", "3\tx***"]
