"""The ledger: what a run has made, on disk before the test goes on, so that a killed run can be cleaned up after.

One file of JSON lines per process, `<artifacts>/ledger/<run id>.jsonl`, and beside it a lock that the process holds
while it lives: the kernel lets go of it however the process ends, which tells a dead run from a live one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.errors import LedgerError
from tidegate.records import Made

if TYPE_CHECKING:
    from filelock import BaseFileLock


class Ledger:
    """The ledger of this process; `current_test` gives the id of the test that runs now."""

    def __init__(self, folder: Path, run: str, base_url: str, current_test: Callable[[], str]) -> None:
        self.run = run
        self.count = 0
        self.used = False
        self._mend = b""
        self._made: set[tuple[str, str, str]] = set()
        self._current_test = current_test
        self._path = folder / f"{run}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = lock_of(self._path)
            self._lock.acquire(timeout=0)
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as error:
            raise LedgerError(_unwritable(self._path, error)) from None
        self._write({"op": "run", "run": run, "base_url": base_url})

    def intent(self, resource: str) -> None:
        """Notes that a record is about to be made: its answer may never arrive."""
        self.used = True
        self._write({"op": "intent", "resource": resource, "test": self._current_test()})

    def made(self, resource: str, record_id: str, marker: str | None, parent: str | None, below: str = "") -> None:
        """Notes a record that was made; `below` is the parent that its id is told apart by, if any."""
        self.count += 1
        self._made.add((resource, record_id, below))
        entry = {"op": "made", "resource": resource, "id": record_id, "marker": marker, "parent": parent}
        self._write({**entry, "below": below, "test": self._current_test()})

    def has_made(self, resource: str, record_id: str, below: str = "") -> bool:
        """Whether this process made the record and has not deleted it: an id may be given again."""
        return (resource, record_id, below) in self._made

    def remarked(self, resource: str, record_id: str, marker: str, below: str = "") -> None:
        """Notes that a record's marker field has a new value."""
        self._write({"op": "remarked", "resource": resource, "id": record_id, "marker": marker, "below": below})

    def gone(self, resource: str, record_id: str, below: str = "") -> None:
        """Notes that a record was deleted; where that cannot be written, clean-up looks once more than it had to."""
        self._no_more("gone", resource, record_id, below)

    def said_gone(self, resource: str, record_id: str, below: str = "") -> None:
        """Notes that the API says that it deleted a record, which clean-up sees for itself."""
        self._no_more("said gone", resource, record_id, below)

    def orphaned(self, resource: str, record_id: str, below: str = "") -> None:
        """Notes that a record's parent was deleted: whether it went as well, clean-up sees for itself."""
        self._no_more("orphaned", resource, record_id, below)

    def _no_more(self, how: str, resource: str, record_id: str, below: str) -> None:
        self._made.discard((resource, record_id, below))
        with suppress(LedgerError):
            self._write({"op": how, "resource": resource, "id": record_id, "below": below})

    def note(self, what: str, **more: Any) -> None:
        """Notes something that other processes of the run may want to know; clean-up passes over it."""
        with suppress(LedgerError):
            self._write({"op": what, **more})

    def outstanding(self) -> list[Made]:
        """What was made and not seen deleted, oldest first."""
        return read(self._path)[1]

    def close(self, *, settled: bool) -> None:
        """Lets go of the ledger; removes it when nothing is left to undo."""
        os.close(self._file)
        if settled:
            discard(self._path)
        self._lock.release()

    def _write(self, entry: dict[str, Any]) -> None:
        line = self._mend + json.dumps(entry).encode() + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise LedgerError(_unwritable(self._path, error)) from None
        if written != len(line):
            self._mend = b"\n"  # ends the cut line, so that it does not take the next with it
            raise LedgerError(_unwritable(self._path, OSError(0, "only a part of the line was written")))


def _unwritable(path: Path, error: OSError) -> str:
    return (
        f"the ledger of what the tests make cannot be written: {error.strerror or error}\n  file: {path}\n"
        "  next: make that folder writable or free space, or set TIDEGATE_ARTIFACTS to another folder"
    )


def lock_of(path: Path) -> BaseFileLock:
    """The lock whose holder is the live owner of this ledger."""
    from filelock import FileLock

    return FileLock(path.with_suffix(".lock"))


def is_alive(path: Path) -> bool:
    """Whether the run of this ledger still runs, on this machine or in a container that shares the folder.

    A ledger that is another user's, and may not be locked, counts as alive.
    """
    lock = lock_of(path)
    try:
        lock.acquire(timeout=0)
    except OSError:  # filelock's Timeout is one
        return True
    if not path.exists():
        discard(path)  # the lock file that asking made anew
    lock.release()
    return False


def dead_ledgers(folder: Path) -> Iterator[Path]:
    """Ledgers whose run died, each locked against other clean-ups while the caller works on it."""
    for path in sorted(folder.glob("*.jsonl")):
        lock = lock_of(path)
        try:
            lock.acquire(timeout=0)
        except OSError:  # filelock's Timeout is one
            continue
        try:
            if path.exists():
                yield path
        finally:
            if not path.exists():
                discard(path)  # the lock file that asking made anew
            lock.release()


def read(path: Path) -> tuple[str, list[Made]]:
    """The base URL of a ledger's run, and what it made that was not seen deleted, oldest first.

    A line that was cut off by a crash or a full disk is passed over: the sweep by prefix finds what it told of.
    """
    base_url, run = "", path.stem
    found: dict[tuple[str, str, str], Made] = {}
    for entry in entries(path):
        name, record_id = str(entry.get("resource")), str(entry.get("id"))
        key = (name, record_id, str(entry.get("below", "")))
        match entry.get("op"):
            case "run":
                base_url = str(entry.get("base_url"))
            case "made":
                test = str(entry.get("test"))
                found[key] = Made(name, record_id, run, test, entry.get("marker"), entry.get("parent"))
            case "remarked" if key in found:
                found[key] = replace(found[key], marker=entry.get("marker"))
            case "said gone" if key in found:
                found[key] = replace(found[key], gone=True)
            case "gone":
                found.pop(key, None)
    return base_url, list(found.values())


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """What a ledger holds, line by line."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise LedgerError(f"the ledger {path} cannot be read: {error.strerror}") from None
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            yield entry


def discard(path: Path) -> None:
    """Removes a ledger that has nothing left to tell."""
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)
