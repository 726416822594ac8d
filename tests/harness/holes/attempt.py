"""Runs chosen tests of the suite against one URL after the other, in one process: `attempt.py PLAN RESULT`.

PLAN is JSON, a list of `[url, arguments of pytest]`; RESULT becomes a list of what failed in each run, `{test: text}`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

QUIET = ["-q", *(f"-pno:{name}" for name in ("randomly", "xdist", "hypothesispytest", "cacheprovider", "schemathesis"))]


class Failures:
    """What failed in one run, by the ids of the tests, and why."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the text of a failure."""
        if report.failed:
            self.texts[report.nodeid] = report.longreprtext


def main(plan: str, result: str) -> None:
    """Runs them all."""
    found = []
    for url, arguments in json.loads(Path(plan).read_text()):
        os.environ["API_BASE_URL"] = url
        failures = Failures()
        code = pytest.main([*QUIET, *arguments], [failures])
        found.append({"code": int(code), "failed": failures.texts})
    Path(result).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
