"""A run against a shared target: the stub, on an address of loopback that the settings call shared."""

from __future__ import annotations

import re

import pytest
from plugin.conftest import Project
from projects import Answer, Call
from stub_api import ADMIN_EMAIL

from tidegate.session.ledger import Ledger

PASSWORD = "tide-and-gate-2026"
SECRET = "a-password-of-staging"
BOTH = """
import pytest

@pytest.mark.readonly
def test_reads(admin): assert admin.get('/users').is_success

@pytest.mark.readonly
def test_reads_too(client): assert client.get('/users').status_code == 401

def test_writes(admin, unique):
    made = admin.post('/users', json={'email': unique.email(), 'name': 'x'}).json()
    assert admin.patch(f"/users/{made['id']}", json={'name': 'y'}).is_success
"""
WRITES = "def test_writes(admin, unique): admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n"


@pytest.fixture
def staging(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose API is shared, with a password of its own."""
    project.stub.set_password(ADMIN_EMAIL, SECRET)
    monkeypatch.setenv("TIDEGATE_SHARED", "127.0.0.1")
    monkeypatch.setenv("API_ADMIN_PASSWORD", SECRET)
    return project


def writes(project: Project) -> list[str]:
    return [line for line in project.stub.requests if not line.startswith("GET") and line != "POST /auth/login"]


def place(project: Project) -> str:
    return project.stub.url.removeprefix("http://")


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_only_tests_marked_readonly_run_and_the_rest_is_named(staging: Project, workers: tuple[str, ...]) -> None:
    staging.test(BOTH)
    result = staging.run(*workers)
    assert result.ret == 0
    line = (
        f"tidegate: 1 test is not run: {place(staging)} is a shared target, where only tests marked readonly run;"
        f" --allow-writes={place(staging)} runs all"
    )
    assert result.stdout.str().count(line) == 1
    result.stdout.re_match_lines([r"2 passed(, 1 deselected)? in .*"])
    assert writes(staging) == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_with_the_hosts_name_all_tests_run_and_leave_nothing(staging: Project, workers: tuple[str, ...]) -> None:
    staging.test(BOTH)
    result = staging.run(f"--allow-writes={place(staging)}", *workers)
    result.assert_outcomes(passed=3)
    assert (staging.stub.emails(), list(staging.ledger.iterdir())) == (set(), [])


def test_another_hosts_name_opens_nothing(staging: Project) -> None:
    staging.test(BOTH)
    result = staging.run("--allow-writes=staging.example.com")
    result.assert_outcomes(passed=2, deselected=1)
    said = f"you allowed staging.example.com, the target is {place(staging)}: --allow-writes={place(staging)} runs all"
    assert said in result.stdout.str()


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_a_suite_without_a_test_to_run_ends_as_pytest_ends_it(staging: Project, workers: tuple[str, ...]) -> None:
    staging.test(WRITES)
    assert staging.run(*workers).ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert staging.stub.requests == []


def test_tests_that_use_no_fixture_of_ours_run_unasked(staging: Project) -> None:
    staging.test("def test_a(tmp_path): pass\n")
    result = staging.run()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*tidegate:*")


@pytest.mark.parametrize("target", ["disposable", "shared"])
@pytest.mark.parametrize(
    "lie",
    [
        "def test_lies(admin, unique):\n    admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n",
        "@pytest.fixture\ndef made(admin, unique): admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n"
        "@pytest.mark.readonly\ndef test_lies(made): pass\n",
    ],
    ids=["test", "fixture"],
)
def test_a_test_that_is_marked_readonly_and_writes_fails_everywhere(
    staging: Project, monkeypatch: pytest.MonkeyPatch, target: str, lie: str
) -> None:
    if target == "disposable":
        monkeypatch.delenv("TIDEGATE_SHARED")
    staging.test(f"import pytest\n{'' if 'fixture' in lie else '@pytest.mark.readonly'}\n{lie}")
    result = staging.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*WriteRefused: POST */users was not sent: the test is marked readonly*"])
    assert writes(staging) == []


def test_a_fixture_of_many_tests_may_end_after_one_that_only_reads(
    staging: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end may change what it likes: which test comes last is nobody's choice."""
    monkeypatch.delenv("TIDEGATE_SHARED")
    staging.test(
        "import pytest\n@pytest.fixture(scope='session')\ndef made(admin, unique):\n"
        "    path = f\"/users/{admin.post('/users', json={'email': unique.email(), 'name': 'x'}).json()['id']}\"\n"
        "    yield path\n    assert admin.patch(path, json={'name': 'y'}).is_success\n    admin.delete(path)\n"
        "def test_a(made): pass\n@pytest.mark.readonly\ndef test_b(admin, made): assert admin.get(made).is_success\n"
    )
    staging.run().assert_outcomes(passed=2)


# --- credentials ---


@pytest.mark.parametrize("how", ["file", "known"])
def test_a_password_that_is_not_for_staging_ends_the_run_before_any_request(
    staging: Project, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "file":
        monkeypatch.delenv("API_ADMIN_PASSWORD")
        (staging.path / ".env.test").write_text(f"API_ADMIN_PASSWORD={SECRET}\n")
    else:
        monkeypatch.setenv("API_ADMIN_PASSWORD", "changeme")
    staging.test(BOTH)
    result = staging.run()
    assert (result.ret, staging.stub.requests) == (78, [])
    result.stdout.fnmatch_lines([f"{place(staging)} is a shared target, and these credentials are not for one"])
    assert SECRET not in result.stdout.str()


# --- the admin ---


def test_the_admin_is_protected_unless_that_is_switched_off(project: Project) -> None:
    project.test("def test_a(admin):\n    assert admin.patch('/users/1', json={'name': 'Changed'}).is_success\n")
    result = project.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*PATCH */users/1 was not sent: it would change the seeded admin*"])
    result.stdout.fnmatch_lines(["tidegate: note: PATCH */users/1 was not sent: *"])  # also where a test hides it
    assert writes(project) == []
    assert project.run("--allow-admin-changes").ret == 0


HARM = """
def test_harmless(admin): assert admin.post('/jobs', json={'x': 1}).is_success
def test_harms(client): assert client.post('/jobs/reset', json={'for': 'everybody'}).is_success
"""


def harmful(project: Project) -> None:
    """POST /jobs/reset changes the admin's password, and nobody can see that from outside."""

    def bent(call: Call, usual: object) -> Answer:
        if call.path == "/jobs/reset":
            project.stub.set_password(ADMIN_EMAIL, "something else")
        return Answer(200, {}) if call.path.startswith("/jobs") else usual(call)  # type: ignore[operator]

    project.stub.bend = bent


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_a_run_that_lost_its_admin_names_the_test_and_the_request(project: Project, workers: tuple[str, ...]) -> None:
    harmful(project)
    project.test("def test_logs_in(admin): pass\n" + HARM)
    result = project.run(*workers)
    assert result.ret == 77
    result.stdout.re_match_lines(
        [
            rf"tidegate: THE ADMIN STOPPED WORKING in this run: login refused for {re.escape(ADMIN_EMAIL)}",
            r"tidegate: most likely by test_it.py::test_harms: POST /jobs/reset answered 200",
            r"tidegate: or by test_it.py::test_harmless: POST /jobs answered 200",
            r"tidegate: next: .*",
        ],
        consecutive=True,
    )


def test_with_one_request_that_may_have_done_it_that_is_the_one(project: Project) -> None:
    harmful(project)
    project.test("def test_logs_in(admin): pass\n" + HARM.splitlines()[2])
    project.run().stdout.fnmatch_lines(["tidegate: by test_it.py::test_harms: POST /jobs/reset answered 200"])


LATER = """
import pathlib, time
def test_comes_later(request):
    for _ in range(3000):
        if pathlib.Path("harmed").exists():
            break
        time.sleep(0.01)
    request.getfixturevalue("admin")
"""


def test_a_worker_that_finds_the_admin_gone_names_what_another_worker_did(project: Project) -> None:
    harmful(project)
    told = "    import pathlib, threading; pathlib.Path('harmed').touch(); threading.Event().wait(20)\n"
    harms = "def test_harms(client):\n    client.post('/jobs/reset')\n"
    project.test("def test_logs_in(admin): pass\n" + harms + told)
    project.test(LATER, "test_later")
    result = project.run("-n", "2", "--dist", "loadfile")
    assert result.ret == 77
    result.stdout.fnmatch_lines(["tidegate: by test_it.py::test_harms: POST /jobs/reset answered 200"])


def test_an_admin_who_never_worked_in_the_run_was_harmed_by_nobody(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.stub.answers("POST", "/jobs", Answer(200, {}))
    monkeypatch.setenv("API_ADMIN_PASSWORD", "not the password")
    project.test("def test_a(client): client.post('/jobs/reset')\ndef test_b(admin): pass\n")
    result = project.run()
    assert result.ret == 77
    result.stdout.no_fnmatch_line("*THE ADMIN*")


def test_an_admin_who_still_works_is_not_mentioned(project: Project) -> None:
    project.stub.answers("POST", "/jobs", Answer(200, {}))
    project.test("def test_logs_in(admin): pass\n" + HARM)
    result = project.run()
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*ADMIN*")
    assert project.stub.requests.count("POST /auth/login") == 2


def test_nobody_asks_after_an_admin_whom_nothing_can_have_harmed(project: Project) -> None:
    project.test(WRITES)
    project.run()
    assert project.stub.requests.count("POST /auth/login") == 1


# --- clean-up ---


def killed(project: Project) -> str:
    """A record, and the ledger of a killed run that made it."""
    email = "test-6b0427ab5421-0@example.com"
    [user] = project.stub.seed_users(email)
    ledger = Ledger(project.ledger, "6b0427ab5421", project.stub.url, lambda: "test_x.py::test_x")
    ledger.made("users", str(user), email, None)
    ledger.close(settled=False)
    return email


def test_what_dead_runs_left_on_a_shared_target_goes_only_where_writes_are_allowed(staging: Project) -> None:
    email = killed(staging)
    staging.test(BOTH)
    result = staging.run()
    result.stdout.fnmatch_lines(
        [f"tidegate: note: 1 killed run left records there; `tidegate sweep --allow-writes={place(staging)}` removes*"]
    )
    assert (staging.stub.emails(), writes(staging)) == ({email}, [])
    staging.run(f"--allow-writes={place(staging)}")
    assert staging.stub.emails() == set()
