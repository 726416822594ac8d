"""How a list goes on: where its first page is, and where an answer says that the next one is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.session.answers import NotUnderstood
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.settings import Resource

# RFC 8288, 3: a target in angle brackets, then parameters, some in quotes.
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)')
_PARAMETER = re.compile(r';\s*([^\s=;,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: `limit`, `offset`, `page` and `cursor`, as far as the paging has them, or a URL."""

    values: Mapping[str, Any] = field(default_factory=dict)
    url: httpx.URL | None = None

    def parameters(self, resource: Resource) -> dict[str, Any]:
        """The values under the names that the API has for them."""
        names = {
            **{key: getattr(resource, key) for key in ("limit", "offset", "page")},
            "cursor": resource.cursor_param,
        }
        return {names[key]: value for key, value in self.values.items() if names[key] and value is not None}


def first(resource: Resource) -> Place:
    """Where the list begins."""
    start: dict[str, Any] = {} if resource.paging == "none" else {"limit": resource.page_size}
    more: dict[str, dict[str, Any]] = {
        "offset": {"offset": 0},
        "page": {"page": resource.first_page},
        "cursor": {"cursor": None},
    }
    return Place(start | more.get(resource.paging, {}))


def after(place: Place, resource: Resource, response: httpx.Response, body: Any, count: int) -> Place | None:
    """Where the page after this one begins, which held `count` records; None when there is none."""
    values = dict(place.values)
    match resource.paging:
        case "offset" if count:
            return Place(values | {"offset": values["offset"] + count})
        case "page" if count:
            return Place(values | {"page": values["page"] + 1})
        case "link":
            target = _next_link(response.headers.get("Link", ""))
            return Place(url=_same_server(response, target)) if target else None
        case "cursor":
            return _at_cursor(values, resource, response, body)
    return None


def _at_cursor(values: dict[str, Any], resource: Resource, response: httpx.Response, body: Any) -> Place | None:
    _, header, name = resource.cursor.partition("header:")
    found = response.headers.get(name) if header else dig(body, resource.cursor)
    if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
        return None
    if isinstance(found, str) and _leads_to_a_list(found, response.request.url):
        return Place(url=_same_server(response, found))
    return Place(values | {"limit": resource.page_size, "cursor": found})


def _leads_to_a_list(text: str, asked: httpx.URL) -> bool:
    """Whether a cursor is a URL; a slash alone may as well begin one in Base64."""
    return bool(re.match(r"https?://|\?", text)) or text.partition("?")[0].rstrip("/") == asked.path.rstrip("/")


def _next_link(header: str) -> str | None:
    for target, parameters in _LINK.findall(header):
        named = {name.lower(): quoted or plain for name, quoted, plain in reversed(_PARAMETER.findall(parameters))}
        if "next" in named.get("rel", "").lower().split() and "anchor" not in named:
            return str(target)
    return None


def _same_server(response: httpx.Response, target: str) -> httpx.URL:
    asked = response.request.url
    try:
        url = asked.join(target)
    except httpx.InvalidURL:
        raise NotUnderstood(f"the next page is said to be at {target!r}, which is no URL") from None
    if (url.scheme, url.host, url.port) != (asked.scheme, asked.host, asked.port):
        raise NotUnderstood(
            f"the next page is said to be on another server, {url.scheme}://{url.netloc.decode('ascii')}: set paging to"
            " page or offset, or have the API take its own address from the request"
        )
    return url
