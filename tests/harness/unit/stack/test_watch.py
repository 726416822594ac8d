"""What a look at the containers tells, without an engine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tidegate.stack import watch
from tidegate.stack.containers import Container
from tidegate.stack.failure import Failure, Stage
from tidegate.stack.plan import Plan

PLAN = Plan(service="api", port=8000, images={}, one_shots=frozenset({"migrate"}), fingerprint="")
API = Container(id="1", service="api", image="a", state="running", ports={8000: 32768})
DB = Container(id="2", service="db", image="b", state="running", health="healthy")
MIGRATE = Container(id="3", service="migrate", image="a", state="exited")


@pytest.fixture
def look() -> watch.Watch:
    return watch.Watch(PLAN, patience=0)


def failure(look: watch.Watch, *found: Container) -> Failure:
    with pytest.raises(Failure) as caught:
        look.judge(found)
    return caught.value


@pytest.mark.parametrize(
    "found",
    [
        [],
        [API, DB, MIGRATE],
        [replace(API, state="created"), replace(DB, health="starting"), replace(MIGRATE, state="created")],
        [replace(API, state="restarting", code=1, restarts=1), DB, MIGRATE],
        [API, replace(DB, service="seed", state="exited")],
    ],
)
def test_what_may_still_come_to_stand_is_left_alone(look: watch.Watch, found: list[Container]) -> None:
    look.judge(found)


def test_a_one_shot_that_failed_is_the_migration(look: watch.Watch) -> None:
    failed = failure(look, replace(API, state="created"), DB, replace(MIGRATE, code=2))
    assert (failed.stage, failed.container and failed.container.service) == (Stage.MIGRATION, "migrate")


def test_of_several_that_failed_the_first_is_named(look: watch.Watch) -> None:
    first = replace(DB, state="exited", code=3, health="unhealthy", finished="2026-11-23T10:00:00Z")
    second = replace(MIGRATE, code=1, finished="2026-11-23T10:00:01Z")
    assert failure(look, second, first).container == first


def test_a_service_that_ends_is_a_failure_whatever_its_exit_code(look: watch.Watch) -> None:
    assert "exit code 0" in failure(look, replace(API, state="exited")).what
    assert "out of memory" in failure(look, replace(API, state="exited", code=137, oom=True)).what


def test_restarts_count_only_while_all_else_is_there(look: watch.Watch) -> None:
    starting = replace(DB, health="starting")
    look.judge([replace(API, restarts=5), starting])
    look.judge([replace(API, restarts=9), starting])
    look.judge([replace(API, restarts=11), DB])
    failed = failure(look, replace(API, state="restarting", code=1, restarts=12), DB)
    assert (failed.stage, "12 restarts, exit code 1" in failed.what) == (Stage.CONTAINER, True)


def test_a_port_of_this_machine_that_is_taken_is_no_broken_container(look: watch.Watch) -> None:
    error = "driver failed programming external connectivity: Bind for 127.0.0.1:80 failed: port is already allocated"
    assert failure(look, replace(API, state="created", error=error)).stage == Stage.PORT
    assert failure(look, replace(API, state="created", error="exec: no such file")).stage == Stage.CONTAINER


def test_a_failing_health_check_is_quoted(look: watch.Watch) -> None:
    failed = failure(look, replace(API, health="unhealthy", check="503 from /health"), DB)
    assert (failed.stage, failed.seen) == (Stage.HEALTH, "503 from /health")


@pytest.mark.parametrize(
    ("listening", "said"),
    [
        ([("0.0.0.0", 9000), ("::", 3000)], "listens on 3000, 9000 in its container, not on 8000"),
        ([("127.0.0.1", 8000), ("0.0.0.0", 9000)], "listens on port 8000 of 127.0.0.1"),
    ],
)
def test_a_port_nobody_reaches_is_named(look: watch.Watch, listening: list[tuple[str, int]], said: str) -> None:
    with pytest.raises(Failure, match=said):
        look.judge_ports(listening)


@pytest.mark.parametrize(
    "listening",
    [
        None,
        [],
        [("0.0.0.0", 8000), ("0.0.0.0", 9000)],
        [("127.0.0.1", 9229)],
    ],
)
def test_a_port_that_may_still_open_is_waited_for(look: watch.Watch, listening: list[tuple[str, int]] | None) -> None:
    look.judge_ports(listening)


def test_other_ports_get_their_time_and_then_again_from_the_start() -> None:
    look = watch.Watch(PLAN, patience=3600)
    look.judge_ports([("0.0.0.0", 9000)])
    assert look.elsewhere_since is not None
    look.judge_ports([])
    assert look.elsewhere_since is None


def test_a_failed_command_is_the_image_when_that_is_missing() -> None:
    failed = watch.of_command("Error: pull access denied", [], ["registry.invalid/api:1"])
    assert (failed.stage, "registry.invalid/api:1" in failed.what) == (Stage.IMAGE, True)
    assert watch.of_command("network not found", [API], []).stage == Stage.CONTAINER
    assert watch.of_command("Bind failed: port is already allocated", [API], []).stage == Stage.PORT
