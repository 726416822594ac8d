"""What a run says beside its results."""

from __future__ import annotations

import pytest
from plugin.conftest import Project
from projects import PYPROJECT
from stub_api import ADMIN_EMAIL

from tidegate.adopt.answers import Answers
from tidegate.adopt.suite import suite_files

HEALTH = "def test_a(client): client.get('/health')\ndef test_b(client): client.get('/health')\n"


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "-n 2"])
def test_a_variable_that_looks_misspelled_is_noted_once_and_stops_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, workers: tuple[str, ...]
) -> None:
    monkeypatch.setenv("API_HELTH_PATH", "/up")
    project.test(HEALTH)
    result = project.run(*workers)
    result.assert_outcomes(passed=2)
    said = "API_HELTH_PATH (environment) is not a setting, and has no effect; did you mean API_HEALTH_PATH?"
    line = f"tidegate: note: {said}"
    assert result.stdout.str().splitlines().count(line) == 1


@pytest.fixture
def shared(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose API is shared, with a password of its own."""
    project.stub.set_password(ADMIN_EMAIL, "a-password-of-staging")
    monkeypatch.setenv("TIDEGATE_SHARED", "127.0.0.1")
    monkeypatch.setenv("API_ADMIN_PASSWORD", "a-password-of-staging")
    return project


def test_of_the_suite_that_init_writes_a_part_runs_against_a_shared_target(shared: Project) -> None:
    """Health, the login, and an id that nobody has: of a resource with a parent as well, which must not be made."""
    (shared.path / "pyproject.toml").write_text(PYPROJECT)
    for path, text in suite_files(Answers(resources={"users": {}, "orders": {}})):
        (shared.path / path).parent.mkdir(exist_ok=True)
        (shared.path / path).write_text(text)
    result = shared.run("tests")
    result.assert_outcomes(passed=6, deselected=13)
    assert {line for line in shared.stub.requests if not line.startswith("GET")} == {"POST /auth/login"}


def test_a_refused_write_shows_the_lines_of_the_test_alone(shared: Project) -> None:
    shared.test(
        "import pytest\n@pytest.mark.readonly\n"
        "def test_a(client):\n    write(client)\ndef write(client):\n    client.post('/users')\n"
    )
    result = shared.run()
    result.assert_outcomes(failed=1)
    places = [line for line in result.outlines if ": WriteRefused" in line or line.startswith("test_it.py:")]
    assert places == ["test_it.py:4: ", "test_it.py:6: WriteRefused"]
    assert not [line for line in result.outlines if "site-packages" in line or "/session/" in line]
