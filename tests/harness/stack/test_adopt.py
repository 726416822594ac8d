"""`tidegate init --yes` in four repositories, then what it says next: green at the first try, and red for a reason."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from stack.checkout import IMAGES, ROOT, Checkout

from tidegate.evidence.bundle import open_bundle

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


def commit(checkout: Checkout) -> None:
    """All of it as a commit of a repository of its own."""
    author = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        done = checkout.run("git", *author, *words)
        assert done.returncode == 0, done.stderr


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
    if repository.folder.name == "express":
        a_red_run_of_the_script_is_kept_and_is_red_again_in_a_clone(repository)


# A service that ends well without anybody waiting for that, and what is no business of the tests.
MORE = """
  once:
    image: postgres:17-trixie
    environment: {PGPASSWORD: tide-of-the-notes}
    entrypoint: [psql, -h, db, -U, postgres, -c, "create table tides (id int)", -c, "insert into tides values (1)"]
    depends_on: {db: {condition: service_healthy}}
  db:
    image: postgres:17-trixie
    environment: {POSTGRES_PASSWORD: tide-of-the-notes}
    tmpfs: [/var/lib/postgresql/data]
    healthcheck: {test: [CMD, pg_isready, -q, -h, 127.0.0.1], start_period: 30s, start_interval: 250ms}
  another:
    build: ./nowhere

networks:"""


def a_red_run_of_the_script_is_kept_and_is_red_again_in_a_clone(there: Checkout) -> None:
    """In the same repository, since its images are built; by then with services that its API starts after."""
    compose, server = (there.folder / name for name in ("compose.yml", "server.js"))
    build = "    build: .\n"
    there.write("compose.yml", compose.read_text().replace(build, f"{build}    depends_on: [once]\n", 1))
    there.write("compose.yml", compose.read_text().replace("\nnetworks:", MORE, 1))
    there.write("server.js", server.read_text().replace("{ title, text });", '{ title, text: "" });', 1))
    there.take_down()
    commit(there)
    red = there.run("scripts/test", "-k", "change_is_kept")
    assert red.returncode == 1, red.stdout + red.stderr
    assert red.stderr.endswith("test: make it red again: tidegate reproduce artifacts\n")
    bundle = open_bundle(there.folder / "artifacts")
    assert bundle.stack["services"]["backend"]["state"] == "running"
    assert {"backend.log", "db.log"} <= {path.name for path in (bundle.folder / "logs").iterdir()}
    assert {"baseline.sql.gz", "failure.sql.gz"} <= {path.name for path in (bundle.folder / "snapshots").iterdir()}
    assert (bundle.folder / "report.html").is_file()
    assert there.containers() == []
    assert there.project not in there.run("docker", "image", "ls", "--format", "{{.Repository}}").stdout

    clone = there.folder.parent / "clone"
    assert there.run("git", "clone", "--quiet", ".", str(clone)).returncode == 0
    again = Checkout(clone, "unused").run(*TIDEGATE, "reproduce", str(bundle.folder), "--yes")
    assert again.stdout.startswith("reproduced: tests/test_notes.py::test_a_change_is_kept\n"), again.stderr
    assert "the database holds the rows with which that run began" in again.stderr
