"""`tidegate init --yes` in four repositories, then what it says next: green at the first try."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from stack.checkout import IMAGES, ROOT, Checkout

pytestmark = pytest.mark.docker
SAMPLES = ROOT / "tests" / "harness" / "stack" / "samples"
TIDEGATE = [sys.executable, "-m", "tidegate"]
# The tests of health and login, and eight of each resource.
TESTS = {"empty": 3 + 8, "openapi": 3 + 16, "express": 3 + 8, "django": 3 + 8}


def adopted(name: str, folder: Path) -> Checkout:
    """A repository in which init has run, with images of its own per sample, so that they are built once."""
    root = folder / name
    if (SAMPLES / name).is_dir():
        shutil.copytree(SAMPLES / name, root)
    else:
        root.mkdir()
    checkout = Checkout(root, f"tidegate-{name}-{os.getpid()}", {"STACK_IMAGES": f"{IMAGES}-{name}"})
    done = checkout.run(*TIDEGATE, "init", "--yes")
    assert done.returncode == 0, done.stderr
    return checkout


@pytest.fixture(params=TESTS)
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Checkout]:
    checkout = adopted(request.param, tmp_path)
    try:
        yield checkout
    finally:
        checkout.take_down()


def test_the_first_run_is_green_and_the_doctor_finds_nothing(repository: Checkout) -> None:
    # Built first: the test image holds tidegate as it is now, whatever an earlier run has left.
    built = repository.compose("--profile", "tests", "build", "--quiet")
    assert built.returncode == 0, built.stderr
    done = repository.compose("run", "--rm", "-T", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    report = ElementTree.parse(repository.folder / "artifacts/junit.xml").getroot()[0]
    assert (int(report.get("tests", 0)), report.get("skipped"), report.get("failures")) == (
        TESTS[repository.folder.name],
        "0",
        "0",
    )
    assert " 0 records removed at the end" in done.stdout
    doctor = repository.run(*TIDEGATE, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "FAILED" not in doctor.stdout
