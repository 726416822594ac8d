from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.session.ledger import Ledger
from tidegate.session.run import Unique, new_run_id, run_in, started

WORKER = st.none() | st.integers(0, 99)


def test_a_run_id_is_the_start_in_unix_seconds_and_four_random_digits() -> None:
    assert re.fullmatch("6742a1b3[0-9a-f]{4}", new_run_id(0x6742A1B3 + 0.9))


@given(now=st.floats(0, 2**32 - 1), worker=WORKER, rest=st.text(), prefix=st.sampled_from(["test-", "e2e_x-"]))
def test_a_marked_value_tells_its_run_and_its_start(now: float, worker: int | None, rest: str, prefix: str) -> None:
    run = new_run_id(now) + ("" if worker is None else f"-gw{worker}")
    assert run_in(f"{prefix}{run}-{rest}", prefix) == run
    assert started(run) == int(now)


@pytest.mark.parametrize(
    "value",
    [
        "testimony@example.com",
        "TEST-6742a1b3c0de-x",
        "test.6742a1b3c0de-x",
        "test-6742a1b3c0d-x",
        "test-6742A1B3C0DE-x",
        "test-6742a1b3c0de",
        "test-6742a1b3c0dex-",
        "xtest-6742a1b3c0de-x",
        "",
        None,
        5,
        ["test-6742a1b3c0de-x"],
    ],
)
def test_a_value_of_another_form_tells_no_run(value: object) -> None:
    assert run_in(value, "test-") is None


@given(text=st.text())
def test_what_is_no_run_id_has_no_start(text: str) -> None:
    assert started(text) is None or re.fullmatch("[0-9a-f]{12}(-gw[0-9]+)?", text)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, "6742a1b3c0de-gw0", "http://a", lambda: "test_x")


def test_unique_values_carry_the_runs_marker(ledger: Ledger) -> None:
    unique = Unique("test-", ledger)
    assert re.fullmatch("test-6742a1b3c0de-gw0-[0-9a-f]{10}", unique.name())
    assert re.fullmatch("test-6742a1b3c0de-gw0-[0-9a-f]{10}@example[.]com", unique.email())
    assert run_in(unique(), "test-") == "6742a1b3c0de-gw0"


def test_unique_values_stay_unique_when_the_random_seed_is_set_again(ledger: Ledger) -> None:
    unique = Unique("test-", ledger)
    values = set()
    for _ in range(1000):
        random.seed(7)
        values |= {unique.email(), unique.name()}
    assert len(values) == 2000


def test_run_ids_differ_within_a_second_with_the_same_seed() -> None:
    random.seed(7)
    first = new_run_id(1)
    others = set()
    for _ in range(3):  # three more collisions in 65,536 would be a fixed number
        random.seed(7)
        others.add(new_run_id(1))
    assert others != {first}
