"""Shapes: what of an answer is learned, what of it is written, and what departs from it."""

from __future__ import annotations

import json
import random
from functools import partial, reduce
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate import DocumentError
from tidegate.contract.shapes import (
    NAME,
    NOTHING,
    LockedShapes,
    Shapes,
    breaches,
    operation_of,
    read_shapes,
    seen,
    value_of,
    words,
)
from tidegate.contract.shapes.seen import Seen
from tidegate.records import Exchange, Message
from tidegate.settings import Resource

OPERATION = "GET /things/{id}"


def learned(*values: Any, status: int = 200, times: int = 1) -> Shapes:
    shapes = Shapes()
    for value in values:
        for _ in range(times):
            shapes.learn(OPERATION, status, value)
    return shapes


def lock(*values: Any, status: int = 200, times: int = 40) -> LockedShapes:
    """The lock of many answers with each of these values."""
    return LockedShapes().updated(learned(*values, status=status, times=times))


def lines(locked: LockedShapes, status: int = 200) -> dict[str, str]:
    """What the file says of the operation."""
    told: dict[str, str] = json.loads(locked.to_text())["answers"][f"{OPERATION} {status}"]
    return told


def came(locked: LockedShapes, value: Any, status: int = 200) -> dict[str, str]:
    """What departs, by place."""
    found = breaches(locked, OPERATION, status, value)
    return {finding.where.partition("body")[2].strip(): finding.came for finding in found}


THING = {
    "id": 7,
    "uid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "made": "2024-01-02T03:04:05.678Z",
    "day": "2024-01-02",
    "by": "a@example.com",
    "at": "https://example.com/x",
    "size": 1.5,
    "open": True,
    "note": None,
    "text": "Some words",
    "tags": ["x y"],
    "none": [],
    "inner": {"a/b": 1, "*": 2},
}


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


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"id": "7"}, "/id", "string"),
        ({"id": 7.5}, "/id", "a number with a fraction"),
        ({"id": None}, "/id", "null"),
        ({"uid": "another text"}, "/uid", "another text"),
        ({"made": "2024-01-02"}, "/made", "date"),
        ({"open": "yes"}, "/open", "string"),
        ({"tags": "x"}, "/tags", "string"),
        ({"tags": [1]}, "/tags/*", "integer"),
        ({"inner": []}, "/inner", "array"),
        ({"fresh": 1}, "/fresh", "a new field: integer"),
    ],
)
def test_a_departure_is_named_with_what_came(change: dict[str, Any], where: str, said: str) -> None:
    assert came(lock(THING), THING | change) == {where: said}


def test_a_field_that_is_gone_is_named_and_so_is_its_new_name() -> None:
    without = {name: value for name, value in THING.items() if name != "by"}
    locked = lock(THING)
    assert came(locked, without) == {"/by": "no such field"}
    assert came(locked, without | {"maker": "b@example.com"}) == {"/by": "no such field, but maker: renamed?"}
    assert came(locked, without | {"maker": 5}) == {"/by": "no such field", "/maker": "a new field: integer"}


def test_a_finding_says_what_is_promised() -> None:
    (finding,) = breaches(lock(THING), OPERATION, 200, THING | {"by": 5})
    assert (finding.kind, finding.operation, finding.where) == ("changed-shape", OPERATION, "200 body /by")
    assert (finding.promised, finding.came) == ("email", "integer")


def test_how_much_was_seen_of_a_place_is_no_part_of_what_is_promised() -> None:
    [finding] = breaches(lock({"by": "a@example.com", "at": 1}, {"at": 1}, times=8), OPERATION, 200, {"by": 5, "at": 1})
    assert finding.promised == "email"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"size": 2},
        {"tags": []},
        {"none": [{"anything": 1}]},
        {"note": {"any": "thing"}},
        {"text": ""},
        {"by": ""},
        {"id": -(10**30)},
    ],
)
def test_what_other_data_may_bring_departs_from_nothing(change: dict[str, Any]) -> None:
    assert came(lock(THING), THING | change) == {}


