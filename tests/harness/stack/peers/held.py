"""A pytest plugin: the run says by a file that it has made its records, and then stands still until it is killed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest


def pytest_runtest_teardown(item: pytest.Item) -> None:
    if item.name == "test_what_a_test_leaves_is_removed_at_the_end":
        Path("held").touch()
        signal.pause()
