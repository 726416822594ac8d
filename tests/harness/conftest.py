"""What tidegate's own tests share: the stub API, and the rule for tests that need Docker."""

from __future__ import annotations

import functools
import os
import subprocess
from collections.abc import Iterator

# httpx loads these when it first sends. Should that be within a pytester run in this process, which forgets what it has
# loaded, httpx would know the errors of one copy and get those of another.
import httpcore  # noqa: F401
import httpcore2  # noqa: F401
import pytest
from api.processes import Started, embedded
from browsing import chromium
from hypothesis import settings

pytest_plugins = ["pytester"]

# All of CI is to stay under a quarter of an hour on two cores that others may use as well.
settings.register_profile("lean", max_examples=40, deadline=None)
settings.load_profile("lean")


@functools.cache
def engine() -> str:
    """Empty when a Docker engine with compose answers, else why not."""
    try:
        subprocess.run(["docker", "version"], capture_output=True, check=True, timeout=20)
        subprocess.run(["docker", "compose", "version"], capture_output=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        return f"no Docker engine: {error}"
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked docker or browser is skipped without one, or fails where one is required."""
    if item.get_closest_marker("docker") and (reason := engine()):
        if os.environ.get("TIDEGATE_REQUIRE_DOCKER"):
            pytest.fail(f"TIDEGATE_REQUIRE_DOCKER is set, but there is {reason}")
        pytest.skip(reason)
    if item.get_closest_marker("browser") and (reason := chromium()):
        if os.environ.get("TIDEGATE_REQUIRE_BROWSER"):
            pytest.fail(f"TIDEGATE_REQUIRE_BROWSER is set, but {reason}")
        pytest.skip(reason)


@pytest.fixture(scope="session")
def example() -> Iterator[Started]:
    """One example API on a PostgreSQL of its own, for all tests."""
    with embedded() as started:
        yield started


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of ours sees only the settings that it makes, and no CI, in which pytest prints more."""
    for name in list(os.environ):
        ours = name.startswith(("API_", "TIDEGATE_")) and name != "TIDEGATE_REQUIRE_DOCKER"
        if ours or name in ("CI", "BUILD_NUMBER"):
            monkeypatch.delenv(name)
