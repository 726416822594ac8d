"""What a run says beside its results."""

from __future__ import annotations

import pytest
from plugin.conftest import Project

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
