"""Every record that a list shows, page by page, whatever the server makes of filter and paging."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tidegate.session.answers import NotUnderstood, good, is_missing, parsed, records_in
from tidegate.session.http import httpx
from tidegate.session.jsonpath import id_of
from tidegate.session.paging import Place, after, first
from tidegate.settings import Resource

PAGES = 10_000
EMPTY = 100


class NotListed(NotUnderstood):
    """The API does not list this resource in a way that is understood."""


def pages(resource: Resource, ask: Callable[[Place], httpx.Response]) -> Iterator[list[dict[str, Any]]]:
    """The records of a list, each id once.

    A page that is shorter than asked for is not the last: servers cap the limit. A page without a new id is, unless it
    is empty and names a next one, as those do that filter after they have read.
    """
    seen: set[str] = set()
    place = first(resource)
    empty = 0
    for number in range(PAGES):
        response = ask(place)
        if number and is_missing(response, resource):
            return  # how some servers say that there is no such page
        body, found = _page(resource, response, at_first=number == 0)
        fresh = {made: record for record in found if (made := id_of(record, resource.id)) and made not in seen}
        yield list(fresh.values())
        seen |= fresh.keys()
        empty = 0 if found else empty + 1
        following = after(place, resource, response, body, len(found))
        if (found and not fresh) or empty == EMPTY or following is None or following == place:
            return
        place = following
    raise NotListed(f"{_asked(response)} did not come to an end in {PAGES} pages")


def _page(resource: Resource, response: httpx.Response, *, at_first: bool) -> tuple[Any, list[dict[str, Any]]]:
    if 400 <= response.status_code < 500 and response.status_code not in (401, 403, 429) and at_first:
        raise NotListed(f"{_asked(response)} answered {response.status_code}")
    body = parsed(good(response).content)
    found = records_in(body, resource)
    if found is None:
        where = f"at {resource.items!r}" if resource.items else "bare or under items"
        raise NotListed(f"{_asked(response)} answered no list, {where}")
    if found and not any(id_of(record, resource.id) for record in found):
        raise NotListed(f"{_asked(response)} shows records without {resource.id!r}")
    return body, found


def _asked(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
