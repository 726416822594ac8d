"""What is said of a failure, from how tests end in whichever order they run again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from tidegate.cli.reproduce.attempt import Attempt, NotStarted, Outcome
from tidegate.cli.reproduce.search import Search, of_the_start
from tidegate.cli.reproduce.target import Red, red
from tidegate.cli.reproduce.verdict import Verdict
from tidegate.errors import Impossible, UsageError
from tidegate.evidence.bundle import Bundle
from tidegate.lines import line_of
from tidegate.order.plan import Plan
from tidegate.records import Exchange, Message

Ending = Callable[[str, list[str]], str]  # of a test, by what ran before it on its worker: the message, empty for green


def written(folder: Path, workers: dict[str, list[str]], outcome: Ending, phase: str = "call", **run: Any) -> Bundle:
    folder.mkdir()
    lines, failed = list[dict[str, Any]](), False
    for worker, tests in workers.items():
        for index, test in enumerate(tests):
            said, at = outcome(test, tests[:index]), index + 1.0
            failed = failed or bool(said)
            line: dict[str, Any] = {"test": test, "worker": worker}
            lines.append({"begin": test, "index": index, "worker": worker, "at": at})
            told = {"outcome": "failed", "kind": "AssertionError", "message": said} if said else {"outcome": "passed"}
            for name, when in (("call", at), ("teardown", at + 0.5)):
                ended = told if name == phase else {"outcome": "passed"}
                lines.append({**line, "phase": name, "at": when, "seconds": 0.5, **ended})
    (folder / "tests.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    facts = {"format": 1, "run": "abc", "exit_code": int(failed), "pytest": {"args": [], "seed": 7}, **run}
    (folder / "run.json").write_text(json.dumps(facts))
    return Bundle(folder)


def green(_name: str, _before: list[str]) -> str:
    return ""


def always(_before: list[str]) -> bool:
    return True


class Stage:
    """A ground on which tests end as `outcome` says."""

    def __init__(self, place: Path, workers: dict[str, list[str]], outcome: Ending) -> None:
        self.place, self.outcome, self.asked = place, outcome, list[Attempt]()
        self.bundle = written(place / "there", workers, outcome)
        self.lines: list[str] = []
        self.phase = "call"  # the one that fails

    def run(self, asked: Attempt) -> Outcome:
        self.asked.append(asked)
        assert asked.plan
        workers = {name: list(tests) for name, tests in asked.plan.workers.items()}
        bundle = written(self.place / str(len(self.asked)), workers, self.outcome, self.phase)
        return Outcome(code=bundle.run["exit_code"], bundle=bundle, rows={"users": ["id=2"]} if asked.look else {})

    def verdict(self, tries: int = 5) -> Verdict:
        return Search(self.bundle, red(self.bundle), self.run, self.lines.append, tries).verdict()


INNOCENT = [f"tests/test_a.py::test_{number}" for number in range(9)]


def only(test: str, when: Callable[[list[str]], bool], said: str = "1 == 2") -> Ending:
    return lambda name, before: said if name == test and when(before) else ""


def test_what_fails_alone_is_reproduced(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": [*INNOCENT, "it"]}, only("it", always))
    verdict = stage.verdict()
    assert (verdict.code, len(stage.asked)) == (0, 2)
    assert verdict.text == "reproduced: it"
    assert [asked.plan.workers for asked in stage.asked if asked.plan] == [{"": ("it",)}] * 2
    assert all(asked.plan and asked.plan.seed == 7 for asked in stage.asked)


@pytest.mark.parametrize(
    "needed", [["tests/test_a.py::test_4"], ["tests/test_a.py::test_1", "tests/test_a.py::test_7"]]
)
def test_what_fails_after_others_names_them_and_no_other(needed: list[str], tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": [*INNOCENT, "it"]}, only("it", lambda before: {*needed} <= {*before}))
    verdict = stage.verdict()
    assert verdict.code == 80
    assert verdict.text == f"reproduced only after {' and '.join(needed)}: it"
    assert "rows of users that were not there at the beginning: 1" in verdict.details
    assert not any(name in str(verdict) for name in {*INNOCENT} - {*needed})


def test_what_fails_after_a_dozen_is_no_chance_although_not_each_can_be_tried(tmp_path: Path) -> None:
    dozen = [f"test_{number}" for number in range(12)]
    verdict = Stage(tmp_path, {"": [*dozen, "it"]}, only("it", lambda before: len(before) >= 12)).verdict()
    assert verdict.code == 80
    assert verdict.text == "reproduced only after test_0 and test_1 and test_2 and test_3 and test_4 and 7 more: it"
    assert "perhaps not all of them are needed: not settled within 60 runs" in verdict.details
    assert not any("needs all" in line for line in verdict.details)


def test_what_the_api_remembers_is_told_from_what_its_rows_say_in_a_few_runs(tmp_path: Path) -> None:
    stage, poisoned = Stage(tmp_path, {"": [*INNOCENT, "it"]}, only("it", lambda before: INNOCENT[4] in before)), False

    def run(asked: Attempt) -> Outcome:
        nonlocal poisoned
        known = (poisoned and not asked.fresh) or None
        stage.outcome = only("it", lambda before: known or INNOCENT[4] in before)
        came = stage.run(asked)
        poisoned = bool(known) or bool(asked.plan and INNOCENT[4] in asked.plan.tests)
        return Outcome(code=came.code, bundle=came.bundle)

    verdict = Search(stage.bundle, red(stage.bundle), run, stage.lines.append).verdict()
    assert verdict.text == f"reproduced only after {INNOCENT[4]}: it"
    assert any("until the API is started again: perhaps it remembers" in line for line in verdict.details)
    assert len([asked for asked in stage.asked if not asked.fresh]) < 14
    assert not any("after 0" in line for line in stage.lines)


def test_the_end_of_a_shared_fixture_is_not_laid_at_the_last_test(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": [*INNOCENT, "it"]}, only("it", lambda before: INNOCENT[4] in before))
    stage.phase = "teardown"
    stage.bundle = written(tmp_path / "ended", {"": [*INNOCENT, "it"]}, stage.outcome, stage.phase)
    verdict = stage.verdict()
    assert verdict.code == 80
    assert verdict.next_step.startswith("it is the end of a fixture that fails")


def test_workers_stay_who_they_were(tmp_path: Path) -> None:
    workers = {"gw0": INNOCENT[:4], "gw1": [*INNOCENT[4:], "it"]}
    stage = Stage(tmp_path, workers, only("it", lambda before: INNOCENT[5] in before))
    assert stage.verdict().text == f"reproduced only after {INNOCENT[5]}: it"
    assert all(asked.plan and set(asked.plan.workers) == {"gw0", "gw1"} for asked in stage.asked)


def test_what_fails_now_and_then_is_counted_and_accuses_nobody(tmp_path: Path) -> None:
    answers = iter([True, False, False, False, False, True, False, False])
    stage = Stage(tmp_path, {"": [*INNOCENT, "it"]}, only("it", lambda _before: next(answers)))
    verdict = stage.verdict()
    assert verdict.code == 81
    assert verdict.text == "not reproduced: it: 1 of 7 runs red"
    assert [asked.slow for asked in stage.asked[-5:]] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("GET /users (call): status\n  recorded: 500\n  now:      200", "sent again: GET /users (call): status"),
        ("", "sent again, get the answers that they got there"),
        ("not possible: no login", "sent again: not possible: no login"),
    ],
)
def test_of_what_stays_green_the_recorded_requests_are_sent_again(told: str, said: str, tmp_path: Path) -> None:
    stage, asked = Stage(tmp_path, {"": ["it"]}, only("it", always)), list[str]()
    sent = Exchange(1, "it", "call", "admin", "GET", "http://api:8000/users", Message(), 500, Message(), 1.0)
    (stage.bundle.folder / "exchanges.jsonl").write_bytes(line_of(sent, "abc"))
    stage.outcome = green

    def replay(test: str) -> str:
        asked.append(test)
        return told

    verdict = Search(stage.bundle, red(stage.bundle), stage.run, stage.lines.append, 2, replay).verdict()
    assert (verdict.code, asked) == (81, ["it"])
    assert any(said in line for line in verdict.details)
    assert told.splitlines()[1:] == list(verdict.details[-2:] if "\n" in told else ())


def test_what_ran_at_the_same_time_runs_beside_each_try_and_may_fail_instead(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"gw0": ["zero", "one"], "gw1": ["none", "two"]}, only("two", always))
    losers = iter(["", "one", "two", "", "one", "two", "one"])  # run by run

    def run(asked: Attempt) -> Outcome:
        stage.outcome = only(next(losers), always)
        return stage.run(asked)

    verdict = Search(stage.bundle, red(stage.bundle), run, stage.lines.append, 5).verdict()
    assert verdict.text == "not reproduced: two: 4 of 7 runs red"
    tried = [asked.plan.workers for asked in stage.asked[2:] if asked.plan]
    assert tried == [{"gw0": ("one",), "gw1": ("two",)}] * 5
    assert "one failed so instead, 2 of 7 runs" in verdict.details
    assert any(line.startswith("at the same time, on other workers: one;") for line in verdict.details)


def test_another_failure_of_the_same_test_is_not_it(tmp_path: Path) -> None:
    answers = iter(["1 == 2"])
    stage = Stage(tmp_path, {"": ["it"]}, only("it", always))
    stage.outcome = lambda _name, _before: "no connection"
    stage.bundle = written(tmp_path / "that", {"": ["it"]}, lambda _name, _before: next(answers))
    verdict = stage.verdict(tries=1)
    assert verdict.code == 81
    assert "it fails differently: no connection" in verdict.details


def test_numbers_and_ids_do_not_make_another_failure(tmp_path: Path) -> None:
    numbers = iter(range(100, 900))
    stage = Stage(tmp_path, {"": ["it"]}, lambda _name, _before: f"user {next(numbers)} is there")
    assert stage.verdict().code == 0


def test_a_run_that_ends_before_any_test_reproduces_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": ["it"]}, only("it", always))

    def refused(asked: Attempt) -> Outcome:
        bundle = written(
            tmp_path / "here", {}, stage.outcome, exit_code=77, stopped={"text": "login refused", "code": 77}
        )
        return Outcome(code=77, bundle=bundle)

    with pytest.raises(Impossible, match="exit code 77") as caught:
        Search(stage.bundle, red(stage.bundle), refused, stage.lines.append).verdict()
    assert "login refused" in str(caught.value)


@pytest.mark.parametrize(
    ("here", "code"), [("login refused: 401 at 09:12", 0), ("login refused: no", 81), ("gate", 81)]
)
def test_the_end_of_a_whole_run_is_compared_by_its_words(here: str, code: int, tmp_path: Path) -> None:
    stopped = {"text": "login refused: 401 at 10:30\n  seen: x", "code": 77}
    there = written(tmp_path / "there", {}, green, exit_code=77, stopped=stopped)
    numbers = iter("123")

    def run(asked: Attempt) -> Outcome:
        told = {"text": here, "code": 77}
        bundle = written(tmp_path / next(numbers), {}, green, exit_code=77, stopped=told)
        return Outcome(code=77, bundle=bundle)

    assert Search(there, red(there), run, print).verdict().code == code


def fallen(folder: Path, services: dict[str, Any]) -> Bundle:
    bundle = written(folder, {}, green, exit_code=69)
    (folder / "stack.json").write_text(json.dumps({"started": False, "stage": "container", "services": services}))
    return Bundle(bundle.folder)


def falling(services: Iterable[str]) -> Callable[[], None]:
    def begin() -> None:
        if services:
            raise NotStarted(frozenset(services), "its last words")

    return begin


@pytest.mark.parametrize(
    ("here", "code"), [(["api exit code 1"], 0), (["migrate exit code 1"], 81), (["api exit code 2"], 81), ([], 81)]
)
def test_a_stack_that_fell_has_to_fall_the_same_way(here: list[str], code: int, tmp_path: Path) -> None:
    services = {"api": {"state": "exited", "exit_code": 1}, "migrate": {"state": "exited", "exit_code": 0}}
    bundle = fallen(tmp_path / "there", services)
    assert of_the_start(red(bundle), falling(here)).code == code


def test_a_green_run_has_nothing_to_reproduce(tmp_path: Path) -> None:
    bundle = written(tmp_path / "there", {"": ["it"]}, green)
    with pytest.raises(UsageError, match="nothing was red"):
        red(bundle)


def test_one_of_the_failed_tests_can_be_chosen() -> None:
    wanted = Red({"tests/a.py::test_one": "x", "tests/a.py::test_two": "y"})
    assert [*wanted.only("test_two").tests] == ["tests/a.py::test_two"]
    with pytest.raises(UsageError, match="did not fail"):
        wanted.only("test_three")


def test_one_predecessor_alone_is_accused_in_a_few_runs(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": ["polluter", "it"]}, only("it", lambda before: "polluter" in before))
    assert stage.verdict().text == "reproduced only after polluter: it"
    assert len(stage.asked) <= 10


def test_the_words_of_a_verdict_are_those_that_were_said(tmp_path: Path) -> None:
    numbers = iter(range(100, 900))
    stage = Stage(tmp_path, {"": ["it"]}, lambda _name, _before: f"user {next(numbers)} is there")
    assert stage.verdict().details == ("it: user 100 is there",)
    stopped = {"text": "login refused: 401 at 10:30", "code": 77}
    there = written(tmp_path / "ended", {}, green, exit_code=77, stopped=stopped)
    otherwise = Outcome(code=0, bundle=written(tmp_path / "well", {}, green))
    told = Search(there, red(there), lambda _asked: otherwise, print).verdict().details
    assert told[0] == "there: login refused: 401 at 10:30"


def test_a_debugger_has_one_process_that_runs_the_failed_test_last() -> None:
    split = Attempt(plan=Plan({"gw0": ("it",), "gw1": ("polluter",)}))
    assert split.workers() == ["-n", "2"]
    assert split.workers(pdb=True) == ["--pdb", "-n0"]
    assert split.ending_with(["it"]).plan == Plan({"gw1": ("polluter",), "gw0": ("it",)})
    assert [*(split.ending_with(["it"]).plan or Plan({})).workers] == ["gw1", "gw0"]
    alone = Attempt(plan=Plan({"": ("it",)}))
    assert (alone.workers(), alone.workers(pdb=True)) == ([], ["--pdb"])
