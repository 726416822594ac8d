"""What a run leaves of its tests, however it goes and however it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from plugin.conftest import Project
from stub_api import ADMIN_PASSWORD

from tidegate.evidence.bundle import Bundle, open_bundle

EVERY_OUTCOME = f"""
import pytest
@pytest.fixture
def torn():
    yield
    assert 0, "torn"
def test_before_anything_is_ours():
    assert "{ADMIN_PASSWORD}" == "shown"
def test_passes(client):
    client.get("/users")
def test_fails(admin):
    admin.get("/users/0")
    helper()
def helper():
    raise KeyError("first\\nsecond")
def test_skips():
    pytest.skip("later")
@pytest.mark.xfail(reason="known")
def test_is_known():
    assert 0
def test_is_torn(torn):
    print("said")
"""


def bundle_of(project: Project) -> Bundle:
    return open_bundle(project.path / "artifacts")


def texts(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_each_test_is_told_with_its_order_outcome_place_and_reason(project: Project) -> None:
    project.test(EVERY_OUTCOME)
    assert project.run("--junitxml=junit.xml").ret == 1
    bundle = bundle_of(project)
    names = ("before_anything_is_ours", "passes", "fails", "skips", "is_known", "is_torn")
    ids = [f"test_it.py::test_{name}" for name in names]
    assert bundle.order() == {"": ids}
    assert bundle.collected() == ids
    outcomes = ["failed", "passed", "failed", "skipped", "xfailed", "error"]
    assert [test.outcome for test in bundle.tests()] == outcomes
    failure = bundle.tests()[2].failure
    assert failure
    told = (failure.name, failure.file, failure.line, failure.kind, failure.message)
    assert told == ("call", "test_it.py", 15, "KeyError", "KeyError: 'first\\nsecond'")
    torn = bundle.tests()[5].failure
    assert torn
    assert (torn.name, torn.sections["Captured stdout call"]) == ("teardown", "said\n")
    assert bundle.tests()[3].phases[1].message == "later"
    assert ADMIN_PASSWORD not in texts(project.path / "artifacts")
    junit = (project.path / "junit.xml").read_text()
    assert re.findall(r'name="exchanges" value="(\d)"', junit) == ["1", "2", "0", "0", "0"]
    assert junit.count(f'name="run" value="{bundle.id}"') == 5  # but for the test before it was ours


def test_the_run_is_told_with_what_it_was_made_of_and_how_it_ended(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("API_SOME_TOKEN", "not-to-be-shown")
    project.test("def test_a(client): client.get('/users')")
    (project.path / ".gitignore").write_text("artifacts\n")
    (project.path / ".venv").symlink_to(sys.prefix)
    (project.path / "deep" / ".venv" / "lib").mkdir(parents=True)
    (project.path / "deep" / ".venv" / "lib" / "installed.py").write_text("INSTALLED = 1\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q", "-b", "topic"], ["add", "pytest.ini"], ["commit", "-qm", "a"]):
        project.pytester.run(*git, *words)
    assert project.run("-k", "test_a").ret == 0
    run = bundle_of(project).run
    assert (run["format"], run["verdict"], run["exit_code"], run["stopped"]) == (1, "passed", 0, None)
    assert run["started"] <= run["ended"]
    assert run["counts"]["passed"] == 1
    assert run["pytest"]["args"][1:3] == ["-k", "test_a"]
    assert run["env"]["TZ"] == "Asia/Tokyo"
    assert "API_SOME_TOKEN" not in run["env"]
    assert run["tz"].startswith("JST")
    assert run["settings"]["admin_password"] == {"value": "***", "origin": "environment"}
    assert run["settings"]["base_url"]["value"] == run["target"] == project.stub.url
    assert run["versions"]["pytest"] == pytest.__version__
    assert (run["git"]["branch"], run["git"]["dirty"], run["git"]["patch"]) == ("topic", True, "patch.diff")
    patch = (project.path / "artifacts" / "patch.diff").read_text()
    assert "+def test_a(client)" in patch
    assert "artifacts/" not in patch
    assert ".venv" not in patch
    assert project.pytester.run("git", "diff", "--cached", "--quiet").ret == 0  # the index is whose it was
    assert bundle_of(project).missing == []


@pytest.mark.parametrize(("committed", "changed", "kept"), [(True, False, True), (False, True, False)])
def test_a_patch_is_left_out_when_it_would_give_a_secret_away(
    project: Project, committed: bool, changed: bool, kept: bool
) -> None:
    if committed:
        (project.path / ".env.test").write_text(f"API_ADMIN_PASSWORD={ADMIN_PASSWORD}\n")
    (project.path / ".gitignore").write_text("artifacts\n")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
        project.pytester.run(*git, *words)
    project.test(f"def test_a(client): client.get('/users')  # {ADMIN_PASSWORD}")
    if changed:
        (project.path / ".env.test").write_text(f"API_ADMIN_PASSWORD={ADMIN_PASSWORD}\n# changed\n")
    project.run()
    told = bundle_of(project).run["git"]
    assert (told["patch"] is not None, "left out" in told["note"]) == (kept, not kept)
    assert (project.path / "artifacts" / "patch.diff").exists() == kept


def test_workers_leave_one_bundle_also_when_one_of_them_crashes(project: Project) -> None:
    code = "import os\ndef test_a(client): client.get('/users')\ndef test_b(client): os._exit(3)\n"
    project.test(code + "def test_c(client): assert 0")
    assert project.run("-n", "1").ret == 1
    bundle = bundle_of(project)
    assert [(test.id[-1], test.worker, test.outcome) for test in bundle.tests()] == [
        ("a", "gw0", "passed"),
        ("b", "gw0", "error"),
        ("c", "gw1", "failed"),
    ]
    crash = bundle.tests()[1].failure
    assert crash
    assert crash.name == "crash"
    assert [name for name in os.listdir(bundle.folder) if re.match(r"(tests|exchanges)-", name)] == []
    assert (bundle.run["pytest"]["workers"], bundle.run["pytest"]["args"][1:]) == (1, ["-n", "1"])
    assert bundle.run["counts"] == {"error": 1, "failed": 1, "passed": 1}
    assert [each.test[-1] for each in bundle.exchanges()] == ["a"]


def test_a_killed_run_leaves_a_bundle_and_the_next_one_takes_its_place(project: Project) -> None:
    code = "import os\ndef test_a(client): client.get('/users')\ndef test_b(client): os.kill(os.getpid(), 9)\n"
    project.test(code)
    assert project.run().ret == -signal.SIGKILL
    killed = bundle_of(project)
    assert [(test.id[-1], test.outcome) for test in killed.tests()] == [("a", "passed"), ("b", "unfinished")]
    assert (killed.run["verdict"], killed.run["ended"]) == (None, None)
    assert [each.test[-1] for each in killed.exchanges()] == ["a"]
    assert any("killed" in line for line in killed.missing)
    assert project.run("-k", "test_a").ret == 0
    bundle = bundle_of(project)
    assert [test.id[-1] for test in bundle.tests()] == ["a"]
    assert bundle.id != killed.id
    assert not list(bundle.folder.glob("tests-*"))


def test_a_run_that_ends_early_says_why(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_ADMIN_PASSWORD", "a-wrong-password")
    project.test("def test_a(admin): pass\ndef test_b(): pass")
    assert project.run().ret == 77
    bundle = bundle_of(project)
    assert (bundle.run["verdict"], bundle.run["exit_code"], bundle.run["stopped"]["code"]) == ("failed", 77, 77)
    assert "login" in bundle.run["stopped"]["text"]
    assert "a-wrong-password" not in texts(bundle.folder)
    assert [test.outcome for test in bundle.tests()] == ["unfinished"]


def test_an_interrupted_run_says_so(project: Project) -> None:
    project.test("def test_a(client): raise KeyboardInterrupt")
    assert project.run().ret == 2
    assert bundle_of(project).run["verdict"] == "interrupted"


def test_a_full_disk_changes_no_outcome_and_is_said_once(project: Project) -> None:
    conftest = (
        "import errno, os, types\nfrom tidegate import lines, writing\n"
        "def full(*_):\n    raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "lines.os = types.SimpleNamespace(**{**vars(os), 'write': full})\nwriting.write_whole = full"
    )
    project.test("def test_a(client): pass\ndef test_b(): pass", conftest=conftest)
    result = project.run("--contract=off")
    assert result.parseoutcomes()["passed"] == 2
    said = [line for line in result.outlines if "No space left" in line]
    assert sum("tests are missing in tests-" in line for line in said) == 1
    assert sum("run.json" in line for line in said) in (1, 2)


RERUNS = """
from _pytest.runner import runtestprotocol
def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for again in (True, False):
        item._initrequest()
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            if report.failed and again:
                report.outcome = "rerun"
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
"""


def test_a_test_that_is_run_again_tells_both_times(project: Project) -> None:
    project.test("seen = []\ndef test_a(client):\n    seen.append(1)\n    assert seen == [1, 1]", conftest=RERUNS)
    project.run()
    [test] = bundle_of(project).tests()
    assert [phase.outcome for phase in test.phases if phase.name == "call"] == ["rerun", "passed"]
    assert test.outcome == "passed"
    assert bundle_of(project).run["counts"] == {"passed": 1}


def outside(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = project.path / "private"
    place.mkdir(mode=0o700)
    (place / "snapshot-done").touch()
    monkeypatch.setenv("TIDEGATE_OUTSIDE", str(place))
    return place


def test_who_gathers_outside_hears_of_secrets_and_of_the_first_failure_before_anything_is_undone(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = outside(project, monkeypatch)
    project.test(
        "import os, pathlib, pytest\nred = pathlib.Path(os.environ['TIDEGATE_OUTSIDE']) / 'red'\n"
        "@pytest.fixture\ndef seen():\n    assert not red.exists()\n    yield\n    assert red.exists()\n"
        "def test_a(seen, admin_token): assert 0\ndef test_b(client): assert 0\n"
    )
    result = project.run()
    assert result.parseoutcomes() == {"failed": 2}
    told: list[Any] = [json.loads(line) for line in (place / "secrets").read_text().splitlines()]
    assert ADMIN_PASSWORD in told
    assert len(told) > 1  # the token that came for it
    assert (place / "secrets").stat().st_mode & 0o777 == 0o600
    assert (bundle_of(project).run["place"], bundle_of(project).run["stack"]) == ("container", {"kind": "compose"})


BUSY_OUTSIDE = """
import os, pathlib
from tidegate.plugin.evidence import handshake
place = pathlib.Path(os.environ["TIDEGATE_OUTSIDE"])
class Clock:
    monotonic = handshake.time.monotonic
    def sleep(seconds):
        assert (place / "ready").exists()
        (place / "baseline-pending").unlink()
handshake.time = Clock
"""


def test_no_test_begins_before_the_outside_has_kept_what_the_database_holds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = outside(project, monkeypatch)
    (place / "baseline-pending").touch()
    project.test(
        "import os, pathlib\nplace = pathlib.Path(os.environ['TIDEGATE_OUTSIDE'])\n"
        "def test_a(client): assert not (place / 'baseline-pending').exists()\n",
        conftest=BUSY_OUTSIDE,
    )
    assert project.run().parseoutcomes() == {"passed": 1}


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_what_cannot_be_collected_leaves_a_bundle_for_who_gathers_outside(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    outside(project, monkeypatch)
    project.test("import nothing_like_that")
    assert project.run(*workers).ret in (1, 2)
    bundle = bundle_of(project)
    [test] = bundle.tests()
    assert (test.outcome, test.phases[0].name, test.phases[0].kind) == ("error", "collect", "ModuleNotFoundError")
    assert (bundle.run["verdict"], bundle.run["counts"]["error"]) == ("failed", 1)
