"""The images of the stack, which every test of it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from stack.checkout import IMAGES, copy

SLOWEST = ("stack", "plugin", "api")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no worker is left with one when the other has nothing to do."""
    harness = Path(__file__).parents[1]

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(harness).parts[0]
        return SLOWEST.index(folder) if folder in SLOWEST else len(SLOWEST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The images that all checkouts share, built from the files as they are now."""
    built = copy(tmp_path_factory.mktemp("images") / "checkout", "tidegate-images").compose(
        "--project-name", IMAGES, "--profile", "tests", "build", "--quiet"
    )
    assert built.returncode == 0, built.stderr
