"""What departs from learned shapes, how it is named, and what other data may bring."""

from __future__ import annotations

from typing import Any

import pytest
from unit.contract.shapes.learned_answers import OPERATION, THING, came, learned, lock

from tidegate.contract.shapes import (
    LockedShapes,
    Shapes,
    breaches,
)


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
