"""The lines of all processes of a run in one tests.jsonl, in the order of time."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.redact.data import masked_data

if TYPE_CHECKING:
    from tidegate.redact import Secrets

JOINED = "tests.jsonl"
_AT = re.compile(rb'"at": (\d+(?:\.\d+)?)')  # which no text can hold, whose quotes are escaped


def join_tests(folder: Path, run: str, secrets: Secrets) -> None:
    """Joins the parts of the run, which are gone then, in the place of the last run's; raises OSError, and they stay.

    What has been learned since a line was written is taken out of it.
    """
    parts = sorted(folder.glob(f"tests-{run}*.jsonl"))
    if not parts:
        return
    made = folder / f".{JOINED}.new"
    with made.open("wb") as written:
        written.writelines(_masked(line, secrets) for _, line in heapq.merge(*map(_entries, parts)))
    made.replace(folder / JOINED)
    for path in parts:
        path.unlink(missing_ok=True)


def remove_dead(folder: Path, before: float) -> None:
    """Removes what runs have left that were killed, and have written nothing since this one began."""
    from tidegate.session.ledger import is_alive

    for path in folder.glob("tests-*.jsonl"):
        with suppress(OSError):
            ledger = folder / "ledger" / f"{path.stem.removeprefix('tests-')}.jsonl"
            if path.stat().st_mtime < before and not is_alive(ledger):
                path.unlink()


def _entries(path: Path) -> Iterator[tuple[float, bytes]]:
    """The whole lines with their times; which tests there are comes before all of them."""
    with path.open("rb") as lines:
        latest = 0.0
        for line in lines:
            if line.startswith(b"{") and line.endswith(b"}\n"):
                found = _AT.search(line)
                latest = max(latest, float(found[1]) if found else 0.0)  # a phase may have begun before its test's line
                yield latest, line


def _masked(line: bytes, secrets: Secrets) -> bytes:
    if not secrets.has(line.decode("utf-8", "replace")):
        return line
    entry: dict[str, Any] = masked_data(json.loads(line), secrets)
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
