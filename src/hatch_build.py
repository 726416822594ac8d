"""Puts the files that `tidegate init` generates from into the wheel, where an installation finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = "tidegate/adopt/ours"
FILES = (
    "compose.yaml",
    "pytest.ini",
    ".env.test",
    "docker/stack.yaml",
    "docker/tests/Dockerfile",
    "docker/tests/entrypoint",
    "docker/tests/requirements.lock",
    "docker/tests/without-capabilities",
    "scripts/test",
    "scripts/stack-compose",
    "scripts/evidence",
    ".github/workflows/tests.yml",
)


class OwnFiles(BuildHookInterface):  # type: ignore[type-arg]  # the configuration's type is hatchling's affair
    """Adds those of the files that are there: the test image builds tidegate without them, and needs none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Tells hatchling which files go where; not for an editable install, which reads the checkout."""
        if version == "standard":
            root = Path(self.root)
            build_data["force_include"].update(
                {str(root / path): f"{FOLDER}/{path}" for path in FILES if (root / path).is_file()}
            )
