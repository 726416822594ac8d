"""What `tidegate doctor` says of the health path, of another one that answers, and of flags in the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from projects import Answer, Bent, Call
from unit.adopt.doctor.doctor_settings import PYPROJECT, Doctor


def test_a_health_path_that_is_not_there_is_69(see: Doctor) -> None:
    code, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert (code, lines["health"][:6]) == (69, "FAILED")
    assert "/nowhere" in lines["health"]


@pytest.mark.parametrize("status", [401, 404])
def test_a_health_path_that_answers_is_named_where_the_set_one_does_not(see: Doctor, stub: Bent, status: int) -> None:
    stub.answers("GET", "/nowhere", Answer(status))
    _, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert lines["health"].endswith("; /health answers 200: set API_HEALTH_PATH to that")


def test_no_other_health_path_is_named_where_the_set_one_says_that_the_api_is_not_well(see: Doctor, stub: Bent) -> None:
    stub.answers("GET", "/health", Answer(503))
    stub.answers("GET", "/ping", Answer(200))
    _, lines = see("--set", "health.try_timeout=0.2")
    assert "/ping" not in lines["health"]


def test_no_other_health_path_is_named_of_an_api_that_says_yes_to_anything(see: Doctor, stub: Bent) -> None:
    def yes(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        return Answer(404) if call.path == "/nowhere" else Answer(200, {"status": "ok"})

    stub.bend = yes
    _, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert "answers 200" not in lines["health"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"status": "ok", "checks": {"db": True, "mail": False}}, "checks"),
        ({"db": True}, "."),
        ({"data": {"of": {"db": True}}}, "data.of"),
        ({"status": "ok", "checks": {"db": "up"}, "none": {}}, ""),
    ],
)
def test_flags_that_the_gate_does_not_look_at_are_named(see: Doctor, stub: Bent, body: object, place: str) -> None:
    stub.answers("GET", "/health", Answer(200, body))
    code, lines = see()
    assert (code, lines["health"][:2]) == (0, "ok")
    assert lines["health"].partition("; ")[2] == (
        f'the gate can also wait for its flags: flags = "{place}" in [tool.tidegate.health]' if place else ""
    )


def test_flags_that_are_set_are_not_proposed(see: Doctor, stub: Bent) -> None:
    stub.answers("GET", "/health", Answer(200, {"checks": {"db": True}}))
    _, lines = see(pyproject=f'[tool.tidegate.health]\nflags = "checks"\n{PYPROJECT}')
    assert "flags" not in lines["health"]
