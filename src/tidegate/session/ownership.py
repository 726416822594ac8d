"""Whether a record is ours: decided from the record itself, never from what a filter returned."""

from __future__ import annotations

from enum import Enum

from tidegate.records import Made
from tidegate.session.answers import NotUnderstood
from tidegate.session.jsonpath import dig, id_of
from tidegate.session.scene import Scene


class Verdict(Enum):
    """What a look at a record says."""

    OURS = "ours"
    GONE = "gone"
    FOREIGN = "its marker is not ours"
    UNKNOWN = "nothing in it tells whose it is"
    ORPHAN = "what it belongs to is gone, and nothing else tells whose it is: look at it and delete it by hand"
    UNMARKED = "its marker does not start with the prefix (any more): look at it and delete it by hand"


# An orphan is looked at so often: what went with its parent may still have been there at the first look.
LOOKS = 3


def judge(scene: Scene, made: Made, *, live: bool) -> Verdict:
    """Looks at the record that the ledger names, since ids are given again and databases are set up anew.

    `live`: the ledger is this session's own, so that nobody can have set up the database anew since. Raises
    httpx.HTTPError when the API shows neither a record nor that it is gone.
    """
    for _ in range(LOOKS):
        verdict = _look(scene, made, live=live)
        if verdict is not Verdict.ORPHAN:
            return verdict
    # Where others write as well, the parent's id may have been theirs by now, and gone again.
    return Verdict.OURS if live and not made.gone and not scene.shared else Verdict.ORPHAN


def _look(scene: Scene, made: Made, *, live: bool) -> Verdict:
    resource = scene.resources[made.resource]
    try:
        record = scene.collection(made.resource, made.parent).find(made.id)
    except NotUnderstood:
        return Verdict.UNKNOWN
    if record is None:
        return Verdict.GONE
    if resource.marker:
        return _by_marker(scene, made, dig(record.body, resource.marker), live=live)
    if resource.parent:
        shown = id_of(record.body, resource.parent_field) if resource.parent_field else made.parent
        if made.parent is None or shown != made.parent:
            return Verdict.FOREIGN
        parent = judge(scene, Made(resource.parent, made.parent, made.run, made.test), live=live)
        return Verdict.ORPHAN if parent is Verdict.GONE else parent
    return Verdict.OURS if live else Verdict.UNKNOWN


def _by_marker(scene: Scene, made: Made, marker: object, *, live: bool) -> Verdict:
    if not isinstance(marker, str):
        return Verdict.UNKNOWN
    if marker.startswith(f"{scene.prefix}{made.run}-") and not scene.is_admin(marker):
        return Verdict.OURS
    if marker != made.marker or scene.is_admin(marker):
        return Verdict.FOREIGN
    return Verdict.OURS if live else Verdict.UNMARKED
