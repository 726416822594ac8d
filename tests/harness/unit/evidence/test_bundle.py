"""A bundle as it is read elsewhere, whole or after whatever may have become of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tidegate.errors import BundleError
from tidegate.evidence.bundle import Bundle, open_bundle
from tidegate.lines import line_of
from tidegate.records import Exchange, Message

RUN, OLD = "6742a1b3c0de", "6742a1b30000"


def exchange(number: int, test: str, started: float, **more: Any) -> Exchange:
    return Exchange(number, test, "call", "admin", "GET", "http://h/", Message(), 200, None, started, **more)


def lines(path: Path, *entries: Any, cut: int = 0) -> None:
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text[: len(text) - cut])


def begin(test: str, index: int, at: float, worker: str = "") -> dict[str, Any]:
    return {"begin": test, "index": index, "worker": worker, "at": at}


def phase(test: str, name: str, outcome: str = "passed", at: float = 1.0, **more: Any) -> dict[str, Any]:
    return {"test": test, "worker": "", "phase": name, "outcome": outcome, "at": at, "seconds": 0.5, **more}


def whole(test: str, index: int, at: float, call: str = "passed", worker: str = "") -> list[dict[str, Any]]:
    phases = [phase(test, "setup", at=at), phase(test, "call", call, at), phase(test, "teardown", at=at)]
    return [begin(test, index, at, worker), *({**each, "worker": worker} for each in phases)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = {"format": 1, "run": RUN, "ended": 5.0, "verdict": "failed"}
    lines(tmp_path / "run.json", run)
    tests = [*whole("a", 0, 1.0), *whole("b", 1, 2.0, "failed")]
    lines(tmp_path / "tests.jsonl", {"collected": ["a", "b"], "run": RUN}, *tests)
    (tmp_path / "exchanges.jsonl").write_bytes(
        b"".join(line_of(exchange(number, test, at), RUN) for number, test, at in [(1, "a", 1.1), (2, 'b"', 2.1)])
    )
    return tmp_path


def zipped(folder: Path, to: Path, below: str = "") -> Path:
    with zipfile.ZipFile(to, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, below + path.name)
    return to


@pytest.mark.parametrize("below", ["", "artifacts/"])
def test_a_zip_reads_like_the_folder_that_it_was_made_of(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, below: str
) -> None:
    found = open_bundle(zipped(folder, tmp_path_factory.mktemp("zip") / "a.zip", below))
    assert (found.run, found.tests()) == (Bundle(folder).run, Bundle(folder).tests())
    held = found.folder
    del found
    assert not held.exists()


def test_tests_are_told_with_their_phases_and_their_worst_outcome(folder: Path) -> None:
    bundle = open_bundle(folder)
    a, b = bundle.tests()
    assert (a.id, a.outcome, a.failure, b.outcome) == ("a", "passed", None, "failed")
    assert b.failure == b.phases[1]
    assert b.ended == 2.5
    assert bundle.collected() == ["a", "b"]
    assert bundle.order() == {"": ["a", "b"]}
    assert [each.number for each in bundle.exchanges('b"')] == [2]
    assert [each.number for each in bundle.exchanges()] == [1, 2]
    assert bundle.missing == []


def test_a_test_that_passed_when_it_was_run_again_is_passed(folder: Path) -> None:
    again = [phase("a", "call", "rerun"), phase("a", "teardown"), phase("a", "call"), phase("a", "teardown")]
    lines(folder / "tests.jsonl", begin("a", 0, 1.0), *again)
    assert [test.outcome for test in open_bundle(folder).tests()] == ["passed"]


def test_a_killed_run_is_read_from_its_parts_and_not_from_the_run_before(folder: Path) -> None:
    lines(folder / "run.json", {"format": 1, "run": RUN, "ended": None})
    lines(folder / "tests.jsonl", {"collected": ["old"], "run": OLD}, *whole("old", 0, 0.1))
    lines(folder / f"tests-{RUN}-gw0.jsonl", *whole("a", 0, 1.0, worker="gw0"), begin("c", 1, 3.0, "gw0"), cut=4)
    lines(folder / f"tests-{RUN}-gw1.jsonl", {"collected": ["a", "b"], "run": RUN}, begin("b", 0, 1.5, "gw1"))
    (folder / "exchanges.jsonl").write_bytes(line_of(exchange(1, "old", 0.1), OLD))
    (folder / f"exchanges-{RUN}-gw1.jsonl").write_bytes(line_of(exchange(1, "b", 1.6), f"{RUN}-gw1"))
    (folder / f"exchanges-{RUN}-gw0.jsonl").write_bytes(line_of(exchange(1, "a", 1.1), f"{RUN}-gw0") + b'{"run"')
    bundle = open_bundle(folder)
    assert [(test.id, test.outcome) for test in bundle.tests()] == [("a", "passed"), ("b", "unfinished")]
    assert bundle.order() == {"gw0": ["a"], "gw1": ["b"]}
    assert [each.test for each in bundle.exchanges()] == ["a", "b"]
    assert any("killed" in line for line in bundle.missing)
    assert any("2 lines" in line for line in bundle.missing)


def test_another_runs_exchanges_and_contract_are_not_taken_for_this_ones(folder: Path) -> None:
    (folder / "exchanges.jsonl").write_bytes(line_of(exchange(1, "a", 0.1), OLD))
    lines(folder / "contract.json", {"run": OLD, "findings": []})
    bundle = open_bundle(folder)
    assert [*bundle.exchanges()] == []
    assert bundle.contract == {}


@pytest.mark.parametrize("junk", [b"", b"[]", b"\xff\xfe", b'{"a"', b"[" * 100_000, b'{"test": 1}\n[]\nnull\n'])
def test_whatever_has_become_of_a_file_the_rest_is_read(folder: Path, junk: bytes) -> None:
    for name in ("run.json", "tests.jsonl", "exchanges.jsonl", "stack.json", "contract.json"):
        (folder / name).write_bytes(junk)
    (folder / "logs").mkdir()
    (folder / "logs" / "api.log").write_bytes(junk)
    bundle = open_bundle(folder)
    assert bundle.tests() == []
    assert [*bundle.exchanges()] == []
    assert bundle.missing
    assert bundle.services == ["api"]
    bundle.log("api")


def test_values_of_the_wrong_kind_are_left_out(folder: Path) -> None:
    odd: dict[str, Any] = {"at": "now", "seconds": None, "sections": [], "line": 1e99, "message": {}}
    lines(folder / "tests.jsonl", {"collected": "a"}, {"begin": "a", "index": "x"}, {**phase("a", "teardown"), **odd})
    [test] = open_bundle(folder).tests()
    assert (test.index, test.phases[0].at, test.phases[0].line, test.phases[0].message) == (-1, 0, 0, "")


def test_what_could_not_be_collected_is_told_once_though_every_worker_says_it(folder: Path) -> None:
    told = phase("t.py", "collect", "error", kind="ImportError")
    lines(folder / "tests.jsonl", {**told, "worker": "gw0"}, {**told, "worker": "gw1"})
    assert [(test.outcome, test.index) for test in open_bundle(folder).tests()] == [("error", -1)]
    assert open_bundle(folder).order() == {}


def test_log_lines_are_found_by_time_and_by_trace(folder: Path) -> None:
    (folder / "logs").mkdir()
    log = "2026-11-23T17:00:00.5Z one\n2026-11-23T17:00:01.5Z two\n  more of two\n2026-11-23T17:00:09Z GET abc1\n"
    (folder / "logs" / "api.log").write_text(log)
    (folder / "logs" / "db.log").write_text("2026-11-23T16:00:00.5Z long ago\n")
    bundle, second = open_bundle(folder), 1795453201.0
    assert [line.text for line in bundle.log("api")] == ["one", "two", "  more of two", "GET abc1"]
    assert bundle.log("nobody") == []
    found = bundle.logs(second, second + 1, "00-abc1-01-01")
    assert {name: [line.text for line in lines] for name, lines in found.items()} == {
        "api": ["two", "  more of two", "GET abc1"]
    }


@pytest.mark.parametrize(
    ("run", "said"), [({"format": 2}, "a newer tidegate"), ({"format": "1"}, "no bundle"), ({"format": 0}, "no bundle")]
)
def test_a_format_of_another_time_is_refused_politely(folder: Path, run: dict[str, Any], said: str) -> None:
    lines(folder / "run.json", run)
    with pytest.raises(BundleError, match=said):
        open_bundle(folder)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    for path in (tmp_path, tmp_path / "gone", tmp_path / "notes.txt"):
        with pytest.raises(BundleError):
            open_bundle(path)


def test_the_folder_of_a_project_is_read_for_its_artifacts_whatever_else_it_links_to(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("project")
    (project / "python").symlink_to("/usr/bin/env")
    folder.rename(project / "artifacts")
    assert open_bundle(project).id == RUN
    (project / "artifacts" / "python").symlink_to("/usr/bin/env")
    with pytest.raises(BundleError, match="leads out of the folder"):
        open_bundle(project)


def test_artifacts_that_are_a_link_to_another_place_are_not_followed(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = tmp_path_factory.mktemp("project")
    (project / "artifacts").symlink_to(folder)
    with pytest.raises(BundleError, match="leads out of the folder"):
        open_bundle(project)
    assert open_bundle(project / "artifacts").id == RUN


def test_a_zip_in_a_zip_is_the_bundle_and_one_in_that_is_none(folder: Path, tmp_path: Path) -> None:
    source = zipped(folder, tmp_path / "0.zip")
    for number in range(2):
        outer = tmp_path / f"{number + 1}.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(source, f"artifacts-{number}.zip")
        source = outer
    assert open_bundle(tmp_path / "1.zip").id == RUN
    with pytest.raises(BundleError, match=r"2\.zip is no bundle of a run"):
        open_bundle(tmp_path / "2.zip")
