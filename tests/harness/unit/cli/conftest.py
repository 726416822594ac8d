"""A folder with the settings of the example."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import PYPROJECT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path
