"""What of an answer is learned, and what of it is written: forms, maps and sets of words, and no value."""

from __future__ import annotations

import json

import pytest
from unit.contract.shapes.learned_answers import OPERATION, THING, came, learned, lines, lock

from tidegate.contract.shapes import (
    LockedShapes,
    Shapes,
    breaches,
)


def test_the_file_has_a_line_for_each_place_and_no_value() -> None:
    assert lines(lock(THING)) == {
        "": "object",
        "/id": "integer",
        "/uid": "uuid",
        "/made": "date-time",
        "/day": "date",
        "/by": "email",
        "/at": "uri",
        "/size": "number",
        "/open": "boolean",
        "/note": "null",
        "/text": "string",
        "/tags": "array",
        "/tags/*": "string",
        "/none": "array",
        "/inner": "object",
        "/inner/a~1b": "integer",
        "/inner/~2": "integer",
    }


def test_what_was_seen_now_and_then_is_told_from_what_was_always_there() -> None:
    shown = lines(lock({"a": 1, "b": None}, {"b": "x y"}))
    assert shown == {"": "object", "/a": "integer; optional", "/b": "null | string"}
    assert lines(lock({"a": 1}, times=1))["/a"] == "integer; seen in few answers"
    assert lines(lock({"a": 1}, times=15))["/a"] == "integer; seen in some answers"


def test_an_answer_counts_once_however_many_items_it_lists() -> None:
    assert lines(lock([{"a": 1}] * 90, times=1))["/*/a"] == "integer; seen in few answers"


@pytest.mark.parametrize(
    "keys",
    [["1", "20"], ["2024-01-02"], ["0f8fad5b-d9cb-469f-a165-70867728950e"], ["a@example.com", "b@example.com"]],
)
def test_an_object_whose_keys_are_ids_is_a_map(keys: list[str]) -> None:
    locked = lock({"by": {key: {"n": 1} for key in keys}})
    assert lines(locked) == {"": "object", "/by": "map", "/by/*": "object", "/by/*/n": "integer"}
    assert came(locked, {"by": {"another": {"n": 2}}}) == {}
    assert came(locked, {"by": {"7": {"n": "x"}}}) == {"/by/*/n": "string"}


def test_a_place_with_lists_and_maps_knows_what_is_in_both() -> None:
    locked = lock({"v": [True]}, {"v": {"7": 1}})
    assert lines(locked)["/v/*"] == "boolean | integer"
    assert came(locked, {"v": {"8": 2}}) == came(locked, {"v": [False]}) == {}
    assert came(locked, {"v": ["x"]}) == {"/v/*": "string"}


def test_an_object_with_many_keys_none_of_them_steady_is_a_map() -> None:
    names = [f"{letter}x" for letter in "abcdefghij"]
    locked = lock(*({name: 1 for name in names if name != other} for other in names))
    assert lines(locked) == {"": "map", "/*": "integer"}
    wide = {f"k{chr(97 + at % 26)}{chr(97 + at // 26)}": at for at in range(200)}
    assert lines(lock(wide))["/*"].startswith("integer")


def test_a_few_words_that_come_again_and_again_are_a_set() -> None:
    locked = lock(*({"state": word} for word in ("open", "closed", "in_review")))
    assert lines(locked)["/state"] == "one of closed, in_review, open"
    assert came(locked, {"state": "lost"}) == {"/state": '"lost"'}
    assert came(locked, {"state": ""}) == {}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([{"state": "open"}], "one word is no set"),
        ([{"state": f"{letter}x"} for letter in "abcdefghijkl"], "too many"),
        ([{"state": "open"}, {"state": "A Name"}], "no word"),
        ([{"state": "Anna"}, {"state": "Bob"}], "names"),
        ([{"state": "rope7"}, {"state": "rope8"}], "ids"),
        ([{"name": "open"}, {"name": "closed"}], "people fill such a field"),
        ([{"api_token": "aaa"}, {"api_token": "bbb"}], "a secret"),
    ],
)
def test_other_texts_are_no_set_and_none_of_them_is_kept(values: list[dict[str, str]], why: str) -> None:
    shapes = learned(*values, times=40)
    locked = LockedShapes().updated(shapes)
    assert next(line for at, line in lines(locked).items() if at) == "string", why
    if why not in ("one word is no set", "too many"):
        assert not [text for value in values for text in value.values() if f'"{text}"' in shapes.to_text()]


def test_a_set_needs_each_of_its_words_often() -> None:
    shapes = learned({"state": "open"}, {"state": "closed"}, times=40)
    for _ in range(3):
        shapes.learn(OPERATION, 200, {"state": "lost"})
    assert lines(LockedShapes().updated(shapes))["/state"] == "string"


def test_a_word_that_is_a_secret_is_not_kept() -> None:
    shapes = Shapes(allowed=lambda word: word != "hunter")
    for word in ("hunter", "open") * 40:
        shapes.learn(OPERATION, 200, {"state": word})
    assert "hunter" not in shapes.to_text() + LockedShapes().updated(shapes).to_text()


def test_what_is_learned_does_not_grow_with_the_number_of_answers() -> None:
    assert learned(THING, times=60).to_text() == learned(THING, times=600).to_text()


def test_an_operation_or_status_that_is_new_departs_from_nothing() -> None:
    assert list(breaches(lock(THING), "GET /others", 200, 5)) == []
    assert came(lock(THING), 5, status=201) == {}
    assert list(breaches(LockedShapes(), OPERATION, 200, 5)) == []


def test_errors_are_learned_where_there_is_an_operation_at_all() -> None:
    shapes = learned({"detail": "No"}, status=404)
    assert json.loads(LockedShapes().updated(shapes).to_text())["answers"] == {}
    shapes.learn(OPERATION, 200, THING)
    assert lines(LockedShapes().updated(shapes), 404)["/detail"].startswith("string")


def test_records_of_one_kind_count_together_wherever_they_are() -> None:
    shapes = Shapes()
    for at in range(40):
        shapes.learn(f"GET /things{at}", 200, {"a": 1, "b": "x", "c": True})
    locked = LockedShapes().updated(shapes)
    assert [finding.where for finding in breaches(locked, "GET /things3", 200, {"a": 1, "b": "x"})] == ["200 body /c"]