def test_where_fields_are_left_out_by_chance_it_takes_many_answers_to_know_a_name_for_another() -> None:
    steady, chance = {"a": 1, "b": "x y", "c": True}, {"d": 1.5}
    renamed = {"a": 1, "other": "x y", "c": True}
    assert came(lock(steady, times=15), renamed) == {"/b": "no such field, but other: renamed?"}
    assert came(lock(steady, steady | chance, times=7), renamed) == {}
    assert came(lock(steady, steady | chance, times=20), renamed) == {"/b": "no such field, but other: renamed?"}


def test_a_field_that_is_optional_elsewhere_is_not_known_for_steady_after_a_few_answers() -> None:
    shapes = Shapes()
    for at in range(40):
        shapes.learn("GET /many", 200, {"a": 1, "b": "x", **({"c": True} if at % 2 else {})})
    for _ in range(3):
        shapes.learn("GET /few", 200, {"a": 1, "b": "x", "c": True})
    assert list(breaches(LockedShapes().updated(shapes), "GET /few", 200, {"a": 1, "b": "x"})) == []


def test_a_form_that_a_few_texts_had_may_be_chance() -> None:
    assert came(lock({"a": "a@b.c"}, times=2), {"a": "x"}) == {}
    assert came(lock({"a": "a@b.c"}, times=15), {"a": "x"}) == {"/a": "another text"}


def test_what_is_learned_does_not_grow_with_the_number_of_answers() -> None:
    assert learned(THING, times=60).to_text() == learned(THING, times=600).to_text()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99))
def test_objects_with_more_keys_than_a_program_has_are_learned_alike_in_any_order(seed: int) -> None:
    chance = random.Random(seed)
    answers = [{f"k{chance.randrange(400)}": {"n": chance.choice([1, None])} for _ in range(80)} for _ in range(5)]
    expected = learned(*answers).to_text()
    chance.shuffle(answers)
    first, second = learned(*answers[:2]), learned(*answers[2:])
    second.merge(first)
    assert second.to_text() == expected


def test_a_place_is_named_once_however_many_items_depart() -> None:
    found = list(breaches(lock([THING]), OPERATION, 200, [THING | {"id": "x"}] * 20))
    assert [finding.where for finding in found] == ["200 body /*/id"]


def test_a_few_answers_rule_out_another_type_and_nothing_rare() -> None:
    locked = lock({"a": 1, "b": "x"}, times=2)
    assert came(locked, {"a": "x", "b": "x"}) == {"/a": "string"}
    assert came(locked, {"a": None}) == {}
    assert came(locked, {"a": 1, "b": "x", "c": 1}) == {}
    assert came(locked, {"a": 1, "other": "x"}) == {}
    error = lock({"detail": "x"}, {}, status=200).updated(learned({"detail": "No"}, status=422))
    assert came(error, {"detail": [{"msg": "No"}]}, status=422) == {}


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


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["a@b.c", "x", "1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(JSON, min_size=1, max_size=6), st.integers(0, 99))
def test_whatever_was_learned_departs_from_nothing_and_reads_as_it_was_written(values: list[Any], seed: int) -> None:
    shapes = learned(*values)
    locked = LockedShapes().updated(shapes)
    assert LockedShapes.of_text(locked.to_text()).to_text() == locked.to_text()
    assert Shapes.from_text(shapes.to_text()).to_text() == shapes.to_text()
    assert [came(locked, value) for value in values] == [{}] * len(values)
    random.Random(seed).shuffle(values)
    assert learned(*values).to_text() == shapes.to_text()


def plainly(value: Any, name: str = "", depth: int = 0) -> Seen:
    """What a value shows, told one value at a time."""
    found = Seen(1, frozenset({seen.kind_of(value)}))
    if isinstance(value, str) and value:
        found.form = words.format_of(value)
        found.words = {value: 1} if words.is_word(value) and not words.is_free(name) else None
    elif isinstance(value, dict) and depth < seen.DEEPEST:
        found.fields = {key: plainly(each, key, depth + 1) for key, each in value.items()}
    elif isinstance(value, list) and value and depth < seen.DEEPEST:
        items = (plainly(each, name, depth + 1) for each in value[: seen.LONGEST])
        found.item = reduce(partial(seen.join, within=True), items)
    return seen.join(Seen(), found)


ALIKE = st.recursive(
    st.none() | st.integers() | st.sampled_from([1.5, True, "a@b.c", "2024-01-02", "x", "y", "z", "X Y", ""]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["a", "b", "c", "name"]), inner),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ALIKE, min_size=1, max_size=4), st.sampled_from([1, 2, 99]), st.sampled_from([1, 2, 99]))
