"""What a line of tests.jsonl says of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

LONGEST, SECTION = 20_000, 8_000
Entry = dict[str, Any]


def outcome_of(report: pytest.TestReport) -> str:
    """How pytest's summary counts it; what is set up or torn down and fails is an error."""
    if hasattr(report, "wasxfail") and report.outcome in ("skipped", "passed"):
        return "xfailed" if report.skipped else "xpassed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return str(report.outcome)


def raised(item: pytest.Item, call: pytest.CallInfo[None]) -> Entry:
    """What was raised, and the last line of the project's own that led to it."""
    if call.excinfo is None:
        return {}
    kind = "contract" if call.excinfo.typename == "Departed" else call.excinfo.typename
    file, line = str(item.location[0]), int(item.location[1] or 0) + 1
    for step in call.excinfo.traceback:
        path = step.path
        if isinstance(path, Path) and path.is_relative_to(item.config.rootpath) and "site-packages" not in path.parts:
            file, line = path.relative_to(item.config.rootpath).as_posix(), step.lineno + 1
    return {"file": file, "line": line, "kind": kind}


def entry_of(report: pytest.TestReport | pytest.CollectReport, phase: str, outcome: str) -> Entry:
    """The line without what is known of the process; for a phase that passed no more than that."""
    at, seconds = float(getattr(report, "start", 0.0)), float(getattr(report, "duration", 0.0))
    entry: Entry = {"phase": phase, "outcome": outcome, "at": at, "seconds": round(seconds, 6)}
    if outcome == "passed":
        return entry
    entry["message"] = message_of(report)
    if outcome == "skipped":
        return entry
    entry["text"] = cut(report.longreprtext, LONGEST)
    entry["sections"] = {name: cut(said, SECTION) for name, said in report.sections}
    return entry


def message_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The first line of what went wrong, or of why the test was skipped."""
    shown: Any = report.longrepr
    if isinstance(shown, tuple):
        return str(shown[2]).removeprefix("Skipped: ")
    crash = getattr(shown, "reprcrash", None)
    said = crash.message if crash else str(getattr(report, "wasxfail", "") or _last(report.longreprtext))
    return str(said).partition("\n")[0][:1000]


def _last(text: str) -> str:
    """What pytest says of a module that cannot be collected ends with what was raised."""
    told = [line.removeprefix("E").strip() for line in text.splitlines() if line.startswith("E ")]
    return told[-1] if told else text


def cut(text: str, most: int) -> str:
    """The text's beginning and, since that tells more, its end."""
    if len(text) <= most:
        return text
    head, tail = most // 3, most - most // 3
    return f"{text[:head]}\n… {len(text) - most} characters cut …\n{text[-tail:]}"
