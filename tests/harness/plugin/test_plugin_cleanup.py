from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from plugin.conftest import Project
from projects import Answer, Call

MAKE = "admin.post('/users', json={'email': unique.email(), 'name': 'x'}).json()['id']"
LEAVES = f"def test_leaves(admin, unique):\n    {MAKE}\n"
TIDY = f"def test_tidy(admin, unique):\n    assert admin.delete('/users/' + str({MAKE})).status_code == 204\n"
# Says on disk that it made a record, and waits to be ended.
HANGS = f"""
import pathlib, threading
def test_hangs(admin, unique):
    {MAKE}
    pathlib.Path('made').touch()
    threading.Event().wait(50)
"""


def until(path: Path) -> None:
    """Returns when the file is there; a process that never makes it is a failure after a while."""
    for _ in range(3000):
        if path.exists():
            return
        time.sleep(0.01)
    pytest.fail(f"{path} never came")


def started(project: Project, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *args],
        cwd=project.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_a_test_that_leaves_something_behind_is_named(project: Project) -> None:
    project.stub.seed_users("testimony@example.com")
    project.test(LEAVES + TIDY)
    result = project.run()
    assert result.ret == 0
    result.stdout.re_match_lines(
        [
            f"tidegate: run [0-9a-f]{{12}} against {project.stub.url}, 2 records made, 1 record removed at the end",
            r"tidegate: not deleted by its test, removed at the end: test_it.py::test_leaves: /users/3",
            r"2 passed in .*",
        ],
        consecutive=True,
    )
    assert project.stub.emails() == {"testimony@example.com"}
    assert list(project.ledger.iterdir()) == []


def test_what_other_means_made_under_the_runs_marker_goes_too(project: Project) -> None:
    project.test(
        "import httpx\ndef test_a(base_url, auth_headers, unique):\n"
        "    httpx.post(base_url + '/users', headers=auth_headers, json={'email': unique.email(), 'name': 'x'})"
    )
    result = project.run()
    result.stdout.fnmatch_lines(["tidegate: not deleted by its test, removed at the end: an unknown test: /users/2"])
    assert project.stub.emails() == set()


def test_a_long_list_of_leftovers_is_cut(project: Project) -> None:
    project.test(f"import pytest\n@pytest.mark.parametrize('n', range(25))\ndef test_a(admin, unique, n): {MAKE}")
    result = project.run()
    assert result.stdout.str().count("tidegate: not deleted by its test, removed at the end: test_it.py") == 20
    result.stdout.fnmatch_lines(["tidegate: not deleted by its test, removed at the end: … and 5 more"])


@pytest.mark.parametrize(("passes", "code"), [(True, 75), (False, 1)])
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_what_cannot_be_removed_is_75_when_the_tests_passed(
    project: Project, passes: bool, code: int, workers: tuple[str, ...]
) -> None:
    project.stub.answers("DELETE", "/users", Answer(409, {"detail": "no", "password": "hunter2"}))
    project.test(LEAVES + f"    assert {passes}")
    result = project.run(*workers)
    assert result.ret == code
    result.stdout.fnmatch_lines(
        [
            'tidegate: COULD NOT REMOVE /users/2*: DELETE answered 409 {"detail": "no", "password": "[*][*][*]"}',
            "tidegate: next: mend the cause, then run `tidegate sweep`; the ledger keeps the list",
        ],
        consecutive=True,
    )
    assert len(list(project.ledger.glob("*.jsonl"))) == 1
    project.stub.bend = None
    project.test("def test_b(admin): pass")
    assert project.run().ret == 0
    assert (project.stub.emails(), list(project.ledger.iterdir())) == (set(), [])


def test_an_admins_password_in_a_refusal_is_not_shown(project: Project) -> None:
    project.stub.answers("DELETE", "/users", Answer(409, {"sent": "tide-and-gate-2026"}))
    project.test(LEAVES)
    for workers in ((), ("-n", "2")):
        result = project.run(*workers)
        result.stdout.fnmatch_lines(["*COULD NOT REMOVE*"])
        assert "tide-and-gate" not in result.stdout.str(), workers


@pytest.mark.parametrize("ending", ["assert 0", "raise KeyboardInterrupt", "pytest.exit('bye')", "raise SystemExit(3)"])
def test_clean_up_comes_however_the_tests_end(project: Project, ending: str) -> None:
    project.test("import pytest\n" + LEAVES + f"    {ending}\n" + TIDY)
    project.run("-x")
    assert project.stub.emails() == set()
    assert list(project.ledger.iterdir()) == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_ctrl_c_cleans_up_by_the_end_of_the_next_run_at_the_latest(project: Project, workers: tuple[str, ...]) -> None:
    project.test(HANGS)
    process = started(project, *workers)
    until(project.path / "made")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    out, _ = process.communicate(timeout=40)
    assert process.returncode == 2, out
    if not workers:
        assert project.stub.emails() == set(), out
    project.test("def test_b(admin): pass")
    assert project.run().ret == 0
    assert (project.stub.emails(), list(project.ledger.iterdir())) == (set(), [])


def test_kill_9_leaves_nothing_after_the_next_run(project: Project) -> None:
    project.stub.seed_users("testimony@example.com")
    project.test(HANGS)
    process = started(project)
    until(project.path / "made")
    process.kill()
    process.communicate()
    assert len(project.stub.emails()) == 2
    project.test("def test_b(admin): pass")
    result = project.run()
    assert result.ret == 0
    assert project.stub.emails() == {"testimony@example.com"}
    result.stdout.fnmatch_lines(
        ["tidegate: not deleted by its test, removed at the end: test_it.py::test_hangs: /users/*"]
    )
    assert list(project.ledger.iterdir()) == []


