"""Taking over what a run saw: the document and the shapes that later runs are held to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tidegate.contract.drift import compare
from tidegate.contract.lock import NAME as LOCK
from tidegate.contract.lock import lock_text, read_lock
from tidegate.contract.outcome import DOCUMENT, FOLDER, Outcome
from tidegate.contract.shapes import NAME as SHAPES
from tidegate.contract.shapes import LockedShapes, read_shapes
from tidegate.writing import write_whole


def accept(outcome: Outcome, artifacts: Path, folder: Path, *, write: bool) -> Iterator[str]:
    """Locks the document and the shapes of this run in `folder`; gives a line for each change, the breaking first."""
    yield from _document(outcome, artifacts, folder / LOCK, write=write)
    yield from _shapes(outcome, folder / SHAPES, write=write)


def _document(outcome: Outcome, artifacts: Path, lock: Path, *, write: bool) -> Iterator[str]:
    if outcome.share.document is None:
        return
    live, locked = json.loads((artifacts / FOLDER / DOCUMENT).read_bytes()), read_lock(lock)
    text = lock_text(live)
    if locked is None:
        yield f"{lock.name}: new, {outcome.share.document}"
    elif text == lock.read_text(encoding="utf-8"):
        yield f"{lock.name}: nothing to take over"
        return
    else:
        changes = compare(locked, live)
        yield f"{lock.name}: {len(changes)} change{'s' * (len(changes) != 1)}"
        yield from (f"  {'BREAKING  ' if change.breaking else ''}{change}" for change in changes)
    if write:
        write_whole(lock, text)


def _shapes(outcome: Outcome, lock: Path, *, write: bool) -> Iterator[str]:
    if not outcome.share.shapes:
        return
    locked = read_shapes(lock) or LockedShapes()
    taken = locked.updated(outcome.share.shapes)
    changes = list(_lines_that_differ(locked, taken))
    if not changes and lock.exists():
        yield f"{lock.name}: nothing to take over"
        return
    yield f"{lock.name}: {len(changes)} line{'s' * (len(changes) != 1)}" if lock.exists() else f"{lock.name}: new"
    if lock.exists():
        yield from (f"  {change}" for change in changes)
    if write:
        write_whole(lock, taken.to_text())


def _lines_that_differ(old: LockedShapes, new: LockedShapes) -> Iterator[str]:
    for name in sorted(old.answers.keys() | new.answers.keys()):
        before, after = old.answers.get(name, {}), new.answers.get(name, {})
        for at in sorted(before.keys() | after.keys()):
            if before.get(at) != after.get(at):
                was, now = (str(lines[at]) if at in lines else "nothing" for lines in (before, after))
                yield f"{name} {at}: {was} -> {now}"
