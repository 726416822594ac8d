"""Undoing a ledger: what a run made is deleted, newest first, each record after a look at it."""

from __future__ import annotations

from collections.abc import Iterable

from tidegate.errors import NotOurs, WriteRefused
from tidegate.records import CleanUp, Made, Removed, Stuck
from tidegate.session.answers import NotUnderstood, good, is_missing
from tidegate.session.collection import Collection
from tidegate.session.http import httpx
from tidegate.session.ownership import Verdict, judge
from tidegate.session.scene import Scene

LIE = "DELETE was answered with success, but the record is still there"


def undo(scene: Scene, made: Iterable[Made], *, live: bool) -> CleanUp:
    """Deletes what is still there and still ours; says what could not be deleted."""
    done = CleanUp()
    for record in reversed(list(made)):
        done.add(_undo_one(scene, record, live=live))
    return done


def _undo_one(scene: Scene, made: Made, *, live: bool) -> CleanUp:
    if made.resource not in scene.resources:
        return CleanUp(stuck=[Stuck(f"{made.resource} {made.id}", "that resource is no longer declared", made.test)])
    collection = scene.collection(made.resource, made.parent)
    try:
        verdict = judge(scene, made, live=live)
    except httpx.HTTPError as error:
        return CleanUp(stuck=[_stuck(collection, made.id, what_failed(error), made.test)])
    match verdict:
        case Verdict.OURS:
            return delete(scene, collection, made.id, made.test)
        case Verdict.UNKNOWN | Verdict.UNMARKED | Verdict.ORPHAN:
            return CleanUp(stuck=[_stuck(collection, made.id, verdict.value, made.test)])
    return CleanUp()  # gone, or the id is somebody else's by now


def delete(scene: Scene, collection: Collection, record_id: str, test: str = "") -> CleanUp:
    """Deletes one record; that somebody else was faster is fine."""
    path = collection.path(record_id)
    scene.tick(f"DELETE {path}")
    try:
        response = collection.send("delete", record_id)
        # A status that says both "missing" and "forbidden" is taken for the first when nothing is there.
        if is_missing(response, collection.resource) and not (
            response.status_code == httpx.codes.FORBIDDEN and is_there(collection, record_id)
        ):
            return CleanUp()
        good(response)
    except NotOurs:
        return CleanUp()  # the id is somebody else's by now
    except (httpx.HTTPError, WriteRefused) as error:
        return CleanUp(stuck=[_stuck(collection, record_id, what_failed(error), test)])
    # What the sweep can list it sees again; here nobody else would notice a lie. 202 promises no more than to begin.
    later = collection.resource.swept or response.status_code == httpx.codes.ACCEPTED
    if not later and is_there(collection, record_id):
        return CleanUp(stuck=[_stuck(collection, record_id, LIE, test)])
    return CleanUp(removed=[Removed(path, test, collection.resource.name)])


def is_there(collection: Collection, record_id: str) -> bool:
    """Whether the record can be read and does not count as gone."""
    try:
        return collection.find(record_id) is not None
    except (httpx.HTTPError, NotUnderstood):
        return False


def _stuck(collection: Collection, record_id: str, reason: str, test: str) -> Stuck:
    try:
        path = collection.path(record_id)
    except NotUnderstood:  # its path needs a parent that nobody knows
        path = f"{collection.resource.name} {record_id}"
    parent = None if collection.parent is None else str(collection.parent)
    return Stuck(path, reason, test, collection.resource.name, record_id, parent)


def what_failed(error: httpx.HTTPError | WriteRefused) -> str:
    """What came instead of the answer that was needed, in a line."""
    if isinstance(error, WriteRefused):
        return str(error).splitlines()[0]
    if isinstance(error, httpx.HTTPStatusError):
        body = " ".join(error.response.text.split())
        return f"{error.request.method} answered {error.response.status_code} {body}".rstrip()
    return f"no answer: {type(error).__name__} {error}"
