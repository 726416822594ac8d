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
