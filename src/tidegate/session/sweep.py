"""The sweep: finds marked records through the API's own lists and deletes them with everything below them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tidegate.records import CleanUp, Stuck
from tidegate.session.answers import NotUnderstood, Record
from tidegate.session.collection import Collection
from tidegate.session.http import httpx
from tidegate.session.jsonpath import id_of
from tidegate.session.scene import Scene
from tidegate.session.undo import LIE, delete, what_failed
from tidegate.settings import Resource

PARALLEL = 8
# Why a marked record must stay, None when it may go.
Keep = Callable[[Resource, Mapping[str, Any]], str | None]


def sweep(scene: Scene, prefix: str, keep: Keep = lambda _resource, _record: None) -> CleanUp:
    """Deletes every record whose own marker starts with `prefix`, unless there is a reason to keep it."""
    done = CleanUp()
    for resource in scene.resources.values():
        if resource.swept:
            done.add(_sweep_resource(scene, resource, prefix, keep))
        elif "parent.id" not in resource.listed_by:
            done.notes.append(_only_ledger(resource, "no filter is set"))
    return done


def _only_ledger(resource: Resource, why: str) -> str:
    return f"{resource.name}: cannot be asked for a prefix ({why}), so only what the ledger names is removed"


def _sweep_resource(scene: Scene, resource: Resource, prefix: str, keep: Keep) -> CleanUp:
    done = CleanUp()
    tried: set[str] = set()
    collection = scene.collection(resource.name)
    try:
        while fresh := (listed := _targets(scene, collection, prefix, keep, done)) - tried:
            tried |= fresh
            with ThreadPoolExecutor(PARALLEL) as pool:
                for result in pool.map(partial(_delete_tree, scene, collection), sorted(fresh)):
                    done.add(result)
        _still_listed(done, collection, listed)
    except NotUnderstood as error:
        done.notes.append(_only_ledger(resource, str(error)))
    except httpx.HTTPError as error:
        done.stuck.append(Stuck(resource.path, what_failed(error)))
    return done


def _still_listed(done: CleanUp, collection: Collection, ids: set[str]) -> None:
    lying = {collection.path(record_id): record_id for record_id in ids}
    for stuck in done.stuck:
        lying.pop(stuck.path, None)
    done.removed = [removed for removed in done.removed if removed.path not in lying]
    done.stuck += [
        Stuck(path, LIE, resource=collection.resource.name, id=record_id) for path, record_id in sorted(lying.items())
    ]


def _targets(scene: Scene, collection: Collection, prefix: str, keep: Keep, done: CleanUp) -> set[str]:
    """Ids of the marked records that may go; the reasons of those that stay are counted in `done`."""
    done.kept.clear()
    found = set()
    for record in _records(scene, collection, prefix=prefix):
        if scene.is_marked(record.body, collection.resource, prefix):
            reason = keep(collection.resource, record.body)
            if reason is None:
                found.add(str(record.id))
            else:
                done.kept[reason] = done.kept.get(reason, 0) + 1
    return found


def _records(scene: Scene, collection: Collection, **values: str) -> Iterator[Record]:
    for number, page in enumerate(collection.pages(**values), 1):
        scene.tick(f"GET {collection.resource.path}, page {number}")
        yield from page


def _delete_tree(scene: Scene, collection: Collection, record_id: str) -> CleanUp:
    """Deletes a record after the records that belong to it by their own parent field."""
    done = CleanUp()
    for child in scene.resources.values():
        if child.parent == collection.resource.name and "parent.id" in child.listed_by:
            done.add(_delete_children(scene, scene.collection(child.name, record_id), record_id))
    done.add(delete(scene, collection, record_id))
    return done


def _delete_children(scene: Scene, children: Collection, parent_id: str) -> CleanUp:
    done = CleanUp()
    field = children.resource.parent_field  # without one, the path that was asked says whose they are
    try:
        for record in list(_records(scene, children, prefix=scene.prefix)):
            if not field or id_of(record.body, field) == parent_id:
                done.add(_delete_tree(scene, children, str(record.id)))
    except NotUnderstood as error:
        done.notes.append(_only_ledger(children.resource, str(error)))
    except httpx.HTTPError as error:
        done.stuck.append(Stuck(children.resource.path, what_failed(error)))
    return done


def without_gone(scene: Scene, stuck: list[Stuck]) -> list[Stuck]:
    """What is still stuck: a record may have gone with its parent, or in the second try."""
    return [item for item in stuck if not (item.id and item.resource in scene.resources and _is_gone(scene, item))]


def _is_gone(scene: Scene, item: Stuck) -> bool:
    try:
        return scene.collection(item.resource, item.parent).find(item.id) is None
    except (httpx.HTTPError, NotUnderstood):
        return False
