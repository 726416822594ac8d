"""Who is accused, of what was planted among two hundred tests, and how many runs that takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.order.shrink import search, shrink

TESTS = [f"test_{number}" for number in range(200)]
IsRed = Callable[[Sequence[str]], bool]
POSITIONS = st.sets(st.integers(0, 199), min_size=1, max_size=3)


def together(guilty: set[str]) -> IsRed:
    return lambda chosen: guilty <= {*chosen}


@given(POSITIONS)
def test_those_needed_together_are_named_and_no_other_in_about_log2_runs_each(positions: set[int]) -> None:
    guilty = {TESTS[position] for position in positions}
    found = search(TESTS, together(guilty))
    assert {*found.tests} == guilty
    assert found.runs <= 19 + 16 * (len(guilty) - 1)  # log2(200) is 7.6; the rest asks again, both ways


@given(st.sets(st.integers(0, 199), min_size=1))
def test_of_many_each_of_which_suffices_the_last_one_is_named_in_about_log2_runs(positions: set[int]) -> None:
    guilty = [TESTS[position] for position in sorted(positions)]
    found = search(TESTS, lambda chosen: any(each in chosen for each in guilty))
    assert found.tests == (guilty[-1],)
    assert found.runs <= 19


def test_what_was_cleaned_again_is_not_accused_of_what_came_after() -> None:
    def is_red(chosen: Sequence[str]) -> bool:
        traces = [each for each in chosen if each in ("test_3", "test_50", "test_120")]  # pollutes, cleans, pollutes
        return bool(traces) and traces[-1] != "test_50"

    assert shrink(TESTS, is_red) == ["test_120"]


def test_the_state_is_the_only_memory_since_each_set_is_run_in_the_order_that_was_recorded() -> None:
    def is_red(chosen: Sequence[str]) -> bool:
        assert [*chosen] == sorted(chosen, key=TESTS.index)
        return "test_7" in chosen and "test_9" in chosen and chosen.index("test_7") < chosen.index("test_9")

    assert shrink(TESTS, is_red) == ["test_7", "test_9"]


@pytest.mark.parametrize(("answer", "why"), [(True, "alone"), (False, "not red after the others")])
def test_nobody_is_accused_when_the_others_make_no_difference(answer: bool, why: str) -> None:
    found = search(TESTS, lambda _: answer)
    assert found.tests == ()
    assert why in found.why
    assert found.runs == 8


def test_nobody_is_accused_of_a_test_that_ran_first() -> None:
    assert shrink([], lambda _: True) == []


def test_a_search_ends_at_its_limit_and_says_how_far_it_came() -> None:
    guilty = {*TESTS[100:]}
    found = search(TESTS, together(guilty), limit=30)
    assert (found.tests, found.runs) == ((), 30)
    assert "30 runs" in found.why
    assert guilty <= {*found.among}
    assert len(found.among) < 200


def noisy(random: Random, is_red: IsRed, after: float, alone: float) -> IsRed:
    return lambda chosen: random.random() < (after if is_red(chosen) else alone)


NOISE = [(0.9, 0.0), (0.8, 0.0), (0.9, 0.1), (1.0, 0.2)]


@pytest.mark.parametrize(("after", "alone"), NOISE)
@pytest.mark.parametrize("count", [1, 2])
def test_a_test_that_is_red_only_now_and_then_accuses_no_innocent_one(after: float, alone: float, count: int) -> None:
    exact = 0
    for seed in range(20):
        random = Random(seed)
        guilty = {*random.sample(TESTS, count)}
        found = search(TESTS, noisy(random, together(guilty), after, alone), limit=400)
        assert found.tests == () or {*found.tests} == guilty
        exact += bool(found.tests)
    assert exact >= 18


@pytest.mark.parametrize("chance", [0.05, 0.2, 0.5])
def test_nobody_is_accused_of_a_test_that_is_flaky_by_itself(chance: float) -> None:
    for seed in range(50):
        assert shrink(TESTS, noisy(Random(seed), lambda _: False, 1, chance)) == []
