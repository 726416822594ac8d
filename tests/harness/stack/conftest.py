"""The images of the stack, which every test of it needs."""

from __future__ import annotations

import pytest
from stack.checkout import IMAGES, copy


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The images that all checkouts share, built from the files as they are now."""
    built = copy(tmp_path_factory.mktemp("images") / "checkout", "tidegate-images").compose(
        "--project-name", IMAGES, "--profile", "tests", "build", "--quiet"
    )
    assert built.returncode == 0, built.stderr
