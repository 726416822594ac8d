"""[tool.tidegate.resources.<name>]: one kind of record that tests make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of record that tests make, and how clean-up finds and removes it."""

    name: str
    path: str = setting(
        "", http_forms.url_path, "Path of the collection; records are below it", example='"/api/things/"'
    )
    create: str = setting(
        "POST",
        http_forms.request,
        "Request that makes one: a method, and a path when it is another",
        example='"PUT /things/{id}"',
    )
    read: str = setting("GET", http_forms.request, "Request that reads one", example='"GET /thing/{id}"')
    update: str = setting("PATCH", http_forms.request, "Request that changes one", example='"PUT"')
    delete: str = setting(
        "DELETE", http_forms.request, "Request that deletes one", example='"DELETE /things/{id}?permanent=true"'
    )
    list: str = setting("GET", http_forms.request, "Request that lists them", example='"POST /things/filter"')
    list_body: Mapping[str, Any] = setting(
        MappingProxyType({}),
        forms.table,
        "Body of a list request; placeholders as in `filter`",
        example="{ limit = 200 }",
    )
    items: str = setting(
        "",
        forms.optional(forms.json_path),
        "Where a list answer holds the records; else bare, or under items, data, results or the name",
        example='"data.items"',
    )
    record: str = setting(
        "", forms.optional(forms.json_path), "Where an answer holds a single record", example='"data"'
    )
    id: str = setting("id", forms.text, "Field that holds the id; `Location`: the end of that header", example='"uuid"')
    marker: str | None = setting(
        None, forms.text, "Field that carries the prefix; only records with it are swept", example='"email"'
    )
    filter: str | None = setting(
        None,
        http_forms.filter_template,
        "Query that lists our records; absent: the ledger alone",
        example='"filter[email][_starts_with]={prefix}"',
    )
    parent: str | None = setting(None, forms.text, "Resource that a record belongs to; its marker is the parent's")
    parent_field: str | None = setting(None, forms.text, "Field that holds the parent's id", example='"owner_id"')
    delete_first: tuple[str, ...] = setting(
        (), forms.names, "Resources that must be deleted before this one", example='["invoices"]'
    )
    created: str = setting("created_at", forms.text, "Field with the time of creation, for records without a run id")
    gone: str = setting(
        "",
        forms.optional(forms.text),
        "What a deleted record shows that can still be read: a field that is set, or `field=value`",
        example='"status=archived"',
    )
    paging: str = setting(
        "offset",
        forms.one_of("offset", "page", "cursor", "link", "none"),
        "How lists go on: limit and offset, page number, a cursor in the body, `Link: rel=next` (RFC 8288), not at all",
        example='"cursor"',
    )
    page_size: int = setting(100, forms.count, "Records per page when clean-up lists", example="50")
    limit: str = setting("limit", forms.text, "Query parameter for the records per page", example='"per_page"')
    offset: str = setting("offset", forms.text, "Query parameter for the records to pass over", example='"skip"')
    page: str = setting("page", forms.text, "Query parameter for the page", example='"page[number]"')
    first_page: int = setting(1, forms.amount, "Number of the first page", example="0")
    cursor: str = setting(
        "next_cursor", forms.text, "Where the body holds the cursor, or the next page's URL", example='"meta.next"'
    )
    cursor_param: str = setting("cursor", forms.text, "Query parameter for the cursor", example='"after"')
    body: Mapping[str, Any] = setting(
        MappingProxyType({}),
        forms.table,
        "A body that makes a record: `{unique}`, `{email}`, `{name}` and `{parent.id}` are filled in",
        example='{ email = "{email}", age = 36 }',
    )
    change: Mapping[str, Any] = setting(
        MappingProxyType({}), forms.table, "A body that changes one", example='{ name = "{name}" }'
    )
