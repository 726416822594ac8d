"""No secret in what a failing run leaves: terminal, JUnit file, worker's report."""

from __future__ import annotations

import re

import pytest
from plugin.conftest import Project
from projects import Answer

CANARIES = {"API_JWT_SECRET": "canary-of-the-signing-secret", "MY_TOKEN": "canary-of-a-token"}
FAILS = """
import pytest
def test_arguments(admin_token, auth_headers): assert admin_token == auth_headers
def test_locals(admin, settings):
    sent = dict(admin.headers)
    password = settings.admin_password
    assert settings.variables == {}
def test_output(admin_token, settings):
    print("I send", admin_token, settings.variables["API_JWT_SECRET"])
    assert 0
@pytest.fixture
def broken(admin_token): raise RuntimeError(f"with {admin_token}")
def test_setup(broken): pass
def test_parts(settings): raise AssertionError(settings.variables["MY_TOKEN"])
"""


@pytest.mark.parametrize("style", ["long", "short", "native", "line"])
@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_a_failing_test_shows_no_secret(
    project: Project, monkeypatch: pytest.MonkeyPatch, style: str, workers: tuple[str, ...]
) -> None:
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    project.test(FAILS)
    logging = ("-o", "junit_logging=all", "--junitxml=junit.xml")
    result = project.run("-l", f"--tb={style}", *logging, *workers)
    assert result.ret == 1
    everything = result.stdout.str() + result.stderr.str() + (project.path / "junit.xml").read_text()
    token = project.stub.requests and re.findall(r"Bearer (?!\*)\S+|eyJ\S+", everything)
    assert (token, [value for value in CANARIES.values() if value in everything]) == ([], [])
    assert "tide-and-gate-2026" not in everything
    assert "***" in everything


def test_an_opaque_token_is_known_by_its_value(project: Project) -> None:
    project.stub.answers("POST", "/auth/login", Answer(200, {"access_token": "canary-opaque-0123456789"}))
    project.test("def test_it(login):\n    token = login('a@example.com', 'password-1')\n    assert token == 1\n")
    result = project.run("-l")
    assert result.ret == 1
    assert "canary-opaque" not in result.stdout.str()


KEY = "k7Qz2mWv9Xc4Lr8Tn1Pb6Yd3Hs5Jf0Ga"
LONG = "".join(f"{KEY[at % 29 :]}{at:04}" for at in range(40))
CUTS = """
import pytest
def test_assertion(admin_token): assert admin_token == "other"
def test_alike(admin_token): assert admin_token == admin_token[:-9] + "otherwise"
def test_argument(auth_headers): raise RuntimeError("with an argument")
def test_locals(admin_token, auth_headers):
    token, parts, sent = admin_token, [1, {"k": admin_token}], admin_token.encode()
    assert not token
"""


@pytest.mark.parametrize("secret", [KEY, LONG], ids=["32 characters", "long"])
@pytest.mark.parametrize("args", [(), ("-l",), ("-vv", "--showlocals"), ("-l", "-n", "1")], ids=" ".join)
def test_a_secret_that_pytest_cuts_leaves_no_end_behind(project: Project, secret: str, args: tuple[str, ...]) -> None:
    project.stub.answers("POST", "/auth/login", Answer(200, {"access_token": secret}))
    project.test(CUTS)
    result = project.run("--junitxml=junit.xml", *args)
    assert result.parseoutcomes() == {"failed": 4}
    for everything in (result.stdout.str(), (project.path / "junit.xml").read_text()):
        assert (secret[:6] in everything, secret[-6:] in everything) == (False, False)
        assert "***" in everything


LOGS = """
import logging
def test_it(admin, admin_token, caplog):
    admin.get("/users")
    logging.getLogger("own").warning("I have %s", admin_token)
    assert admin_token in caplog.text
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_live_logs_show_no_secret_though_caplog_has_what_was_logged(project: Project, workers: tuple[str, ...]) -> None:
    cookie = {"Set-Cookie": "id=canary-of-a-cookie"}
    project.stub.answers("POST", "/auth/login", Answer(200, {"access_token": "canary-0123456789"}, cookie))
    with (project.path / "pyproject.toml").open("a") as file:
        file.write('[tool.tidegate.login]\nsend = "?api_key={token}"\n')
    project.test(LOGS)
    levels = ("--log-level=DEBUG", "--log-cli-level=DEBUG", "--log-file=log.txt", "--log-file-level=DEBUG")
    result = project.run("-o", "log_cli=true", *levels, *workers)
    assert result.parseoutcomes() == {"passed": 1}
    live, logged = result.stdout.str(), (project.path / "log.txt").read_text()
    assert ("canary" in live, "canary" in logged) == (False, False)
    for text in (logged,) if workers else (live, logged):  # a worker has no terminal
        assert {"api_key=***", "I have ***", "Set-Cookie"} <= {part for part in PARTS if part in text}


PARTS = ("api_key=***", "I have ***", "Set-Cookie")
WHO_FORMATS = """
def formatter(config): return config.pluginmanager.get_plugin("logging-plugin").log_file_handler.formatter
def pytest_configure(config):
    config.add_cleanup(lambda: open("seen.txt", "a").write(f" end {type(formatter(config)).__module__}"))
def pytest_sessionfinish(session):
    open("seen.txt", "a").write(f"run {type(formatter(session.config)).__module__}")
"""


@pytest.mark.parametrize(
    ("fixture", "during"), [("tmp_path", "_pytest.logging"), ("settings", "tidegate.plugin.shown.masking")]
)
def test_only_runs_that_use_a_fixture_of_ours_mask_their_logs(project: Project, fixture: str, during: str) -> None:
    project.test(f"def test_it({fixture}): pass", conftest=WHO_FORMATS)
    assert project.run().ret == 0
    assert (project.path / "seen.txt").read_text() == f"run {during} end _pytest.logging"
