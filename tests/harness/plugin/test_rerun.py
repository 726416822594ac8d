"""`tidegate rerun` runs again what failed last, until nothing fails."""

from __future__ import annotations

import re
import sys

from plugin.conftest import Project

INI = "[pytest]\naddopts = -p no:anyio -p no:hypothesispytest -p no:schemathesis\n"
SUITE = """
import os, random, pytest
pytestmark = pytest.mark.usefixtures("settings")
def test_a(): pass
@pytest.mark.parametrize("value", [1, 2])
def test_b(value): assert value == 1, f"is {random.random()}"
def test_c(): assert os.path.exists("mended")
"""
TOLD = r"tidegate: 2 tests that failed in run \w+: pytest test_it.py --replay-order=artifacts/rerun.json -v"


def test_what_failed_runs_again_with_the_same_seed_until_nothing_fails(project: Project) -> None:
    project.test(SUITE)
    (project.path / "pytest.ini").write_text(INI)
    rerun = [sys.executable, "-m", "tidegate", "rerun", "-v"]
    outputs = [project.run().stdout.str(), (result := project.pytester.run(*rerun)).stdout.str()]
    result.assert_outcomes(failed=2, deselected=2)
    assert len({re.findall(r"is [\d.]+", output)[0] for output in outputs}) == 1
    assert re.search(TOLD, outputs[1])
    (project.path / "mended").touch()
    project.test(SUITE.replace("value == 1", "value"))
    project.pytester.run(*rerun).assert_outcomes(passed=2, deselected=2)
    result = project.pytester.run(*rerun)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["tidegate: no test failed in run *: there is nothing to run again"])
