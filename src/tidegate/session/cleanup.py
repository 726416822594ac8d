"""Clean-up: exactly what the tests made goes, at the end of a session or later for a run that was killed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tidegate.records import CleanUp, Made, Stuck
from tidegate.session.jsonpath import dig
from tidegate.session.ledger import dead_ledgers, discard, is_alive, read
from tidegate.session.run import run_in, started
from tidegate.session.scene import Scene
from tidegate.session.sweep import sweep, without_gone
from tidegate.session.undo import undo
from tidegate.settings import Resource


def clean_session(scene: Scene, run: str, made: list[Made]) -> CleanUp:
    """Undoes this session's ledger, then sweeps its own marker: an answer may have been lost on the way."""
    return _clean_run(scene, run, made, live=True)


def clean_dead_runs(scene: Scene, folder: Path, base_url: str) -> CleanUp:
    """Does for each killed run with a ledger in `folder` what its own session could not."""
    done = CleanUp()
    for path in dead_ledgers(folder):
        target, made = read(path)
        if target not in ("", base_url):
            continue  # another server's ids mean nothing here; `tidegate sweep` names the ledger
        cleaned = _clean_run(scene, path.stem, made, live=False)
        done.add(cleaned)
        if not cleaned.stuck:
            discard(path)
    return done


def _clean_run(scene: Scene, run: str, made: list[Made], *, live: bool) -> CleanUp:
    done = undo(scene, made, live=live)
    done.add(sweep(scene, f"{scene.prefix}{run}-"))
    still_there: dict[str, Stuck] = {}
    for item in without_gone(scene, done.stuck):
        still_there.setdefault(item.path, item)  # the first knows the test
    done.stuck = list(still_there.values())
    done.removed = [item for item in done.removed if item.path not in still_there]  # a DELETE's answer may be a lie
    return done


def ledgers_of(folder: Path, base_url: str) -> list[Path]:
    """Ledgers of killed runs against this server."""
    return [path for path in dead_ledgers(folder) if read(path)[0] == base_url]


def ledgers_of_others(folder: Path, base_url: str) -> list[tuple[Path, str]]:
    """Ledgers of killed runs against other servers, each with its base URL."""
    found = [(path, read(path)[0]) for path in dead_ledgers(folder)]
    return [(path, target) for path, target in found if target not in ("", base_url)]


def sweep_leftovers(scene: Scene, folder: Path, *, older_than: float | None) -> CleanUp:
    """Removes everything under the common prefix that is older than so many seconds (None: any age).

    Records of a run that is still alive stay in any case, those of a run known to be dead go in any case. Whose a
    record without a run id is, nobody knows where others write: there it stays, unless any age is asked for.
    """
    done = sweep(scene, scene.prefix, _Age(scene, folder, older_than).reason_to_keep)
    done.stuck = without_gone(scene, done.stuck)
    return done


class _Age:
    def __init__(self, scene: Scene, folder: Path, older_than: float | None) -> None:
        self._prefix, self._shared, self._folder, self._older_than = scene.prefix, scene.shared, folder, older_than
        self._alive: dict[str, bool | None] = {}

    def reason_to_keep(self, resource: Resource, record: Mapping[str, Any]) -> str | None:
        run = run_in(dig(record, resource.marker or ""), self._prefix)
        alive = self._is_alive(run) if run else None
        if alive:
            return "made by a run that is still going on"
        if alive is False or self._older_than is None:
            return None
        if run is None and self._shared:
            return "without a run id, so perhaps somebody else's (--all removes it)"
        times = (started(run) if run else None, _time(dig(record, resource.created)))
        known = [seconds for seconds in times if seconds is not None]
        if not known:
            return "of unknown age (--all removes it)"
        return "younger than the limit (--all removes it)" if time.time() - max(known) < self._older_than else None

    def _is_alive(self, run: str) -> bool | None:
        """None when no ledger here knows the run: it ended, or runs on another machine."""
        if run not in self._alive:
            path = self._folder / f"{run}.jsonl"
            self._alive[run] = is_alive(path) if path.exists() else None
        return self._alive[run]


def _time(value: Any) -> float | None:
    try:
        return datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
