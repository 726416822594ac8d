"""Shapes of simulated APIs: no false alarm, no change missed."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import KINDS, Answer, Api, Field, api

from tidegate.contract.shapes import LockedShapes, Shapes, breaches
from tidegate.records import Finding


def learned(answers: Iterable[Answer]) -> Shapes:
    shapes = Shapes()
    for answer in answers:
        shapes.learn(*answer)
    return shapes


def locked(answers: Iterable[Answer]) -> LockedShapes:
    return LockedShapes.of_text(LockedShapes().updated(learned(answers)).to_text())


def found(lock: LockedShapes, answers: Iterable[Answer]) -> list[Finding]:
    return [finding for answer in answers for finding in breaches(lock, *answer)]


# The chance of a wrong alarm is small, not none: so what is drawn is the same in each run of this test.
@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([1, 2, 5, 8, 13, 30]))
def test_ten_green_runs_with_other_data_raise_nothing_after_one_was_learned(seed: int, tests: int) -> None:
    chance = random.Random(seed)
    made = api(chance)
    lock = locked(made.run(chance, tests))
    for _ in range(10):  # runs
        assert found(lock, made.run(chance, max(tests, 8))) == []


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_the_lock_is_the_same_in_whatever_order_and_by_however_many_workers_it_is_learned(seed: int) -> None:
    chance = random.Random(seed)
    made = api(chance)
    answers = list(made.run(chance, chance.choice([1, 3, 12, 40])))
    expected = locked(answers).to_text()
    chance.shuffle(answers)
    workers = [learned(answers[at::4]) for at in range(4)]
    whole = Shapes()
    for worker in chance.sample(workers, 4):
        whole.merge(Shapes.from_text(worker.to_text()))
    assert LockedShapes().updated(whole).to_text() == expected


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.integers(0, 10**6))
def test_accepting_a_run_that_raises_nothing_keeps_it_so(seed: int) -> None:
    chance = random.Random(seed)
    made = api(chance)
    lock = locked(made.run(chance, 12))
    lock = lock.updated(learned(made.run(chance, 12)))
    assert found(lock, made.run(chance, 30)) == []
    assert lock.updated(learned([])).to_text() == lock.to_text()


def renamed(made: Api, name: str) -> Api:
    return Api({("other" if each == name else each): field for each, field in made.fields.items()})


def replaced(made: Api, name: str, field: Field) -> Api:
    return Api({**made.fields, name: field})


CHANGES = ["renamed", "retyped", "gone", "new", "null"]


def with_change(made: Api, change: str, name: str) -> Api:
    kind = made.fields[name].kind
    changes = {
        "renamed": lambda: renamed(made, name),
        "retyped": lambda: replaced(made, name, Field(lambda _: 5 if kind in ("texts", "list") else [True], "other")),
        "gone": lambda: Api({each: one for each, one in made.fields.items() if each != name}),
        "new": lambda: replaced(made, name, Field(lambda _: 1, "integer")),
        "null": lambda: replaced(made, name, Field(made.fields[name].make, kind, null=1)),
    }
    return changes[change]()


def steady(made: Api) -> list[str]:
    return [name for name, each in made.fields.items() if each.present == 1 and each.null == 0]


def assert_noticed(lock: LockedShapes, answers: Iterable[Answer], name: str) -> None:
    places = {(finding.operation, finding.where) for finding in found(lock, answers)}
    expected = {("POST /things", f"201 body /{name}"), ("GET /things/{id}", f"200 body /{name}")}
    assert places >= {*expected, ("GET /things", f"200 body /items/*/{name}")}


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(CHANGES))
def test_a_change_of_any_field_that_is_always_there_is_noticed_and_named(seed: int, change: str) -> None:
    chance = random.Random(seed)
    made = api(chance)
    lock = locked(made.run(chance, 40))
    name = chance.choice(steady(made))
    if change == "new":
        made.fields["added"] = made.fields[name]
        name = "added"
    assert_noticed(lock, with_change(made, change, name).run(chance, 8), name)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(["renamed", "retyped"]))
def test_where_no_field_is_optional_a_few_tests_are_enough_to_notice_another_name_or_type(
    seed: int, change: str
) -> None:
    chance = random.Random(seed)
    made = api(chance)
    made = Api({name: made.fields[name] for name in steady(made) if name not in ("inner", "inners")})
    lock = locked(made.run(chance, 20 if change == "renamed" else 3))
    name = chance.choice(sorted(made.fields))
    assert_noticed(lock, with_change(made, change, name).run(chance, 8), name)


@pytest.mark.parametrize("kind", ["email", "uuid", "date-time", "date", "uri", "word"])
def test_a_text_that_loses_its_form_is_noticed(kind: str) -> None:
    chance = random.Random(1)
    made = Api({"id": Field(KINDS["integer"], "id"), "it": Field(KINDS[kind], kind), "b": Field(KINDS["boolean"], "b")})
    lock = locked(made.run(chance, 40))
    other = replaced(made, "it", Field(lambda _: "something_else", "text"))
    assert {finding.where for finding in found(lock, other.run(chance, 8))} >= {"200 body /it", "201 body /it"}
