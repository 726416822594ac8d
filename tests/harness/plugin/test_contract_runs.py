"""What a whole run makes of the contract: baseline, locks, coverage, and how all of it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plugin.conftest import Project
from plugin.promised import EXTRA, Promised

from tidegate.cli.main import main
from tidegate.order.plan import Plan


@pytest.fixture
def promised(project: Project, monkeypatch: pytest.MonkeyPatch) -> Promised:
    monkeypatch.chdir(project.path)
    return Promised(project)


GET = "assert client.get('/things').status_code == 200"
MANY = "[client.get('/things') for _ in range(40)]"  # so many that a field that is gone is no coincidence
PARTS = "assert client.get('/parts').is_success"
BASELINE = "contract/contract-baseline.toml"
FIELD = "undocumented-field: GET /things, 200 body /*/extra"


def test_the_first_run_locks_nothing_and_a_green_one_says_one_line(promised: Promised) -> None:
    promised.test(GET, PARTS, "client.get('/things/1'); client.get('/things/2')")
    assert promised.told() == [
        "4 exchanges checked against Things 1.0.0 (openapi 3.1), nothing new; coverage 100.0 %",
        "the document is not locked: `tidegate contract accept` keeps it, and later runs tell what changed",
    ]
    assert not (promised.path / "contract").exists()
    promised.accept()
    result = promised.run()
    assert (result.ret, [line for line in result.stdout.lines if "contract:" in line]) == (
        0,
        [
            "tidegate: contract: 4 exchanges checked against Things 1.0.0 (openapi 3.1), nothing new; coverage 100.0 %",
        ],
    )
    kept = promised.kept()
    assert (kept["exchanges"], kept["findings"], kept["drift"]) == (4, [], {"lock": "same", "changes": []})


def test_what_is_known_fails_nothing_until_it_is_gone_and_then_goes(promised: Promised) -> None:
    """--contract-update keeps what people wrote into the baseline, and drops what a whole run did not see."""
    promised.answers["/things"] = EXTRA
    promised.test(GET, PARTS)
    updated = promised.run("--contract-update")
    assert updated.ret == 0
    path = promised.path / BASELINE
    text = path.read_text()
    assert 'operation = "GET /things"\nwhere = "200 body /*/extra"\nowner = ""\nreason = ""\n' in text
    updated.stdout.fnmatch_lines(["*contract: contract-baseline.toml: 1 added, 0 taken out"])
    updated.stdout.fnmatch_lines([f"*known, but without owner or reason: {FIELD}"])
    path.write_text(text.replace('owner = ""\nreason = ""', 'owner = "ada" # of old\nreason = "agreed"'))
    known = promised.run()
    assert known.ret == 0
    known.stdout.fnmatch_lines(["*nothing new, 1 known; coverage 50.0 %*"])
    known.stdout.no_fnmatch_line("*owner or reason*")
    promised.answers["/things"] = [{"id": "x", "name": "a"}]
    promised.run("--contract-update", "-k", "test_0")  # a part says nothing of what is gone
    assert "# of old" in path.read_text()
    assert "invalid-body" in path.read_text()
    promised.answers["/things"] = []
    gone = promised.told()
    assert f"known, but no longer occurs (--contract-update takes it out): {FIELD}" not in gone
    assert "known, but no longer occurs (--contract-update takes it out): … and 1 more" in gone
    assert promised.run("--contract-update", "-n", "2").ret == 0
    assert "[[known]]" not in path.read_text()
    path.unlink()
    assert promised.run("--contract-update").ret == 0
    assert not path.exists()


def test_a_lock_that_cannot_be_read_ends_the_run_before_its_tests(promised: Promised) -> None:
    (promised.path / "contract").mkdir()
    (promised.path / "contract/openapi.lock.json").write_text("<<<<<<< ours\n{}")
    promised.test(GET)
    result = promised.run()
    assert result.ret == 65
    result.stdout.fnmatch_lines(["*lock of the document cannot be read: *", "  seen: *", "  next: *"])
    result.stdout.no_fnmatch_line("*passed*")


def test_a_baseline_that_cannot_be_used_ends_the_run(promised: Promised) -> None:
    (promised.path / "contract").mkdir()
    (promised.path / BASELINE).write_text('[[known]]\nkind = "undocumented-feild"\noperation = "a"\nwhere = "b"\n')
    promised.test(GET)
    result = promised.run()
    assert result.ret == 78
    result.stdout.fnmatch_lines(["*line 1: undocumented-feild is no kind of finding; did you mean undocumented-field?"])


def test_a_renamed_field_is_told_by_the_lock_and_by_the_shapes(promised: Promised) -> None:
    promised.answers["/things"] = [{"id": number, "name": "a"} for number in range(3)]
    promised.test(MANY)
    promised.run()
    promised.accept()
    promised.rename("name", "title")
    strict = promised.run()
    assert strict.ret == 1
    strict.stdout.fnmatch_lines(
        ["*changed-shape: GET /things, 200 body /*/name*", "*CHANGED since *", "*GET /things 200 body /*/name: *title?"]
    )  # fmt: skip
    promised.settings(shapes="false")
    assert promised.run().ret == 79
    promised.settings(mode='"report"')
    assert promised.run().ret == 0
    promised.accept()  # although the run before the last failed: its tests did not
    promised.settings()
    assert promised.run().ret == 0


def test_without_a_document_the_shapes_alone_tell(promised: Promised) -> None:
    promised.settings(document="")
    promised.test(MANY, "client.get('/parts'); pytest.fail('by itself')")
    assert promised.told() == []
    promised.accept()
    [lock] = (promised.path / "contract").iterdir()
    assert lock.name == "shapes.json"
    assert '"GET /things 200"' in lock.read_text()
    assert "/parts" not in lock.read_text()  # what a failed test saw teaches nothing
    assert promised.told() == ["41 exchanges held to the learned shapes, nothing new"]
    promised.rename("name", "title")
    result = promised.run("-x")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["changed-shape: GET /things, 200 body /*/name", "departs from the learned shapes"])


def test_too_little_coverage_fails_the_whole_suite_and_no_part_of_it(promised: Promised) -> None:
    promised.settings(fail_under="90")
    promised.test(GET, PARTS)
    whole = promised.run()
    assert whole.ret == 79
    whole.stdout.fnmatch_lines(
        ["*never called: GET /things/{id}", "*FAILED: the contract is covered to 50.0 % (2 of 4), and * wants 90 %"]
    )
    assert promised.run("-k", "test_0").ret == 0
    assert promised.run("test_it.py::test_0").ret == 0
    leave_out = "def pytest_collection_modifyitems(config, items): config.hook.pytest_deselected(items=[items.pop()])"
    (promised.path / "conftest.py").write_text(leave_out)  # as what splits a suite into shards does
    assert promised.run("-n", "2").ret == 0
    (promised.path / "conftest.py").unlink()
    (promised.path / "test_more.py").write_text("def test_more(): pass\n")
    part = Plan({"": ("test_it.py::test_0",)}, files=("test_it.py",)).write(promised.path / "order.json")
    assert promised.run(f"--replay-order={part}").ret == 0
    both = Plan({"": ("test_it.py::test_0", "test_more.py::test_more")}, files=("test_it.py", "test_more.py"))
    (promised.path / "test_it.py").write_text(f"def test_0(client): {GET}\n")
    assert promised.run(f"--replay-order={both.write(part)}").ret == 79
    (promised.path / "test_more.py").unlink()
    asked = promised.run("-k", "test_0", "--contract-cov-fail-under=25,things=50")
    assert asked.ret == 79
    asked.stdout.fnmatch_lines(["*FAILED: things is covered to 33.3 % (1 of 3), and * wants 50 %"])
    assert main(["contract", "merge", "artifacts", "--cov-fail-under=abc"]) == 78
    abc = promised.run("--contract-cov-fail-under=abc")
    assert abc.ret == 78
    abc.stdout.fnmatch_lines(["*contract.fail_under*'abc': expected a percentage*"])
    for wrong in (["--contract-cov-fail-under=thnigs=50"], ["--contract-document="]):
        refused = promised.run(*wrong)
        assert refused.ret == 78
        refused.stdout.fnmatch_lines(["*contract.fail_under *", "  seen: *", "  next: *"])
        refused.stdout.no_fnmatch_line("*passed*")


def test_what_a_crashed_worker_saw_is_said_to_be_lost(promised: Promised) -> None:
    promised.test(GET, "import os; os._exit(3)", PARTS)
    lines = promised.told("-n", "2")
    assert any(line.startswith("lost with gw") for line in lines)


def test_shards_together_are_what_the_whole_suite_is(
    promised: Promised, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    promised.settings(fail_under="90")
    promised.test(GET, PARTS, "client.get('/things/1')", "client.get('/things/2')")
    promised.run()
    whole = promised.kept()
    shards = [str(tmp_path / f"shard{number}") for number in range(2)]
    for number, shard in enumerate(shards):
        monkeypatch.setenv("TIDEGATE_ARTIFACTS", shard)
        assert promised.run(*[f"test_it.py::test_{each}" for each in (number, number + 2)]).ret == 0
    monkeypatch.delenv("TIDEGATE_ARTIFACTS")
    capsys.readouterr()
    output = tmp_path / "all" / "contract.json"
    assert main(["contract", "merge", *shards, "-o", str(output)]) == 0
    assert "4 exchanges checked" in capsys.readouterr().out
    merged = json.loads(output.read_text())
    assert merged["coverage"] == whole["coverage"]
    assert main(["contract", "merge", shards[0], "--cov-fail-under", "90"]) == 79
    assert main(["contract", "accept", "--artifacts", str(output.parent)]) == 0
    promised.rename("name", "title")
    monkeypatch.setenv("TIDEGATE_ARTIFACTS", shards[1])
    promised.run("-k", "test_0")
    capsys.readouterr()
    assert main(["contract", "merge", *shards]) == 64
    assert "were held to different documents" in capsys.readouterr().err


def test_accept_says_what_it_changes_and_a_dry_run_changes_nothing(
    promised: Promised, capsys: pytest.CaptureFixture[str]
) -> None:
    promised.test(MANY)
    promised.run()
    assert main(["contract", "accept", "--dry-run"]) == 0
    assert not (promised.path / "contract").exists()
    promised.accept()
    promised.rename("name", "title")
    promised.run("--contract=report")
    capsys.readouterr()
    promised.accept()
    shown = capsys.readouterr().out
    assert "BREAKING  GET /things" in shown
    assert "GET /things 200 /*/title: nothing -> string" in shown
    promised.accept()
    assert capsys.readouterr().out == "openapi.lock.json: nothing to take over\nshapes.json: nothing to take over\n"


def test_show_has_every_finding_with_its_command(promised: Promised, capsys: pytest.CaptureFixture[str]) -> None:
    promised.answers["/things"] = EXTRA
    promised.test(GET)
    promised.run()
    assert main(["contract", "show"]) == 0
    shown = capsys.readouterr().out
    assert FIELD in shown
    assert "    curl: curl " in shown
    assert "seen 1 times, by test_it.py::test_0" in shown


def test_show_without_a_run_says_what_to_do(promised: Promised, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "show"]) == 64
    assert "next: run the tests first" in capsys.readouterr().err


def test_a_run_without_document_and_shapes_loads_nothing_of_the_contract(promised: Promised) -> None:
    promised.settings(document="", shapes="false", mode="")
    promised.test(
        "client.get('/things'); import sys;"
        " assert not [name for name in sys.modules if name.startswith(('tidegate.contract.', 'jsonschema_rs', 'yaml'))]"
    )
    promised.project.run().assert_outcomes(passed=1)
    assert not (promised.path / "artifacts/contract.json").exists()
