"""The suite is green on the example API and notices each fault of the catalogue, planted one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from api.processes import ADMIN, SECRET, Started
from faults import CATALOGUE, NONE, Fault, FaultyApi
from suite import Outcome, run_suite


def run_with(fault: Fault, example: Started, artifacts: Path, *tests: str) -> Outcome:
    """The suite, or those tests, with the fault between them and the example API."""
    account = {"API_ADMIN_EMAIL": ADMIN["email"], "API_ADMIN_PASSWORD": ADMIN["password"], "API_JWT_SECRET": SECRET}
    admin = (ADMIN["email"], ADMIN["password"])
    with FaultyApi(example.base_url, fault, admin=admin, secret=SECRET) as faulty:
        return run_suite(artifacts, faulty.url, *tests, **account)


def test_without_a_fault_everything_passes_and_nothing_is_skipped(example: Started, tmp_path: Path) -> None:
    outcome = run_with(NONE, example, tmp_path)
    assert (outcome.exit_code, outcome.failed, outcome.skipped) == (0, [], {}), outcome.output


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_suite_notices(name: str, example: Started, tmp_path: Path) -> None:
    fault = CATALOGUE[name]
    outcome = run_with(fault, example, tmp_path, *(f"tests/{test}" for test in fault.caught_by))
    assert outcome.exit_code == 1, outcome.output
    for test in fault.caught_by:
        assert any(failed.startswith(test) for failed in outcome.failed), f"{test} does not notice\n{outcome.output}"
