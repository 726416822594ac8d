"""Every record that a list shows, page by page, whatever the server makes of filter, limit and offset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from tidegate.session.http import httpx
from tidegate.session.jsonpath import id_of, records_in
from tidegate.session.scene import Scene
from tidegate.settings import Resource


class NotListed(Exception):  # noqa: N818  said by the name
    """The API does not list this resource in a way that is understood."""


def records(scene: Scene, resource: Resource, **values: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Id and record of everything under the resource's filter, `values` in its placeholders, each id once.

    A page that is shorter than asked for is not the last: servers cap the limit. A page without a new id is.
    """
    seen: set[str] = set()
    offset = 0
    while True:
        page = _page(scene, resource, values, offset)
        fresh = {found: record for record in page if (found := id_of(record, resource.id)) and found not in seen}
        if not fresh:
            return
        yield from fresh.items()
        seen |= fresh.keys()
        offset += len(page)


def _page(scene: Scene, resource: Resource, values: dict[str, str], offset: int) -> list[dict[str, Any]]:
    query = [(name, _filled(text, values)) for name, text in parse_qsl(resource.filter or "", keep_blank_values=True)]
    scene.tick(f"GET {resource.path}, from {offset}")
    response = scene.client.get(resource.path, params=[*query, ("limit", resource.page_size), ("offset", offset)])
    if offset and response.status_code == httpx.codes.NOT_FOUND:
        return []  # how some servers say that there is no such page
    if 400 <= response.status_code < 500 and response.status_code not in (401, 403, 429) and offset == 0:
        raise NotListed(f"GET {resource.path} answered {response.status_code}")
    response.raise_for_status()
    try:
        found = records_in(response.json(), resource.name)
    except ValueError:
        found = None
    if found is None:
        raise NotListed(f"GET {resource.path} answered no list, bare or under items")
    if found and not any(id_of(record, resource.id) for record in found):
        raise NotListed(f"GET {resource.path} shows records without {resource.id!r}")
    return found


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
