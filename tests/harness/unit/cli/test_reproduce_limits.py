"""What is said where a failure comes from no test, or has not been looked into."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit.cli.test_reproduce_search import INNOCENT, Stage, always, green, only, written

from tidegate.cli.reproduce.attempt import Attempt, Outcome
from tidegate.cli.reproduce.search import Search
from tidegate.cli.reproduce.target import red
from tidegate.errors import Impossible
from tidegate.evidence.bundle import Bundle
from tidegate.lines import line_of
from tidegate.records import Exchange, Message


def test_a_service_that_was_gone_is_named_before_more_tries_are_advised(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": ["it"]}, only("it", always, "answered 503"))
    gone = {"state": "exited", "exit_code": 137, "finished": "1970-01-01T00:00:01Z"}
    (stage.bundle.folder / "stack.json").write_text(json.dumps({"services": {"db": gone}}))
    sent = Exchange(1, "it", "call", "admin", "GET", "http://api/users", Message(), 503, Message(), 1.2)
    (stage.bundle.folder / "exchanges.jsonl").write_bytes(line_of(sent, "abc"))
    stage.bundle, stage.outcome = Bundle(stage.bundle.folder), green
    verdict = stage.verdict()
    assert verdict.code == 81
    assert verdict.details[1] == "in that run db ended with exit code 137 while it was needed"
    assert "--tries" not in verdict.next_step


def test_other_failures_that_are_not_looked_into_are_named(tmp_path: Path) -> None:
    after = {"it": INNOCENT[3], "other": INNOCENT[5]}
    stage = Stage(
        tmp_path,
        {"": [*INNOCENT, "it", "other"]},
        lambda name, before: "1 == 2" if after.get(name, "") in before else "",
    )
    verdict = stage.verdict()
    assert verdict.text == f"reproduced only after {INNOCENT[3]}: it"
    assert "also red in that run, and not looked into: other; --test NAME does" in verdict.details


def test_files_without_the_tests_are_told_from_a_run_that_could_not_begin(tmp_path: Path) -> None:
    stage = Stage(tmp_path, {"": ["it"]}, only("it", always))

    def nothing(_asked: Attempt) -> Outcome:
        return Outcome(code=5, bundle=written(tmp_path / "here", {}, green, exit_code=5))

    with pytest.raises(Impossible, match="none of the tests is in these files: it"):
        Search(stage.bundle, red(stage.bundle), nothing, stage.lines.append).verdict()