def test_kill_9_leaves_nothing_after_a_sweep(project: Project) -> None:
    project.test(HANGS)
    process = started(project)
    until(project.path / "made")
    process.kill()
    process.communicate()
    sweep = [sys.executable, "-m", "tidegate", "sweep"]
    done = subprocess.run(sweep, cwd=project.path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert project.stub.emails() == set()
    assert list(project.ledger.iterdir()) == []


def test_a_run_that_needs_no_login_does_not_fail_for_what_a_killed_one_left(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.test(HANGS)
    process = started(project)
    until(project.path / "made")
    process.kill()
    process.communicate()
    monkeypatch.delenv("API_ADMIN_PASSWORD")
    project.test("def test_b(client): client.get('/health')")
    result = project.run()
    assert result.ret == 0
    result.stdout.fnmatch_lines(["tidegate: note: what killed runs left is still there: API_ADMIN_PASSWORD is not set"])


def test_what_a_killed_run_made_without_a_marker_is_named_and_left(project: Project) -> None:
    """Nothing but the ledger says that it is ours, and the database may be another by now."""
    project.test(HANGS.replace("unique.email()", "'unmarked@example.com'"))
    process = started(project)
    until(project.path / "made")
    process.kill()
    process.communicate()
    sweep = [sys.executable, "-m", "tidegate", "sweep"]
    done = subprocess.run(sweep, cwd=project.path, capture_output=True, text=True, check=False)
    assert done.returncode == 75
    assert ": its marker does not start with the prefix (any more)" in done.stdout
    assert project.stub.emails() == {"unmarked@example.com"}


def test_a_worker_that_crashes_is_cleaned_up_after(project: Project) -> None:
    project.test(f"import os, time\ndef test_crash(admin, unique):\n    {MAKE}\n    os._exit(9)\n" + TIDY + LEAVES)
    assert project.run("-n", "2").ret == 1
    project.test("def test_b(admin): pass")
    assert project.run("-n", "2").ret == 0
    assert (project.stub.emails(), list(project.ledger.glob("*"))) == (set(), [])


def test_workers_share_one_run_and_one_summary(project: Project) -> None:
    emails: set[str] = set()

    def bend(call: Call, usual: Any) -> Answer:
        emails.update([json.loads(call.raw)["email"]] if (call.method, call.path) == ("POST", "/users") else [])
        return usual(call)  # type: ignore[no-any-return]

    project.stub.bend = bend
    project.test("".join(f"def test_{n}(admin, unique): {MAKE}\n" for n in range(6)))
    result = project.run("-n", "2")
    result.assert_outcomes(passed=6)
    result.stdout.re_match_lines(
        [
            f"tidegate: run [0-9a-f]{{12}} against {project.stub.url}, 6 records made, 6 records removed at the end",
            *[
                rf"tidegate: not deleted by its test, removed at the end: test_it.py::test_{n}: /users/\d+"
                for n in range(6)
            ],
            "6 passed in .*",
        ],
        consecutive=True,
    )
    run = result.stdout.str().partition("tidegate: run ")[2][:12]
    assert {email.rpartition("-")[0] for email in emails} == {f"test-{run}-gw0", f"test-{run}-gw1"}
    assert project.stub.requests.count("GET /health") == 1
    assert project.stub.requests.count("POST /auth/login") <= 2
    assert project.stub.emails() == set()


def test_a_run_beside_another_leaves_the_others_records_alone(project: Project) -> None:
    project.test(HANGS)
    process = started(project)
    until(project.path / "made")
    before = project.stub.emails()
    project.test(LEAVES, "test_beside")
    assert project.run("test_beside.py").ret == 0
    assert project.stub.emails() == before
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=40)
    assert project.stub.emails() == set()


def test_the_admin_stays_even_when_a_test_makes_it_look_like_a_leftover(project: Project) -> None:
    project.stub.records.tables["users"][1]["email"] = "test-admin@example.com"
    project.pytester._monkeypatch.setenv("API_ADMIN_EMAIL", "test-admin@example.com")
    project.test(LEAVES)
    assert project.run().ret == 0
    assert [row["email"] for row in project.stub.rows()] == ["test-admin@example.com"]


def test_an_api_that_cannot_be_asked_for_a_prefix_gets_a_note(project: Project) -> None:
    def bend(call: Call, usual: Any) -> Answer:
        return Answer(405) if (call.method, call.path) == ("GET", "/users") else usual(call)

    project.stub.bend = bend
    project.test(LEAVES)
    result = project.run()
    assert result.ret == 0
    result.stdout.fnmatch_lines(["tidegate: note: users: cannot be asked for a prefix (GET /users answered 405)*"])
    assert project.stub.emails() == set()


def test_an_api_that_dies_on_the_way_ends_in_75_and_the_next_run_cleans_up(project: Project) -> None:
    dead: list[bool] = []

    def bend(call: Call, usual: Any) -> Answer:
        if call.path == "/die":
            dead.append(True)
        return Answer(500, {"detail": "dead"}) if dead else usual(call)

    project.stub.bend = bend
    project.test(LEAVES + "    admin.get('/die')")
    result = project.run()
    assert result.ret == 75
    result.stdout.fnmatch_lines(["tidegate: COULD NOT REMOVE /users/2 of test_it.py::test_leaves: GET answered 500 *"])
    project.stub.bend = None
    project.test("def test_b(admin): pass")
    assert project.run().ret == 0
    assert project.stub.emails() == set()
