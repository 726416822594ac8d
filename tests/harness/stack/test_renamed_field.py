"""A field of the example API gets another name, in its code and so in its document: the suite is red by both locks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from api.processes import ADMIN, API_FOLDER, SECRET, Started, free_port, serving
from suite import Outcome, run_suite

TESTS = ("tests/test_users_list.py",)
ACCOUNT = {"API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"], "API_JWT_SECRET": SECRET}
FIELD = "    created_at: datetime\n"
RENAMED = '    made_at: datetime = Field(validation_alias="created_at")\n'
Run = Callable[..., Outcome]


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The example API with its `created_at` as `made_at`."""
    folder = tmp_path_factory.mktemp("renamed") / "api"
    shutil.copytree(API_FOLDER, folder, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    (folder / ".venv").symlink_to(API_FOLDER / ".venv")
    schemas = folder / "shop" / "schemas.py"
    text = schemas.read_text()
    assert text.count(FIELD) == 2
    schemas.write_text(text.replace(FIELD, RENAMED))
    port = free_port()
    with serving([str(folder / "embedded"), "--port", str(port)], port, PYTHONPATH=str(folder)) as started:
        yield started


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs tests of the suite that say nothing of the field, held to the repository's locks."""

    def run(started: Started, **settings: str) -> Outcome:
        ours = {"API_PROMISES": "all", "TIDEGATE_CONTRACT_MODE": "strict"}
        return run_suite(tmp_path, started.base_url, *TESTS, **ACCOUNT, **ours, **settings)

    return run


def kept(folder: Path) -> dict[str, Any]:
    """What the run has left about the contract."""
    told: dict[str, Any] = json.loads((folder / "contract.json").read_text())
    return told


def found(folder: Path) -> set[tuple[str, str, str]]:
    """The kinds of its findings, with the operation and the last step of the place."""
    return {(each["kind"], each["operation"], each["where"].rpartition("/")[2]) for each in kept(folder)["findings"]}


NO_DOCUMENT = {"TIDEGATE_CONTRACT_DOCUMENT": "", "TIDEGATE_CONTRACT_FAIL_UNDER": ""}
SEEN = {("changed-shape", operation, "created_at") for operation in ("POST /users", "GET /users")}


def test_with_a_document_both_locks_name_operation_and_field(renamed: Started, run: Run, tmp_path: Path) -> None:
    outcome = run(renamed)
    assert outcome.exit_code == 1, outcome.output
    assert outcome.failed
    broken = [change for change in kept(tmp_path)["drift"]["changes"] if change["breaking"]]
    assert {change["where"].rpartition("/")[2] for change in broken} == {"created_at"}
    concerned = {name for change in broken for name in (change["operation"], *change["also"])}
    assert concerned >= {"GET /users/{user_id}", "POST /users", "PATCH /orders/{order_id}"}
    assert "created_at: answers no longer have it; renamed to made_at?" in outcome.output
    assert found(tmp_path) == SEEN  # and no more: the document drifted together with the code


def test_without_a_document_the_shapes_name_operation_and_field(renamed: Started, run: Run, tmp_path: Path) -> None:
    outcome = run(renamed, **NO_DOCUMENT)
    assert outcome.exit_code == 1, outcome.output
    assert kept(tmp_path)["document"] is None
    assert found(tmp_path) == SEEN
    assert "no such field, but made_at: renamed?" in outcome.output


def test_without_a_change_the_same_tests_raise_nothing(example: Started, run: Run, tmp_path: Path) -> None:
    outcome = run(example, **NO_DOCUMENT)
    assert (outcome.exit_code, outcome.failed) == (0, []), outcome.output
    assert found(tmp_path) == set()
