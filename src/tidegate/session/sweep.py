"""The sweep: finds marked records through the API's own lists and deletes them with everything below them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tidegate.records import CleanUp, Stuck
from tidegate.session.http import httpx
from tidegate.session.jsonpath import id_of
from tidegate.session.listing import NotListed, records
from tidegate.session.scene import GONE, Scene
from tidegate.session.undo import delete, what_failed
from tidegate.settings import Resource

PARALLEL = 8
# Why a marked record must stay, None when it may go.
Keep = Callable[[Resource, dict[str, Any]], str | None]


def sweep(scene: Scene, prefix: str, keep: Keep = lambda _resource, _record: None) -> CleanUp:
    """Deletes every record whose own marker starts with `prefix`, unless there is a reason to keep it."""
    done = CleanUp()
    for resource in scene.resources.values():
        if resource.marker and "{prefix}" in (resource.filter or ""):
            done.add(_sweep_resource(scene, resource, prefix, keep))
        elif not resource.parent or "{parent.id}" not in (resource.filter or ""):
            done.notes.append(_only_ledger(resource, "no filter is set"))
    return done


def _only_ledger(resource: Resource, why: str) -> str:
    return f"{resource.name}: cannot be asked for a prefix ({why}), so only what the ledger names is removed"


def _sweep_resource(scene: Scene, resource: Resource, prefix: str, keep: Keep) -> CleanUp:
    done = CleanUp()
    tried: set[str] = set()
    try:
        while fresh := (listed := _targets(scene, resource, prefix, keep, done)) - tried:
            tried |= fresh
            with ThreadPoolExecutor(PARALLEL) as pool:
                for result in pool.map(partial(_delete_tree, scene, resource), sorted(fresh)):
                    done.add(result)
        _still_listed(done, {scene.path(resource.name, record_id) for record_id in listed})
    except NotListed as error:
        done.notes.append(_only_ledger(resource, str(error)))
    except httpx.HTTPError as error:
        done.stuck.append(Stuck(resource.path, what_failed(error)))
    return done


def _still_listed(done: CleanUp, paths: set[str]) -> None:
    lying = paths - {stuck.path for stuck in done.stuck}
    done.removed = [removed for removed in done.removed if removed.path not in lying]
    done.stuck += [
        Stuck(path, "DELETE was answered with success, but the record is still there") for path in sorted(lying)
    ]


def _targets(scene: Scene, resource: Resource, prefix: str, keep: Keep, done: CleanUp) -> set[str]:
    """Ids of the marked records that may go; the reasons of those that stay are counted in `done`."""
    done.kept.clear()
    found = set()
    for record_id, record in records(scene, resource, prefix=prefix):
        if scene.is_marked(record, resource, prefix):
            reason = keep(resource, record)
            if reason is None:
                found.add(record_id)
            else:
                done.kept[reason] = done.kept.get(reason, 0) + 1
    return found


def _delete_tree(scene: Scene, resource: Resource, record_id: str) -> CleanUp:
    """Deletes a record after the records that belong to it by their own parent field."""
    done = CleanUp()
    for child in scene.resources.values():
        if child.parent == resource.name and "{parent.id}" in (child.filter or ""):
            done.add(_delete_children(scene, child, record_id))
    done.add(delete(scene, scene.path(resource.name, record_id)))
    return done


def _delete_children(scene: Scene, child: Resource, parent_id: str) -> CleanUp:
    done = CleanUp()
    try:
        for child_id, record in list(records(scene, child, **{"parent.id": parent_id})):
            if id_of(record, child.parent_field or "") == parent_id:
                done.add(_delete_tree(scene, child, child_id))
    except NotListed as error:
        done.notes.append(_only_ledger(child, str(error)))
    except httpx.HTTPError as error:
        done.stuck.append(Stuck(child.path, what_failed(error)))
    return done


def without_gone(scene: Scene, stuck: list[Stuck]) -> list[Stuck]:
    """What is still stuck: a record may have gone with its parent, or in the second try."""
    below = tuple(f"{resource.path}/" for resource in scene.resources.values())
    return [item for item in stuck if not (item.path.startswith(below) and _is_gone(scene, item.path))]


def _is_gone(scene: Scene, path: str) -> bool:
    try:
        return scene.client.get(path).status_code in GONE
    except httpx.HTTPError:
        return False
