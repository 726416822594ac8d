"""The suite in `tests/`, run as a user runs it, against some API."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from preloaded import ROOT, pytest_run

__all__ = ["ROOT", "Outcome", "run_suite"]


@dataclass(frozen=True)
class Outcome:
    """How a run of the suite ended; tests as `test_users.py::test_name[case]`."""

    exit_code: int
    passed: list[str]
    failed: list[str]
    skipped: dict[str, str]
    output: str


def run_suite(artifacts: Path, url: str, *arguments: str, **environment: str) -> Outcome:
    """Run the suite, or the tests that `arguments` name, with nothing but this environment."""
    report = artifacts / "junit.xml"
    # Order is another test's matter, and plugins that nothing here needs cost a third of each start.
    serial = not any(argument.startswith("-n") for argument in arguments)
    plugins = ["randomly", "cacheprovider", "hypothesispytest", "schemathesis", *["xdist"] * serial]
    unneeded = [f"-pno:{plugin}" for plugin in plugins]
    options = [*unneeded, f"--junitxml={report}"]
    # The stubs show no document, and what the tests find by themselves is the matter here.
    alone = {"TIDEGATE_CONTRACT_MODE": "off", "TIDEGATE_ARTIFACTS": str(artifacts)}
    settings = {"PATH": os.environ["PATH"], "API_BASE_URL": url, **alone} | environment
    run = pytest_run([*options, *(arguments or ["tests"])], ROOT, settings, timeout=120, imported=("tests",))
    return _outcome(run, report)


def _outcome(run: subprocess.CompletedProcess[str], report: Path) -> Outcome:
    passed: list[str] = []
    failed: list[str] = []
    skipped: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():
        name = f"{case.get('classname', '').removeprefix('tests.')}.py::{case.get('name')}"
        if (skip := case.find("skipped")) is not None:
            skipped[name] = skip.get("message", "")
        elif case.find("failure") is not None or case.find("error") is not None:
            failed.append(name)
        else:
            passed.append(name)
    return Outcome(run.returncode, passed, failed, skipped, run.stdout + run.stderr)
