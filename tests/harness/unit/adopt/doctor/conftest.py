"""`tidegate doctor` against the stub API."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import Bent, environment_of
from unit.adopt.doctor.doctor_settings import PYPROJECT, Doctor

from tidegate.adopt import docker
from tidegate.cli import main


@pytest.fixture
def see(stub: Bent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The exit code of `tidegate doctor` and its lines by what they are about."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(docker, "engine", lambda: (True, "Docker 28, Compose 2"))
    monkeypatch.setattr(docker, "published", lambda *_: None)
    monkeypatch.setattr(docker, "container", lambda _: None)
    for name, value in environment_of(stub).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, pyproject: str = PYPROJECT) -> tuple[int, dict[str, str]]:
        (tmp_path / "pyproject.toml").write_text(pyproject)
        code = main(["doctor", *arguments])
        out = capsys.readouterr().out
        return code, {line.split()[1]: f"{line.split()[0]} {line.split(None, 2)[2]}" for line in out.splitlines()}

    return run
