from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.contract.baseline import Baseline, Entry, read_baseline
from tidegate.contract.baseline_text import HEAD, updated
from tidegate.errors import SettingsError
from tidegate.records import Finding
from tidegate.writing import write_whole

FIELD = Finding("undocumented-field", "GET /things", "200 body /items/*/extra")
STATUS = Finding("undocumented-status", "GET /things", "418")
TODAY = "2026-01-31"
WRITTEN = """\
# Known departures.

# It goes with version 2.
[[known]]
kind = "undocumented-field"
operation = "GET /things"
where = "200 body /items/*/extra"
owner = "ada"       # on leave until May
reason = "the app reads it"

[[known]]
kind = "undocumented-status"
operation = "GET /things"
where = "418"
owner = "bob"
reason = "a teapot"
"""


# Every text that is printable, as a finding's are.
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)


def baseline_of(folder: Path, text: str) -> Baseline:
    path = folder / "contract-baseline.toml"
    path.write_text(text, encoding="utf-8")
    return read_baseline(path)


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    baseline = read_baseline(tmp_path / "none.toml")
    assert (baseline.entries, baseline.known(FIELD)) == ((), None)


def test_a_finding_is_known_by_kind_operation_and_place(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN)
    known = baseline.known(Finding(*FIELD.key, promised="a", came="b"))
    assert known
    assert (known.owner, known.reason) == ("ada", "the app reads it")
    assert baseline.known(Finding("undocumented-field", "GET /things", "200 body /extra")) is None
    assert baseline.known(Finding("invalid-body", *FIELD.key[1:])) is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("[[known]\n", "not valid TOML"),
        ("a = 1\nb = \n", "line 2"),
        ("[[knwon]]\n", "knwon is not known there; did you mean known?"),
        ("known = 1\n", "known is not a list of tables"),
        ("known = [1]\n", "entry 1: not a table"),
        ('# x\n\n[[known]]\nkind = "invalid-body"\noperation = "GET /a"\n', "line 3: where is missing"),
        (WRITTEN.replace("undocumented-status", "undocumented-state"), "line 11: undocumented-state is no kind of"),
        (WRITTEN.replace("owner = \"bob", "onwer = \"bob"), "line 11: onwer is not known there; did you mean owner?"),
    ],
)  # fmt: skip
def test_a_baseline_that_cannot_be_used_says_in_which_line(tmp_path: Path, text: str, seen: str) -> None:
    with pytest.raises(SettingsError) as caught:
        baseline_of(tmp_path, text)
    first, second, third = str(caught.value).splitlines()
    assert str(tmp_path) in first
    assert seen in second
    assert third.startswith("  next: ")


def test_a_baseline_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be used"):
        read_baseline(tmp_path / "b.toml")


def test_an_entry_without_owner_or_reason_is_named(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN.replace('"bob"', '" "'))
    assert [entry.key for entry in baseline.incomplete()] == [STATUS.key]


def test_an_entry_that_no_longer_occurs_is_named_when_its_kind_was_looked_for(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN)
    assert [entry.key for entry in baseline.gone({FIELD.key})] == [STATUS.key]
    assert baseline.gone({FIELD.key}, lambda kind: kind != "undocumented-status") == []


def test_an_update_keeps_owners_reasons_and_comments_to_the_letter(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN)
    assert updated(baseline, [STATUS, FIELD], [], TODAY) == WRITTEN


def test_an_update_adds_what_is_new_to_be_filled_in_and_drops_what_is_gone(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN)
    new = Finding("missing-header", "DELETE /things/{id}", "204 header ETag")
    text = updated(baseline, [FIELD, new], baseline.gone({FIELD.key}), TODAY)
    added, kept = baseline_of(tmp_path, text).entries
    assert added == Entry(*new.key, since=TODAY)
    assert 'owner = ""\nreason = ""\nsince = "2026-01-31"\n\n# It goes with version 2.\n[[known]]' in text
    assert kept.key == FIELD.key
    assert "teapot" not in text


def test_an_update_of_nothing_is_a_file_that_says_what_it_is_for(tmp_path: Path) -> None:
    assert updated(read_baseline(tmp_path / "none.toml"), [], [], TODAY) == HEAD
    assert updated(baseline_of(tmp_path, HEAD), [], [], TODAY) == HEAD


def test_updating_twice_changes_nothing_more(tmp_path: Path) -> None:
    once = updated(baseline_of(tmp_path, WRITTEN), [STATUS, Finding("invalid-body", "A", "B")], [], TODAY)
    assert updated(baseline_of(tmp_path, once), [], [], "2027-01-01") == once


def test_two_entries_that_a_merge_made_the_same_become_one(tmp_path: Path) -> None:
    baseline = baseline_of(tmp_path, WRITTEN + "\n" + WRITTEN.partition("\n\n")[2].replace("ada", "eve"))
    known = baseline.known(FIELD)
    assert known
    assert known.owner == "ada"
    assert updated(baseline, [], [], TODAY) == WRITTEN


def test_a_table_inside_of_a_reason_is_not_taken_for_an_entry(tmp_path: Path) -> None:
    reason = 'reason = """as in\n[[known]]\nkind = "x"\n"""'
    baseline = baseline_of(tmp_path, WRITTEN.replace('reason = "a teapot"', reason))
    again = baseline_of(tmp_path, updated(baseline, [], [], TODAY))
    assert again.entries == baseline.entries


@given(
    st.lists(st.builds(Finding, st.sampled_from(["invalid-body", "missing-header"]), PRINTABLE, PRINTABLE), max_size=4)
)
def test_whatever_an_api_names_its_fields_the_file_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding]
) -> None:
    baseline = baseline_of(tmp_path_factory.mktemp("b"), updated(Baseline(Path("none")), found, [], TODAY))
    assert {entry.key for entry in baseline.entries} == {finding.key for finding in found}


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.toml"
    write_whole(path, "one\n")
    path.chmod(0o640)
    held = path.open(encoding="utf-8")
    write_whole(path, "two\n")
    with held:
        assert held.read() == "one\n"
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("two\n", 0o640)
    assert [each.name for each in path.parent.iterdir()] == ["file.toml"]


def test_a_file_that_cannot_be_replaced_is_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(self: Path, target: Path) -> Path:
        raise OSError(16, os.strerror(16))  # what a mount point says

    path = tmp_path / "file.toml"
    path.write_text("one\n")
    monkeypatch.setattr(Path, "replace", busy)
    write_whole(path, "two\n")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("file.toml", "two\n")]
