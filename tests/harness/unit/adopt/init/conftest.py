"""The repository that these tests start in."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
