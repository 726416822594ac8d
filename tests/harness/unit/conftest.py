from __future__ import annotations

from collections.abc import Iterator

import pytest
from projects import Bent


@pytest.fixture
def stub() -> Iterator[Bent]:
    with Bent() as running:
        yield running
