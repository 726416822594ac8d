from __future__ import annotations

import pytest
from plugin.conftest import Project
from projects import Answer
from wire import free_port

THREE = "".join(f"def test_{name}(admin, client): client.get('/health')\n" for name in "abcdef")
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])


def once(result: pytest.RunResult, text: str) -> None:
    shown = result.stdout.str() + result.stderr.str()
    assert shown.count(text) == 1, shown


@WORKERS
def test_a_gate_that_stays_shut_ends_the_run_once_with_69(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("API_BASE_URL", url)
    project.test(THREE)
    result = project.run(*workers, "--tidegate-set=health.timeout=0.2")
    assert result.ret == 69
    once(result, "the API is not healthy: ")  # which of its two reasons comes first is a matter of milliseconds
    result.stdout.fnmatch_lines(
        [
            "=* tidegate =*",
            "the API is not healthy: * after 0.2 s and * tr*",
            f"  asked: GET {url}/health",
            "  last answer: connection refused: nothing listens there",
            "  next: Does the API run, on that port *",
        ],
        consecutive=True,
    )
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert "ERROR" not in result.stdout.str()


@WORKERS
def test_a_gate_that_cannot_open_is_not_waited_for(project: Project, workers: tuple[str, ...]) -> None:
    project.test(THREE)
    result = project.run(*workers, "--tidegate-set=health.path=/nowhere")
    assert result.ret == 69
    once(result, "waiting longer cannot help")
    assert project.stub.requests == ["GET /nowhere"] * 3, "the second worker takes over the verdict"


@WORKERS
def test_a_wrong_password_ends_the_run_once_with_77(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("API_ADMIN_PASSWORD", 'hunter2/"ä')
    echo = {"detail": "wrong", "input": {"p": 'hunter2/"ä'}, "again": "hunter2%2F%22%C3%A4", "Authorization": "x y"}
    project.stub.answers("POST", "/auth/login", Answer(401, echo))
    project.test(THREE)
    result = project.run(*workers)
    assert result.ret == 77
    once(result, "login refused for admin@example.com")
    result.stdout.fnmatch_lines(
        [
            "=* tidegate =*",
            "login refused for admin@example.com",
            f"  asked: POST {project.stub.url}/auth/login",
            "  sent: a JSON body with the fields email, password",
            '  answer: HTTP 401, body: {"detail": "wrong", "input": {"p": "*[*][*][*]"}, "again": "*"*',
            "  next: compare API_ADMIN_EMAIL and API_ADMIN_PASSWORD with what the API was seeded with,"
            " or the API wants another login.kind or login.body than was sent",
        ],
        consecutive=True,
    )
    assert "hunter2" not in result.stdout.str() + result.stderr.str()
    assert project.stub.requests.count("POST /auth/login") <= (2 if workers else 1)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(404, {"detail": "no"}), "set API_LOGIN_PATH, or login.path"),
        (Answer(500, {"detail": "no"}), "the API failed: look at its log"),
        (Answer(200, {"jwt": "abc"}), "the answer holds no access_token"),
        (Answer(200, {"access_token": ""}), "the answer holds no access_token"),
        (Answer(204), "(empty)"),
    ],
)
def test_another_refusal_says_what_to_do(project: Project, answer: Answer, said: str) -> None:
    project.stub.answers("POST", "/auth/login", answer)
    project.test(THREE)
    result = project.run()
    assert result.ret == 77
    once(result, said)


def test_a_missing_password_is_asked_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_ADMIN_PASSWORD")
    project.test(THREE)
    result = project.run()
    assert result.ret == 78
    result.stdout.fnmatch_lines(
        ["API_ADMIN_PASSWORD is not set", "  next: write it into .env.test, or set it in the environment"],
        consecutive=True,
    )


def test_a_run_that_needs_no_admin_needs_no_password(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("API_ADMIN_PASSWORD")
    project.test("def test_a(client): assert client.get('/health').is_success")
    project.run().assert_outcomes(passed=1)


@WORKERS
def test_bad_settings_end_the_run_once_with_78(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("API_BASE_URL", "http://bob:hunter2@host")
    project.test(THREE)
    result = project.run(*workers)
    assert result.ret == 78
    once(result, "API_BASE_URL (environment) is 'http://***@host': expected http://")
    assert "hunter2" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        ("--tidegate-set=timeout", 64, "'timeout' is not of the form KEY=VALUE"),
        ("--tidegate-set=health.timeout=soon", 78, "health.timeout (command line) is 'soon': expected seconds"),
        ("--tidegate-env-file=none.env", 78, "none.env does not exist"),
    ],
)
def test_a_bad_option_ends_the_run(project: Project, option: str, code: int, said: str) -> None:
    project.test(THREE)
    result = project.run(option)
    assert result.ret == code
    once(result, said)


@WORKERS
def test_a_ledger_that_cannot_be_written_ends_the_run_once_with_74(project: Project, workers: tuple[str, ...]) -> None:
    (project.path / "artifacts").touch()
    project.test(THREE)
    result = project.run(*workers)
    assert result.ret == 74
    once(result, "next: make that folder writable or free space, or set TIDEGATE_ARTIFACTS")


def test_a_ledger_that_fills_up_ends_the_run_before_more_is_made(project: Project) -> None:
    project.test(
        "import errno, os\n"
        "def test_a(admin, unique, monkeypatch):\n"
        "    def full(*_): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "    admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n"
        "    monkeypatch.setattr(os, 'write', full)\n"
        "    admin.post('/users', json={'email': unique.email(), 'name': 'x'})\n"
        "def test_b(client): pass"
    )
    result = project.run("-s")
    assert result.ret == 74
    once(result, "No space left on device")
    assert [request for request in project.stub.requests if request.startswith("POST /users")] == ["POST /users"]
    assert project.stub.emails() == set()


def test_without_a_terminal_reporter_the_reason_is_told_all_the_same(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_ADMIN_PASSWORD", "wrong")
    project.test(THREE)
    result = project.run("-o", "addopts=", "-p", "no:terminal")
    assert result.ret == 77
    once(result, "login refused for admin@example.com")


def test_the_gates_progress_is_shown_while_pytest_captures(project: Project) -> None:
    project.stub.healthy = False
    project.test(THREE)
    result = project.run("--tidegate-set=health.timeout=1.3")
    assert result.ret == 69
    result.stdout.fnmatch_lines(
        [f"tidegate: waiting for {project.stub.url}/health: HTTP 503 * (1 s of 1.3 s, * tries)"]
    )


def test_a_fixture_of_the_suite_that_fails_is_an_ordinary_error(project: Project) -> None:
    project.test(
        "def test_a(mine): pass", conftest="import pytest\n@pytest.fixture\ndef mine(client): raise KeyError(1)"
    )
    assert project.run().ret == 1
