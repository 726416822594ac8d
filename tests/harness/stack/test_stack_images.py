"""Which images runs leave: one for each service that is built, however many runs there were."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from stack.checkout import copy
from stack.small import PYTHON_IMAGE, Small

from tidegate.stack.project import checkout_name

pytestmark = pytest.mark.docker


COMPOSE = """
services:
  api:
    build: .
{named}    init: true
    stop_grace_period: 0s
    command: [python, -u, /api.py]
    ports: ["127.0.0.1::8000"]
"""


def docker(*arguments: str) -> list[str]:
    """The lines that the engine answers."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.split()


def images(label: str) -> list[str]:
    """Every image with this label, also those without a name."""
    return docker("image", "ls", "--all", "--filter", f"label=of={label}", "--format", "{{.Repository}}")


@pytest.mark.parametrize("named", ["    image: ${STACK_IMAGES}-api\n", "    image: ${COMPOSE_PROJECT_NAME}-its\n", ""])
def test_three_runs_leave_one_image_and_it_has_a_name(tmp_path: Path, named: str) -> None:
    small = Small(tmp_path / "small")
    name = checkout_name(small.folder)
    small.write("Dockerfile", f"FROM {PYTHON_IMAGE}\nLABEL of={name}\nCOPY api.py /\n")
    small.write("compose.yaml", COMPOSE.format(named=named))
    try:
        for _ in range(3):
            code, output = small.pytest()
            assert code == 0, output
        assert len(set(small.seen())) == 3, "each run has a project of its own"
        service = "its" if "its" in named else "api"
        assert images(name) == [f"{name}-{service}"]
    finally:
        small.remove()
        for left in docker("image", "ls", "--filter", f"reference={name}*", "--format", "{{.Repository}}"):
            docker("image", "rm", left)


def test_the_script_builds_under_the_name_of_the_images(tmp_path: Path) -> None:
    """The project of the run is in no image, so that the next run's are the same."""
    checkout = copy(tmp_path / "checkout", "tidegate-script-images", TIDEGATE_STACK="compose")
    answer = checkout.run("scripts/test", "tests/test_health.py")
    assert answer.returncode == 0, answer.stderr
    names = [f"{checkout.environment['STACK_IMAGES']}-{service}" for service in ("api", "tests")]
    label = '{{index .Config.Labels "com.docker.compose.project"}}'
    assert docker("image", "inspect", "--format", label, *names) == [checkout.environment["STACK_IMAGES"]] * 2
