"""Which resources operations make up, and how each is declared in [tool.tidegate.resources]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tidegate.adopt.meaning import LOGIN
from tidegate.adopt.operations import Offer, Operation, Schema
from tidegate.adopt.values import FREE_TEXT, MARKERS, PLAIN, example, is_free, text

ENVELOPES = ("items", "data", "results")
MOST = 8
Table = dict[str, Any]


def resources(offer: Offer) -> dict[str, Table]:
    """Each resource that can be made and deleted, by name, as a table of settings; parents come first."""
    found: dict[str, Table] = {}
    for create in offer.operations:
        record = _record_path(create, offer)
        if record and len(found) < MOST:
            name = _name(create.path)
            found.setdefault(name, _table(name, create, record, offer))
    for name, table in found.items():
        _adopt(name, table, found, offer)
    return dict(sorted(found.items(), key=lambda item: "parent" in item[1]))


def _record_path(create: Operation, offer: Offer) -> str | None:
    """The path of one record of what this operation makes, if it makes any that can be deleted."""
    if create.method != "POST" or "{" in create.path or create.path.rstrip("/").rpartition("/")[2].lower() in LOGIN:
        return None
    below = re.compile(re.escape(create.path.rstrip("/")) + r"/\{[^/{}]+\}/?")
    return next((op.path for op in offer.operations if op.method == "DELETE" and below.fullmatch(op.path)), None)


def _name(path: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", path.rstrip("/").rpartition("/")[2].lower()).strip("_") or "records"


def _table(name: str, create: Operation, record: str, offer: Offer) -> Table:
    table: Table = {} if create.path == f"/{name}" else {"path": create.path}
    if offer.find("PUT", record) and not offer.find("PATCH", record):
        table["update"] = "PUT"
    listing = offer.find("GET", create.path) or Operation(method="GET", path=create.path)
    envelope = _envelope(listing.answer, name)
    single = _single(create.answer) or _single((offer.find("GET", record) or create).answer)
    if envelope:
        table["items"] = envelope
    if single:
        table["record"] = single
    key = _id(_below(create.answer, single), record)
    if key != "id":
        table["id"] = key
    marker = _marker(create.unwrapped())
    if marker:
        table["marker"] = marker
        filtered = next(
            (q for q in (f"{marker}_prefix", f"{marker}__startswith", "search", "q") if q in listing.query), ""
        )
        # Without a filter of theirs clean-up looks at all, in a stack of which the records are the tests' own.
        table["filter"] = f"{filtered}={{prefix}}" if filtered else "*"
    return table | _paging(listing) | _bodies(create, offer.find(table.get("update", "PATCH"), record), marker)


def _paging(listing: Operation) -> Table:
    """How the list goes on; nothing where that is the usual way, or unknown."""
    query = listing.query
    if not query or {"limit", "offset"} <= set(query):
        return {}
    size = next(
        (name for name in ("per_page", "page_size", "pageSize", "perPage", "size", "limit") if name in query), ""
    )
    limit = {"limit": size} if size not in ("", "limit") else {}
    if "offset" in query or "skip" in query:
        return {**limit, **({"offset": "skip"} if "skip" in query else {})}
    if "page" in query:
        return {"paging": "page", **limit}
    if "cursor" in query:
        return {"paging": "cursor", **limit}
    return {"paging": "none"}


def _envelope(answer: Schema, name: str) -> str:
    """Where a list answer holds the records; empty where tidegate finds them by itself."""
    places = [
        path
        for path, schema in _objects(answer)
        if schema.get("type") == "array" or isinstance(schema.get("items"), dict)
    ]
    usual = ("", *ENVELOPES, name)
    return "" if not places or any(path in usual for path in places) else places[0]


def _objects(schema: Schema, at: str = "", depth: int = 2) -> list[tuple[str, Schema]]:
    """The schema and those inside of it, each with its dotted path."""
    found = [(at, schema)]
    for name, inner in (schema.get("properties") or {}).items():
        if depth and isinstance(inner, dict) and PLAIN.fullmatch(name):
            found += _objects(inner, f"{at}.{name}".lstrip("."), depth - 1)
    return found


def _single(answer: Schema) -> str:
    """Where an answer holds a single record; empty where it is the answer."""
    properties = answer.get("properties") or {}
    inside = [
        name
        for name, inner in properties.items()
        if isinstance(inner, dict) and inner.get("properties") and PLAIN.fullmatch(name)
    ]
    return inside[0] if len(properties) <= 3 and inside and "id" not in properties else ""


def _below(schema: Schema, path: str) -> Schema:
    found: Any = schema
    for step in filter(None, path.split(".")):
        found = (found.get("properties") or {}).get(step) or {}
    return found if isinstance(found, Mapping) else {}


def _id(record: Schema, path: str) -> str:
    properties = record.get("properties") or {}
    parameter = path.rstrip("/").rpartition("/")[2].strip("{}")
    return next((name for name in ("id", parameter, "_id", "uuid", "uid", "slug") if name in properties), "id")


def _marker(create: Operation) -> str:
    """The field that can carry the prefix: a text that is free."""
    free = [name for name, schema in create.fields.items() if is_free(name, schema)]
    wanted = [name for name in MARKERS if name in free]
    return wanted[0] if wanted else next((name for name in free if name in create.required and "pass" not in name), "")


def _bodies(create: Operation, update: Operation | None, marker: str) -> Table:
    inner = create.unwrapped()
    names = [name for name in inner.fields if name in inner.required or name == marker]
    body = {name: example(name, inner.fields[name]) for name in names}
    if marker:
        body[marker] = text(marker, {"format": inner.fields[marker].get("format")})
    change = _change(body, inner, update.unwrapped(), marker) if update and body else {}
    found = {"body": create.wrapped(body), "change": (update or create).wrapped(change) if change else {}}
    return {key: table for key, table in found.items() if table}


def _change(body: Table, create: Operation, update: Operation, marker: str) -> Table:
    """A field that an update may change, and what it demands; another than the marker, so that a record stays ours."""
    fields = update.fields or create.fields
    texts = [name for name in fields if isinstance(example(name, fields[name]), str) and not _is_id(name, fields[name])]
    changed = next((name for name in texts if name != marker), marker)
    change = {name: value for name, value in body.items() if name in update.required and update.method == "PUT"}
    return change | ({changed: example(changed, fields.get(changed, {}))} if changed else {})


def _is_id(name: str, schema: Schema) -> bool:
    return bool(re.search(r"(^|_)id$|Id$", name)) or "enum" in schema or schema.get("format") not in FREE_TEXT


def _adopt(name: str, table: Table, found: Mapping[str, Table], offer: Offer) -> None:
    """Names the parent of a resource, when a field of its body is the id of another's record."""
    for field in table.get("body", {}):
        stem = re.sub(r"(_id|Id)$", "", field)
        for other in found:
            if stem != field and other != name and other in (stem, f"{stem}s", f"{stem}es", re.sub(r"y$", "ies", stem)):
                listing = offer.find("GET", table.get("path", f"/{name}"))
                table |= {"parent": other, "parent_field": field}
                for body in (table["body"], table.get("change", {})):
                    body |= {field: "{parent.id}"} if field in body else {}
                if listing and field in listing.query:
                    table["filter"] = f"{field}={{parent.id}}"
                return
