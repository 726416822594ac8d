"""The guarded site of each of these tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.session.guard.guarded_site import STAGING, Open, Site


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return lambda base_url=STAGING, more="", **env: Site(tmp_path, base_url, more, **env)
