"""Appending to pyproject.toml leaves everything that stands there as it is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tidegate.adopt.toml import key, value, with_tables
from tidegate.errors import UsageError

OURS: dict[str, dict[str, Any]] = {
    "health": {"path": "/up"},
    "resources.notes": {"body": {"title": "{name}", "size": 1, "done": False}},
}
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.one_of(
        TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.dates(), st.datetimes(), st.times()
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.one_of(st.sampled_from(["project", "tool", "x"]), TEXTS)
COMMENTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


def written(raw: Any) -> str:
    """Any value as TOML; ours writes only those that JSON has."""
    if isinstance(raw, float):
        return repr(raw)
    if isinstance(raw, list):
        return f"[{', '.join(map(written, raw))}]"
    if isinstance(raw, dict):
        return f"{{ {', '.join(f'{key(k)} = {written(v)}' for k, v in raw.items())} }}"
    return value(raw) if isinstance(raw, (str, bool, int)) else raw.isoformat()


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Valid TOML with plain keys, tables, arrays of tables, comments and either kind of line end."""
    lines = [
        f"{key(k)} = {written(v)}  # {draw(COMMENTS)}"
        for k, v in draw(st.dictionaries(NAMES, VALUES, max_size=3)).items()
    ]
    headers = draw(
        st.lists(st.sampled_from(["[project]", "[[bin]]", "[tool.black]", '["tool".ruff]', "[tool.a.b]"]), unique=True)
    )
    for header in headers:
        lines += [f"# {draw(COMMENTS)}", header]
        lines += [f"{key(k)} = {written(v)}" for k, v in draw(st.dictionaries(TEXTS, VALUES, max_size=2)).items()]
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    assume(_is_toml(text))  # not where a key has defined what a header defines again
    return text


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


@given(documents())
def test_what_stands_there_stays_to_the_letter(text: str) -> None:
    before = tomllib.loads(text)
    try:
        after = with_tables(text, OURS)
    except UsageError:
        assert "tool" in before  # where it is not, a table can be added
        return
    assert after.startswith(text)
    found = tomllib.loads(after)
    assert found["tool"]["tidegate"] == {"health": OURS["health"], "resources": {"notes": OURS["resources.notes"]}}
    found["tool"].pop("tidegate")
    if "tool" not in before:
        found.pop("tool")
    assert repr(found) == repr(before)


@given(documents())
def test_a_second_time_nothing_changes(text: str) -> None:
    try:
        once = with_tables(text, OURS)
    except UsageError:
        return
    assert with_tables(once, OURS) == once


@given(
    st.dictionaries(
        TEXTS,
        st.recursive(
            TEXTS | st.booleans() | st.integers(-99, 99),
            lambda v: st.lists(v, max_size=2) | st.dictionaries(TEXTS, v, max_size=2),
            max_leaves=5,
        ),
    )
)
def test_any_table_is_read_as_it_was_meant(table: dict[str, Any]) -> None:
    assert tomllib.loads(with_tables("", {"login": table}))["tool"]["tidegate"]["login"] == table


def test_a_table_that_is_there_is_left_alone() -> None:
    mine = '[tool.tidegate.health]\npath = "/mine" # of old\n'
    after = with_tables(mine, OURS)
    assert after.startswith(mine)
    assert tomllib.loads(after)["tool"]["tidegate"]["health"] == {"path": "/mine"}
    assert "notes" in after


def test_line_ends_are_those_of_the_file() -> None:
    after = with_tables("[project]\r\nname = 'x'\r\n", OURS)
    assert after.count("\n") == after.count("\r\n") > 3


@pytest.mark.parametrize("text", ["tool = 1\n", "tool = {black = {}}\n", "[tool]\ntidegate = {}\n"])
def test_where_no_table_can_be_added_the_lines_are_shown(text: str) -> None:
    with pytest.raises(UsageError, match=r"(?s)add this by hand.*\[tool.tidegate.resources.notes\]"):
        with_tables(text, OURS)


def test_a_broken_file_is_named() -> None:
    with pytest.raises(UsageError, match=r"pyproject\.toml is not valid TOML"):
        with_tables("[", OURS)
