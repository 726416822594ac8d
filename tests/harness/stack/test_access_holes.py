"""Access holes, planted in the example API one at a time: the matrix names each, and says nothing of a sound API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from api.processes import ADMIN, API_FOLDER, SECRET, Started, free_port, serving
from holes import HOLES, attempt, serve
from suite import ROOT, run_suite

MATRIX = "tests/test_access_matrix.py"
ACCOUNT = {"API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"], "API_JWT_SECRET": SECRET}


def attempts(plan: list[tuple[str, list[str]]], folder: Path) -> list[dict[str, Any]]:
    """How a run of these tests against each URL ended."""
    asked, result = folder / "plan.json", folder / "result.json"
    asked.write_text(json.dumps(plan))
    # API_PROMISES, so that no run asks each API anew for a document that tells which API it is.
    own = {"TIDEGATE_ARTIFACTS": str(folder / "artifacts"), "API_PROMISES": "all"}
    environment = {"PATH": os.environ["PATH"], **own, **ACCOUNT}
    command = [sys.executable, attempt.__file__, str(asked), str(result)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert result.exists(), run.stdout + run.stderr
    found: list[dict[str, Any]] = json.loads(result.read_text())
    return found


def test_a_sound_api_is_found_sound(example: Started, tmp_path: Path) -> None:
    outcome = run_suite(tmp_path, example.base_url, MATRIX, **ACCOUNT)
    assert (outcome.exit_code, outcome.failed, outcome.skipped) == (0, [], {}), outcome.output
    assert len(outcome.passed) > 4 * 12


def test_each_hole_is_named_by_role_and_operation(example: Started, tmp_path: Path) -> None:
    port = free_port()
    command = [serve.__file__, str(API_FOLDER / "shop"), str(tmp_path), str(port)]
    database = f"postgresql://shop@/postgres?host={example.folder()}"
    with serving(command, port, DATABASE_URL=database) as holed:
        urls = [f"{holed.base_url}/{number}" for number in range(len(HOLES))]
        plan = [(url, hole.arguments) for url, hole in zip(urls, HOLES.values(), strict=True)]
        outcomes = attempts(plan, tmp_path)
    unnamed = {
        name: (set(hole.named_by) - {_id(test) for test in outcome["failed"]}, outcome)
        for (name, hole), outcome in zip(HOLES.items(), outcomes, strict=True)
        if {_id(test) for test in outcome["failed"]} != set(hole.named_by)
        or not all(_says_who(_id(test), text) for test, text in outcome["failed"].items())
    }
    assert not unnamed


def _id(test: str) -> str:
    return test.partition("[")[2].removesuffix("]")


def _says_who(name: str, text: str) -> bool:
    """Whether the failure is about who may do what, and not about something that went wrong on the way."""
    said = (" may ", "what belongs to others", "and yet it was done", "does not say who may do")
    return any(words in text for words in said) and all(part in text for part in name.split()[:1] if part in ROLES)


ROLES = ("anonymous", "viewer", "customer")
