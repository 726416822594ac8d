"""Shapes of any answers at all: in any order, at once or one by one, and however deep."""

from __future__ import annotations

import random
from functools import partial, reduce
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.contract.shapes.learned_answers import OPERATION, came, learned, lines, lock

from tidegate.contract.shapes import (
    LockedShapes,
    Shapes,
    seen,
    words,
)
from tidegate.contract.shapes.seen import Seen


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
