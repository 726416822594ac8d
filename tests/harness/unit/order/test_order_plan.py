"""Which tests an order has, of what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.errors import UsageError
from tidegate.order.plan import Plan, beside, predecessors, read_plan, recorded, until
from tidegate.records import Phase, TestRun


def ran(name: str, worker: str, index: int, at: float, end: float | None = None) -> TestRun:
    over = (Phase("teardown", "passed", at, end - at),) if end is not None else ()
    return TestRun(name, worker, index, at, over)


# gw0: a 0-2, b 2-4, c 4-9      gw1: d 0-1, e 1-5, f 5-9
RUNS = [
    ran("a", "gw0", 0, 0, 2),
    ran("d", "gw1", 0, 0.5, 1),
    ran("e", "gw1", 1, 1, 5),
    ran("b", "gw0", 1, 2, 4),
    ran("c", "gw0", 2, 4, 9),
    ran("f", "gw1", 2, 5, 9),
    TestRun("never.py"),
]


def test_the_order_of_each_worker_is_as_it_was_and_what_never_began_is_not_in_it() -> None:
    assert recorded(RUNS, 7) == Plan({"gw0": ("a", "b", "c"), "gw1": ("d", "e", "f")}, 7)


def test_up_to_a_test_are_those_before_it_and_what_other_workers_had_begun_when_it_was_over() -> None:
    assert until(RUNS, {"b"}).workers == {"gw0": ("a", "b"), "gw1": ("d", "e")}
    assert until(RUNS, {"b", "f"}).workers == {"gw0": ("a", "b"), "gw1": ("d", "e", "f")}
    assert until(RUNS, {"d"}).workers == {"gw0": ("a",), "gw1": ("d",)}


def test_after_a_test_that_was_never_over_anything_may_have_been_with_it() -> None:
    killed = [*RUNS[:4], ran("c", "gw0", 2, 4), ran("f", "gw1", 2, 5, 9)]
    assert until(killed, {"c"}).workers == {"gw0": ("a", "b", "c"), "gw1": ("d", "e", "f")}


def test_predecessors_are_in_the_order_in_which_they_began_whoever_ran_them() -> None:
    assert predecessors(RUNS, "b") == ["a", "d", "e"]
    assert predecessors(RUNS, "a") == ["d", "e"]
    assert predecessors(RUNS, "gone") == []


def test_a_test_that_was_run_again_is_where_it_began_first() -> None:
    again = [ran("a", "", 0, 0, 1), ran("b", "", 1, 1, 2), ran("a", "", 2, 2, 3)]
    assert recorded(again).workers == {"": ("a", "b")}


def test_a_part_of_an_order_keeps_order_and_workers() -> None:
    assert until(RUNS, {"b"}).only({"b", "a"}).workers == {"gw0": ("a", "b"), "gw1": ()}


def test_a_file_says_what_was_written(tmp_path: Path) -> None:
    plan = Plan({"gw0": ("a[é-\n]", "b"), "gw1": ()}, 11, ("tests/test_a.py",))
    assert read_plan(plan.write(tmp_path / "order.json")) == plan


def test_beside_a_test_is_what_other_workers_ran_at_that_time() -> None:
    assert beside(RUNS, {"b"}) == ["e"]
    assert beside(RUNS, {"c"}) == ["e", "f"]
    assert beside(RUNS, {"a", "d"}) == ["e"]
    assert beside([ran("a", "", 0, 0, 2), ran("b", "", 1, 1, 3)], {"b"}) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "workers": {}}',
        '{"format": 1, "workers": {"": "a"}}',
        '{"format": 1, "workers": {}, "files": "a"}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_what_is_no_order_is_refused_in_three_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "order.json").write_text(text, encoding="latin-1")
    with pytest.raises(UsageError) as refused:
        read_plan(tmp_path / "order.json")
    assert [line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:]] == ["seen", "next"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_plan(tmp_path / "order.json")
