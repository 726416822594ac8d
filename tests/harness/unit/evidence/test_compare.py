"""What differs between two runs, and what only seems to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tidegate.cli.main import main
from tidegate.evidence.bundle import open_bundle
from tidegate.evidence.compare import Point, compare
from tidegate.evidence.durations import changes
from tidegate.lines import line_of
from tidegate.records import Exchange, Message

Outcomes = Mapping[str, str]


def bundle(
    folder: Path, outcomes: Outcomes, *, contract: Any = None, exchanges: Sequence[Exchange] = (), **run: Any
) -> Path:
    folder.mkdir()
    red = any(outcome in ("failed", "error") for outcome in outcomes.values())
    told = {"format": 1, "run": "6742a1b3c0de", "verdict": "failed" if red else "passed", **run}
    (folder / "run.json").write_text(json.dumps(told))
    lines: list[dict[str, Any]] = [{"collected": [*outcomes]}]
    for index, (test, outcome) in enumerate(outcomes.items()):
        outcome, _, message = outcome.partition(" ")
        more = {"kind": "AssertionError", "message": message} if outcome == "failed" else {}
        lines += [
            {"begin": test, "index": index, "worker": "", "at": index},
            {"test": test, "phase": "call", "outcome": outcome, "at": index, "seconds": 1, **more},
            {"test": test, "phase": "teardown", "outcome": "passed", "at": index, "seconds": 0},
        ]
    (folder / "tests.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    if contract is not None:
        (folder / "contract.json").write_text(json.dumps(contract))
    (folder / "exchanges.jsonl").write_bytes(b"".join(line_of(each, "6742a1b3c0de") for each in exchanges))
    return folder


def met(where: str, percent: int, *points: str, tests: Sequence[str] = ("a",)) -> dict[str, Any]:
    finding = {"kind": "body", "operation": "GET /x", "where": where, "promised": "integer", "came": "1.5"}
    operations = [{"operation": "GET /x", "positive": {point: point in points for point in ("200", "201")}}]
    coverage = {"percent": percent, "operations": operations}
    return {"whole": True, "findings": [{**finding, "tests": [*tests]}], "coverage": coverage}


def slow(name: str, milliseconds: Sequence[float]) -> list[Exchange]:
    return [
        Exchange(n, "a", "call", "admin", "GET", f"http://x/{name}", Message(), 200, Message(), n, each / 1000)
        for n, each in enumerate(milliseconds)
    ]


def compared(there: Path, here: Path) -> list[Point]:
    return compare(open_bundle(there), open_bundle(here))


def test_a_run_does_not_differ_from_itself(tmp_path: Path) -> None:
    it = bundle(
        tmp_path / "it",
        {"a": "passed", "b": "failed no"},
        contract=met("200", 90, "200"),
        exchanges=slow("x", range(9)),
    )
    assert [point.kind for point in compared(it, it)] == ["red in both"]
    assert main(["diff", str(it), str(it)]) == 0


def test_each_test_that_came_out_otherwise_is_told_the_worse_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {
        "a": "passed",
        "b": "failed got 3",
        "c": "failed got 3",
        "d": "failed 3 is wrong",
        "e": "passed",
        "g": "skipped",
    }
    here = {
        "a": "failed no",
        "b": "passed",
        "c": "failed got 4",
        "d": "failed other",
        "f": "passed",
        "g": "passed",
        "h": "failed x",
    }
    paths = bundle(tmp_path / "there", there), bundle(tmp_path / "here", here)
    assert [(point.way, point.kind, point.what) for point in compared(*paths)] == [
        ("worse", "red", "a"),
        ("worse", "red", "h"),
        ("better", "fixed", "b"),
        ("else", "red otherwise", "d"),
        ("else", "red in both", "c"),
        ("else", "outcome", "g"),
        ("else", "added", "f"),
        ("else", "gone", "e"),
    ]
    assert main(["diff", *map(str, paths)]) == 1
    told = capsys.readouterr().out
    assert "red            a\n                   AssertionError: no (passed there)" in told
    assert told.endswith("\n2 worse\n")
    assert main(["diff", str(paths[1]), str(paths[0])]) == 1  # b and c, the other way round


def test_five_hundred_red_tests_fit_on_a_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"test_{number}" for number in range(500)]
    there = bundle(tmp_path / "there", dict.fromkeys(names, "passed"))
    assert main(["diff", str(there), str(bundle(tmp_path / "here", dict.fromkeys(names, "failed " + 300 * "x")))]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 30
    assert max(map(len, lines)) <= 160 + len(str(tmp_path))
    assert "  red            … and 492 more" in lines


def test_what_a_bundle_says_does_nothing_to_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = bundle(tmp_path / "there", {"a": "passed"}, git={"commit": "\x1b[2J", "branch": "x\ry"})
    assert main(["diff", str(there), str(bundle(tmp_path / "here", {"a": "failed \x1b]0;owned\x07"}))]) == 1
    assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_a_run_that_ended_early_is_worse_though_no_test_says_so(tmp_path: Path) -> None:
    there = bundle(tmp_path / "there", {"a": "passed"})
    here = bundle(tmp_path / "here", {"a": "passed"}, verdict="failed", exit_code=79)
    stopped = bundle(tmp_path / "stopped", {}, verdict="not started", stopped={"text": "no stack\nseen", "code": 69})
    assert compared(there, here) == [Point("worse", "run", "passed there, failed here", "exit code 79")]
    assert compared(there, stopped)[0] == Point("worse", "run", "passed there, not started here", "no stack")
    assert compared(here, there) == []


def test_findings_and_coverage_count_where_they_could_have_been_seen(tmp_path: Path) -> None:
    there = bundle(tmp_path / "there", {"a": "passed", "b": "passed"}, contract=met("200 body /n", 50, "200"))
    here = bundle(tmp_path / "here", {"a": "passed", "b": "passed"}, contract=met("200 body /m", 50, "201"))
    part = bundle(tmp_path / "part", {"b": "passed"}, contract={"whole": False, "findings": []})
    assert [(point.way, point.kind) for point in compared(there, here)] == [
        ("worse", "finding"),
        ("worse", "coverage"),
        ("better", "coverage"),
        ("better", "finding gone"),
    ]
    assert [point.kind for point in compared(there, part)] == ["gone"]


def test_an_operation_is_slower_when_chance_and_the_machine_do_not_explain_it(tmp_path: Path) -> None:
    random = Random(5)
    there = {name: [random.lognormvariate(3, 0.4) for _ in range(40)] for name in "abcdef"}
    here = {name: [2 * random.lognormvariate(3, 0.4) for _ in range(40)] for name in "abcde"}
    here["f"] = [6 * random.lognormvariate(3, 0.4) for _ in range(40)]
    pace, [slower] = changes(there, here)
    assert (slower.name, slower.slower) == ("f", True)
    assert 1.7 < pace < 2.3
    paths = (
        bundle(tmp_path / name, {"a": "passed"}, exchanges=[each for key in took for each in slow(key, took[key])])
        for name, took in (("there", there), ("here", here))
    )
    assert [(point.way, point.kind) for point in compared(*paths)] == [("worse", "slower"), ("else", "pace")]


def test_what_the_runs_were_given_otherwise_is_told_and_is_not_worse(tmp_path: Path) -> None:
    there = bundle(tmp_path / "there", {"a": "passed"}, python="3.13.5", tz="UTC")
    here = bundle(tmp_path / "here", {"a": "passed"}, python="3.11.7", tz="UTC")
    assert compared(there, here) == [Point("else", "differs", "python: 3.13.5 there, 3.11.7 here")]


def test_noise_is_told_of_no_operation() -> None:
    for seed in range(30):
        random = Random(seed)
        runs = [{str(n): [random.lognormvariate(3, 0.8) for _ in range(30)] for n in range(20)} for _ in range(2)]
        assert changes(*runs)[1] == []


def test_two_measurements_say_nothing() -> None:
    assert changes({"a": [1, 2]}, {"a": [100, 200]})[1] == []


@pytest.mark.parametrize("broken", ["[]", '{"findings": 3, "coverage": {"operations": [1]}}', "{"])
def test_what_is_broken_in_a_bundle_is_no_difference(tmp_path: Path, broken: str) -> None:
    there, here = bundle(tmp_path / "there", {"a": "passed"}), bundle(tmp_path / "here", {"a": "passed"})
    for each in (there, here):
        (each / "contract.json").write_text(broken)
    assert compared(there, here) == []
