"""Undoing a ledger: what a run made is deleted, newest first, each record after a look at it."""

from __future__ import annotations

from collections.abc import Iterable

from tidegate.records import CleanUp, Made, Removed, Stuck
from tidegate.session.http import httpx
from tidegate.session.ownership import Verdict, judge
from tidegate.session.scene import GONE, Scene


def undo(scene: Scene, made: Iterable[Made], *, live: bool) -> CleanUp:
    """Deletes what is still there and still ours; says what could not be deleted."""
    done = CleanUp()
    for record in reversed(list(made)):
        done.add(_undo_one(scene, record, live=live))
    return done


def _undo_one(scene: Scene, made: Made, *, live: bool) -> CleanUp:
    if made.resource not in scene.resources:
        return CleanUp(stuck=[Stuck(f"{made.resource} {made.id}", "that resource is no longer declared", made.test)])
    path = scene.path(made.resource, made.id)
    try:
        verdict = judge(scene, made, live=live)
    except httpx.HTTPError as error:
        return CleanUp(stuck=[Stuck(path, what_failed(error), made.test)])
    match verdict:
        case Verdict.OURS:
            return delete(scene, path, made.test)
        case Verdict.UNKNOWN | Verdict.UNMARKED:
            return CleanUp(stuck=[Stuck(path, verdict.value, made.test)])
    return CleanUp()  # gone, or the id is somebody else's by now


def delete(scene: Scene, path: str, test: str = "") -> CleanUp:
    """Deletes one record; that somebody else was faster is fine."""
    scene.tick(f"DELETE {path}")
    try:
        response = scene.client.delete(path)
        if response.status_code in GONE:
            return CleanUp()
        response.raise_for_status()
    except httpx.HTTPError as error:
        return CleanUp(stuck=[Stuck(path, what_failed(error), test)])
    return CleanUp(removed=[Removed(path, test)])


def what_failed(error: httpx.HTTPError) -> str:
    """What came instead of the answer that was needed, in a line."""
    if isinstance(error, httpx.HTTPStatusError):
        body = " ".join(error.response.text.split())
        return f"{error.request.method} answered {error.response.status_code} {body}".rstrip()
    return f"no answer: {type(error).__name__} {error}"
