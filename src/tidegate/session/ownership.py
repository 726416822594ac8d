"""Whether a record is ours: decided from the record itself, never from what a filter returned."""

from __future__ import annotations

from enum import Enum
from typing import Any

from tidegate.records import Made
from tidegate.session.jsonpath import dig, id_of
from tidegate.session.scene import GONE, Scene


class Verdict(Enum):
    """What a look at a record says."""

    OURS = "ours"
    GONE = "gone"
    FOREIGN = "its marker is not ours"
    UNKNOWN = "nothing in it tells whose it is"
    UNMARKED = "its marker does not start with the prefix (any more): look at it and delete it by hand"


def judge(scene: Scene, made: Made, *, live: bool) -> Verdict:
    """Looks at the record that the ledger names, since ids are given again and databases are set up anew.

    `live`: the ledger is this session's own, so that nobody can have set up the database anew since.
    """
    resource = scene.resources[made.resource]
    record = read(scene, made.resource, made.id)
    if not isinstance(record, dict):
        return record
    if resource.marker:
        marker = dig(record, resource.marker)
        if not isinstance(marker, str):
            return Verdict.UNKNOWN
        if marker.startswith(f"{scene.prefix}{made.run}-") and not scene.is_admin(marker):
            return Verdict.OURS
        if marker != made.marker or scene.is_admin(marker):
            return Verdict.FOREIGN
        return Verdict.OURS if live else Verdict.UNMARKED
    if resource.parent and resource.parent_field:
        if made.parent is None or id_of(record, resource.parent_field) != made.parent:
            return Verdict.FOREIGN
        parent = judge(scene, Made(resource.parent, made.parent, made.run, made.test), live=live)
        if parent is not Verdict.GONE:
            return parent
    return Verdict.OURS if live else Verdict.UNKNOWN


def read(scene: Scene, resource: str, record_id: str) -> dict[str, Any] | Verdict:
    """The record as the API shows it; raises httpx.HTTPError when it shows neither a record nor that it is gone."""
    response = scene.client.get(scene.path(resource, record_id))
    if response.status_code in GONE:
        return Verdict.GONE
    response.raise_for_status()
    try:
        record = response.json()
    except ValueError:
        record = None
    return record if isinstance(record, dict) else Verdict.UNKNOWN
