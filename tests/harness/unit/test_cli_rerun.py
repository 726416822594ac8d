"""Where `tidegate rerun` runs what failed, and in which words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tidegate.cli.main import main
from tidegate.order.plan import read_plan

Asked = list[list[str]]
RUN = {"format": 1, "run": "6742a1b3c0de", "verdict": "failed", "place": "host"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Asked:
    """Each command that was run, in place of running it; the exit code is 3."""
    heard: Asked = []

    def run(words: Sequence[str], **_: Any) -> int:
        heard.append([*words])
        return 3

    monkeypatch.setattr("pytest.main", run)
    monkeypatch.setattr("tidegate.stack.commands.attached", run)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.tidegate]\n")
    (tmp_path / "compose.yaml").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").touch()
    (tmp_path / "artifacts").mkdir()
    return heard


def left(*tests: tuple[str, str, str], **run: Any) -> None:
    """What a run has left: its tests, each with its worker and outcome."""
    lines: list[dict[str, Any]] = [{"collected": []}]
    for index, (test, worker, outcome) in enumerate(tests):
        lines.append({"begin": test, "index": index, "worker": worker, "at": index})
        for phase, came in (("call", outcome), ("teardown", "passed")):
            lines.append({"test": test, "worker": worker, "phase": phase, "outcome": came, "at": index, "seconds": 1})
    Path("artifacts/run.json").write_text(json.dumps(RUN | run))
    Path("artifacts/tests.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


B, A, GONE = "tests/test_it.py::test_b[-x ✓]", "tests/test_it.py::test_a", "tests/test_gone.py::test_c"
WORDS = ["tests/test_it.py", "--replay-order=artifacts/rerun.json"]


def test_failed_tests_run_in_their_order_and_what_follows_is_pytests(asked: Asked) -> None:
    left(
        (B, "gw1", "failed"),
        ("tests/test_it.py::test_d", "", "passed"),
        (GONE, "", "failed"),
        (A, "gw0", "error"),
        pytest={"seed": 5, "args": ["-q"]},
    )
    assert main(["rerun", "-x", "--pdb", "--tb=short"]) == 3
    assert asked == [[*WORDS, "-x", "--pdb", "--tb=short"]]
    plan = read_plan(Path("artifacts/rerun.json"))
    assert ({*plan.tests}, plan.seed, [*plan.workers]) == ({A, B, GONE}, 5, [""])


def test_what_ran_in_the_test_container_runs_there(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    left((A, "", "failed"), place="container", pytest={"rootdir": "/suite"})
    assert main(["rerun", "-vv"]) == 3
    assert asked == [["docker", "compose", "run", "--rm", "--build", "tests", *WORDS, "-vv"]]
    assert (
        "1 test that failed in run 6742a1b3c0de, in the test container: docker compose run" in capsys.readouterr().out
    )


def test_a_compose_file_that_compose_does_not_find_is_named(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    Path("compose.yaml").rename("compose.tests.yaml")
    Path("pyproject.toml").write_text('[tool.tidegate.stack]\ncompose_file = "compose.tests.yaml"\n')
    left((A, "", "failed"), place="container", pytest={"rootdir": "/suite"})
    assert main(["rerun"]) == 3
    assert [words[:5] for words in asked] == [["docker", "compose", "-f", "compose.tests.yaml", "run"]]
    assert "docker compose -f compose.tests.yaml down -v ends it" in capsys.readouterr().out


@pytest.mark.parametrize("why", ["no docker", "no compose file", "in it"])
def test_without_a_test_container_it_runs_here(asked: Asked, monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    if why == "no docker":
        monkeypatch.setattr("shutil.which", lambda _: None)
    if why == "no compose file":
        Path("compose.yaml").unlink()
    rootdir = str(Path.cwd()) if why == "in it" else "/suite"
    left((A, "", "failed"), place="container", pytest={"rootdir": rootdir})
    assert main(["rerun"]) == 3
    assert asked == [WORDS]


def test_a_stack_that_was_kept_is_used_and_kept(asked: Asked) -> None:
    left((A, "", "failed"), place="container")
    Path("artifacts/kept-stack.json").touch()
    assert main(["rerun"]) == 3
    assert asked == [["--stack=compose", "--keep-stack", *WORDS]]


@pytest.mark.parametrize("args", [["-x", "--stack", "process"], ["--stack=process", "tests"]])
def test_the_stack_is_of_the_kind_that_was_asked_for(asked: Asked, args: list[str]) -> None:
    left((A, "", "failed"), pytest={"args": args})
    main(["rerun"])
    assert asked == [["--stack=process", *WORDS]]


def test_a_module_that_could_not_be_collected_is_named_itself(asked: Asked) -> None:
    left((A, "", "failed"))
    with Path("artifacts/tests.jsonl").open("a") as lines:
        lines.write(json.dumps({"test": "tests/test_bad.py", "phase": "collect", "outcome": "failed", "at": 9}) + "\n")
    main(["rerun"])
    assert asked == [[A, "tests/test_bad.py"]]


def test_after_a_green_run_there_is_nothing_to_do(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    left((A, "", "passed"))
    assert (main(["rerun"]), asked) == (0, [])
    assert "nothing to run again" in capsys.readouterr().out


def test_without_a_run_it_says_so(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rerun"]) == 66
    assert "no bundle" in capsys.readouterr().err


def test_help_is_its_own(asked: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["rerun", "--help"]), asked) == (0, [])
    assert "usage: tidegate rerun" in capsys.readouterr().out
