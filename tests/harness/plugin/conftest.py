from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import PYPROJECT, Bent, environment_of, run_project

# Quiet, and without the plugins that have no say here but cost start-up time.
INI = (
    "[pytest]\naddopts = -q -p no:anyio -p no:randomly -p no:hypothesispytest -p no:schemathesis -p no:cacheprovider\n"
)


class Project:
    """A project of an adopter in a folder of its own, run by pytest as a process of its own."""

    def __init__(self, pytester: pytest.Pytester, stub: Bent) -> None:
        self.pytester, self.stub = pytester, stub
        self.path: Path = pytester.path
        self.ledger = self.path / "artifacts" / "ledger"
        (self.path / "pytest.ini").write_text(INI)
        (self.path / "pyproject.toml").write_text(PYPROJECT)

    def test(self, code: str, name: str = "test_it", conftest: str = "") -> None:
        """Writes a test module, and a conftest.py when there is one."""
        (self.path / f"{name}.py").write_text(code)
        if conftest:
            (self.path / "conftest.py").write_text(conftest)

    def run(self, *args: str) -> pytest.RunResult:
        """Runs pytest with these arguments."""
        return run_project(*args)


@pytest.fixture
def stub() -> Iterator[Bent]:
    with Bent() as running:
        yield running


@pytest.fixture
def project(pytester: pytest.Pytester, stub: Bent, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name, value in environment_of(stub).items():
        monkeypatch.setenv(name, value)
    return Project(pytester, stub)