def test_what_is_learned_of_many_values_at_once_is_what_each_of_them_shows(
    values: list[Any], few: int, levels: int
) -> None:
    with patch.multiple(seen, WIDEST=few, LONGEST=few + 1, MOST_WORDS=few, DEEPEST=levels):
        expected = reduce(seen.join, map(plainly, values))
        assert learned(*values)._seen == {f"{OPERATION} 200": expected}


@settings(max_examples=60, deadline=None)
@given(ALIKE, ALIKE, ALIKE)
def test_what_one_has_learned_from_another_it_goes_on_learning_alone(first: Any, second: Any, third: Any) -> None:
    one, other = learned(first), learned(second)
    one.merge(other)
    one.learn(OPERATION, 200, third)
    assert one._seen == learned(first, second, third)._seen
    assert other._seen == learned(second)._seen


def test_learning_goes_no_deeper_than_anybody_reads() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = [{"a": deep}]
    locked = lock(deep)
    assert max(at.count("/") for at in lines(locked)) < 20
    assert came(locked, deep) == {}


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


RESOURCES = [
    Resource(name="things", path="/things"),
    Resource(name="parts", path="/things/{parent.id}/parts", parent="things"),
    Resource(name="files", path="/files", read="GET /file/{id}/content"),
]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://h/api/things", "/things"),
        ("http://h/api/things?limit=5", "/things"),
        ("http://h/api/things/a-slug", "/things/{id}"),
        ("http://h/api/things/a-slug/", "/things/{id}/"),
        ("http://h/api/things/a%2Fb/parts", "/things/{id}/parts"),
        ("http://h/api/things/a/parts/b", "/things/{id}/parts/{id}"),
        ("http://h/api/things/a/history/12", "/things/{id}/history/{id}"),
        ("http://h/api/file/x/content", "/file/{id}/content"),
        ("http://h/api/other/12/sub", "/other/{id}/sub"),
        ("http://h/api/other/0f8fad5b-d9cb-469f-a165-70867728950e", "/other/{id}"),
        ("http://h/api/other/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/other/{id}"),
        ("http://h/api/other/deadbeef01", "/other/{id}"),
        ("http://h/api/other/a%40example.com", "/other/{id}"),
        ("http://h/api/other/test-6b0427ab5421-x", "/other/{id}"),
        ("http://h/api/other/2024-01-02", "/other/{id}"),
        ("http://h/api/v2/reports/latest", "/v2/reports/latest"),
        ("http://h/api", "/"),
        ("http://h/apiary/x", "/apiary/x"),
    ],
)
def test_an_operation_without_a_document_is_named_by_what_varies_in_its_path(url: str, name: str) -> None:
    assert operation_of("GET", url, RESOURCES, "http://h/api", "test-") == f"GET {name}"


def answer(body: bytes | None, media: str = "application/json", size: int | None = None) -> Exchange:
    message = Message((("Content-Type", media),), body, len(body or b"") if size is None else size)
    return Exchange(1, "t", "call", "", "GET", "http://h/", Message(), 200, message)


@pytest.mark.parametrize("media", ["application/json", "Application/Problem+JSON; charset=utf-8"])
def test_the_value_of_an_answer_is_that_of_its_json(media: str) -> None:
    assert value_of(answer(b'{"a": 1}', media)) == {"a": 1}


@pytest.mark.parametrize(
    "exchange",
    [
        answer(b'{"a": 1}', "text/html"),
        answer(b""),
        answer(None),
        answer(b'{"a": '),
        answer(b'{"a": 1}', size=100),
        answer(b"[" * 100_000),
        Exchange(1, "t", "call", "", "GET", "http://h/", Message(), error="refused"),
    ],
)
def test_an_answer_that_is_no_whole_json_has_no_value(exchange: Exchange) -> None:
    assert value_of(exchange) is NOTHING
