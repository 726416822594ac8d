"""What accepting a run takes and keeps, and a file of shapes that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.contract.shapes.learned_answers import OPERATION, THING, learned, lines, lock

from tidegate import DocumentError
from tidegate.contract.shapes import (
    NAME,
    Shapes,
    read_shapes,
)


def test_accepting_takes_what_the_run_contradicts_and_keeps_what_it_did_not_see() -> None:
    first = lock(
        {"id": 1, "old": "x", "rare": 1, "list": [{"a": 1}], "v": "x"}, {"id": 1, "old": "x", "list": [], "v": 5}
    )
    second = first.updated(learned({"id": "x", "new": True, "list": [], "v": 5}, times=40))
    assert lines(second) == {
        "": "object",
        "/id": "string",
        "/new": "boolean",
        "/rare": "integer; optional",
        "/list": "array",
        "/list/*": "object",
        "/list/*/a": "integer",
        "/v": "integer | string",
    }


def test_accepting_a_part_of_the_words_keeps_the_set_and_adds_to_it() -> None:
    first = lock({"state": "open"}, {"state": "closed"})
    assert lines(first.updated(learned({"state": "open"})))["/state"] == "one of closed, open"
    assert lines(first.updated(learned({"state": "lost"})))["/state"] == "one of closed, lost, open"
    assert lines(first.updated(learned({"state": "Some text"})))["/state"] == "string"


def test_accepting_a_run_of_other_operations_keeps_these() -> None:
    shapes = Shapes()
    shapes.learn("GET /others", 200, [])
    assert set(lock(THING).updated(shapes).answers) == {f"{OPERATION} 200", "GET /others 200"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"format": 2, "answers": {}}',
        '{"format": 1, "answers": {"GET / 200": {"": "strnig"}}}',
        '{"format": 1, "answers": {"GET / 200": {"": "string; rare"}}}',
        '{"format": 1, "answers": {"GET / 200": 5}}',
        '{"format": 1, "answers": {"GET / 200": {"": 5}}}',
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(DocumentError) as failure:
        read_shapes(tmp_path / NAME)
    first, seen, then = str(failure.value).splitlines()
    assert str(tmp_path) in first
    assert seen.startswith("  seen: ")
    assert "tidegate contract accept" in then


def test_no_file_is_none_yet(tmp_path: Path) -> None:
    assert read_shapes(tmp_path / NAME) is None
