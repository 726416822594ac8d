"""How a list of the shaped stub is cut into pages, and says where the next one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from projects import Answer, Call

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One way of having things; the defaults are the pattern's own."""

    ids: Literal["int", "uuid", "text", "url"] = "int"
    create: Literal["POST", "PUT", "POST id"] = "POST"
    answers: Literal["record", "id", "location", "nothing", "empty"] = "record"
    """`empty`: 200 without a body, for a record whose id is in what was sent."""
    record: Literal["", "data", "answer.thing"] = ""
    wrapped: bool = False
    """Whether requests have the envelope of a record as well."""
    items: Literal["", "items", "answer.list"] = "items"
    marker: Literal["email", "attributes.email"] = "email"
    slash: bool = False
    paging: Literal["offset", "page", "page from 0", "cursor", "cursor url", "header", "link", "none"] = "offset"
    cap: int = 3
    overlap: bool = False
    """Whether a page begins with the last record of the one before."""
    filter: Literal["prefix", "contains", "ignored", "all", "nested", "json", "none"] = "prefix"
    lists: Literal["GET", "POST", "POST places"] = "GET"
    update: Literal["PATCH", "PUT", "POST"] = "PATCH"
    delete: Literal["hard", "soft", "force", "archive", "lie"] = "hard"
    missing: Literal[404, 410, 403] = 404
    parts: Literal["field", "nested", "owned"] = "field"

    @property
    def path(self) -> str:
        return "/api/things" + "/" * self.slash

    @property
    def one(self) -> str:
        return "/api/things/{id}" + "/" * self.slash


PAGING: dict[str, Row] = {
    "offset": {},
    "page": {"paging": "page", "page": "page[number]", "limit": "page[size]"},
    "page from 0": {"paging": "page", "first_page": 0},
    "cursor": {"paging": "cursor", "cursor": "meta.@next", "cursor_param": "after"},
    "cursor url": {"paging": "cursor", "cursor": "/meta/@next"},
    "header": {"paging": "cursor", "cursor": "header:Next-Page"},
    "link": {"paging": "link", "limit": ""},
    "none": {"paging": "none"},
}


# Parameters for the size of a page and for where it begins.
PLACES = {
    "offset": ("limit", "offset"),
    "page": ("page[size]", "page[number]"),
    "page from 0": ("limit", "page"),
    "cursor": ("limit", "after"),
}


def page(shape: Shape, call: Call, rows: list[Row], place: dict[str, Any], origin: str) -> Answer:
    """One page of the rows, from where the request says."""
    if shape.paging == "none":
        return Answer(200, _listed(shape, rows, None))
    size, start = ("size", "from") if shape.lists == "POST places" else PLACES.get(shape.paging, ("limit", "from"))
    limit = min(int(place.get(size) or 5), shape.cap)
    at = int(call.query.get(start) or place.get(start) or 0)
    first = {"page": (at - 1) * limit, "page from 0": at * limit}.get(shape.paging, at)
    shown = rows[max(0, first - shape.overlap) : first + limit]
    if first + limit >= len(rows):
        return Answer(200, _listed(shape, shown, None))
    kept = "".join(f"{name}={quote(value)}&" for name, value in call.query.items() if name != start)
    url = f"{call.path}?{kept}{start}={first + limit}"
    match shape.paging:
        case "cursor":
            return Answer(200, _listed(shape, shown, str(first + limit)))
        case "cursor url":
            return Answer(200, _listed(shape, shown, origin + url))
        case "header":
            return Answer(200, _listed(shape, shown, None), {"Next-Page": origin + url})
        case "link":
            link = f'<{call.path}>; rel="first", <{url}>; title="a, b; rel=x"; rel="last next"'
            return Answer(200, _listed(shape, shown, None), {"Link": link})
    return Answer(200, _listed(shape, shown, None))


def _listed(shape: Shape, rows: list[Row], cursor: str | None) -> Any:
    body: Any = [dict(row) for row in rows]
    if not shape.items and "cursor" not in shape.paging:
        return body
    for step in reversed((shape.items or "items").split(".")):
        body = {step: body}
    return body | {"meta": {"@next": cursor}}
