"""The tests of a run, from the lines that its processes have written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tidegate.records import Phase, TestRun


@dataclass(slots=True)
class Told:
    """What the lines say: the tests as they began, the order in which they should, and how many lines were cut."""

    tests: list[TestRun] = field(default_factory=list)
    collected: list[str] = field(default_factory=list)
    cut: int = 0


def read_tests(paths: Iterable[Path]) -> Told:
    """What these files say, each of which may end anywhere."""
    told, latest = Told(), dict[tuple[str, str], int]()
    for path in paths:
        with path.open("rb") as lines:
            for line in lines:
                entry = _entry(line)
                if entry is None:
                    told.cut += 1
                else:
                    _take(entry, told, latest)
    told.tests.sort(key=lambda test: test.at)
    return told


def run_of(path: Path) -> str:
    """The run whose tests a file holds, as its first line has it."""
    with path.open("rb") as lines:
        return text(_entry(lines.readline()) or {}, "run")


def _entry(line: bytes) -> Mapping[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _take(entry: Mapping[str, Any], told: Told, latest: dict[tuple[str, str], int]) -> None:
    if isinstance(ids := entry.get("collected"), list):
        told.collected = told.collected or [item for item in ids if isinstance(item, str)]
    elif begun := text(entry, "begin"):
        worker = text(entry, "worker")
        latest[worker, begun] = len(told.tests)
        told.tests.append(TestRun(begun, worker, int(number(entry, "index", -1)), number(entry, "at")))
    elif test := text(entry, "test"):
        phase, worker = _phase(entry), text(entry, "worker")
        if phase.name == "collect":
            worker = ""  # each worker collects all
        if (place := latest.get((worker, test))) is None:
            latest[worker, test] = len(told.tests)
            told.tests.append(TestRun(test, worker, at=phase.at, phases=(phase,)))
        elif phase.name != "collect":
            told.tests[place] = replace(told.tests[place], phases=(*told.tests[place].phases, phase))


def _phase(entry: Mapping[str, Any]) -> Phase:
    sections = entry.get("sections")
    return Phase(
        text(entry, "phase"),
        text(entry, "outcome"),
        number(entry, "at"),
        number(entry, "seconds"),
        text(entry, "file"),
        int(number(entry, "line")),
        text(entry, "kind"),
        text(entry, "message"),
        text(entry, "text"),
        {str(name): str(said) for name, said in sections.items()} if isinstance(sections, dict) else {},
    )


def text(entry: Mapping[str, Any], name: str) -> str:
    """The text of that name, empty for anything else."""
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def number(entry: Mapping[str, Any], name: str, missing: float = 0) -> float:
    """The number of that name, `missing` for anything else."""
    value = entry.get(name)
    return value if isinstance(value, (int, float)) and abs(value) < 1e15 else missing
