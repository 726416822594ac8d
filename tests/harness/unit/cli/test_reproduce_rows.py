"""The rows of a recorded run, which are masked, and those that another run adds."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tidegate.cli.reproduce.rows import mended, new_rows, of_bundle
from tidegate.stack.dumps import Dump, NotRestorable, Table


def users(*rows: str) -> Dump:
    return Dump((Table('"public"."users"', ('"id"', '"name"', '"hash"'), rows),), ())


def test_what_was_masked_is_as_it_is_here() -> None:
    there = users("1\tAda\t***", "2\tBo\t***", "3\tCy\tplain")
    here = users("1\tAnother\tsecret")
    assert mended(there, here).tables[0].rows == ("1\tAda\tsecret", "2\tBo\t***", "3\tCy\tplain")


def test_a_table_that_is_another_one_here_stays_as_it_was() -> None:
    there = users("1\tAda\t***")
    here = Dump((Table('"public"."users"', ('"id"',), ("1",)),), ())
    assert mended(there, here) == there


def test_new_rows_are_told_with_their_columns() -> None:
    found = new_rows(users("1\tAda\tx"), users("1\tAda\tx", "2\tLeft\t\\N"))
    assert found == {"users": ["id=2, name=Left"]}


def test_a_damaged_snapshot_is_no_crash(tmp_path: Path) -> None:
    assert of_bundle(tmp_path) is None
    path = tmp_path / "snapshots" / "baseline.sql.gz"
    path.parent.mkdir()
    for content in (b"no gzip", gzip.compress(b"COPY x FROM stdin;")[:-9], gzip.compress(b"\\! touch /tmp/evil\n")):
        path.write_bytes(content)
        with pytest.raises(NotRestorable):
            of_bundle(tmp_path)
