"""[tool.tidegate.resources.<name>]: one kind of record that tests make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms, http_forms
from tidegate.settings import resource_forms as ours
from tidegate.settings.fields import setting
from tidegate.settings.template import placeholders, templated


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of record that tests make, and how clean-up finds and removes it."""

    name: str
    path: str = setting(
        "",
        ours.collection_path,
        "Path of the collection; records are below it, with a closing slash where it has one",
        example='"/teams/{parent.id}/things"',
    )
    create: str = setting(
        "POST",
        ours.request("POST", "PUT"),
        "Request that makes one: a method, and a path when it is another; `{id}` there is chosen by whoever makes it",
        example='"PUT /things/{id}"',
    )
    read: str = setting("GET", ours.request("GET"), "Request that reads one", example='"GET /thing/{id}?trashed=true"')
    update: str = setting("PATCH", ours.request("PATCH", "PUT", "POST"), "Request that changes one", example='"PUT"')
    delete: str = setting(
        "DELETE",
        ours.request("DELETE", "POST", "PUT", "PATCH"),
        "Request that deletes one",
        example='"DELETE /things/{id}?permanent=true"',
    )
    list: str = setting(
        "GET",
        ours.request("GET", "POST", known=ours.OF_A_LIST),
        "Request that lists them",
        example='"POST /things/filter"',
    )
    list_body: Mapping[str, Any] = setting(
        MappingProxyType({}),
        templated(forms.table, *ours.OF_A_LIST, *ours.OF_A_PAGE),
        "Body of a list request: `{prefix}` and `{parent.id}` as in `filter`; where the page is goes beside them, or"
        " where `{limit}`, `{offset}`, `{page}`, `{cursor}` stand",
        example='{ where = { email = { starts_with = "{prefix}" } } }',
    )
    items: str = setting(
        "",
        forms.optional(forms.json_path),
        "Where a list answer holds the records; else bare, or under items, data, results or the name",
        example='"data.items"',
    )
    record: str = setting(
        "",
        forms.optional(forms.json_path),
        "Where an answer holds a single record; else bare, or under data",
        example='"thing"',
    )
    id: str = setting(
        "id",
        ours.record_id,
        "Where a record holds its id; of a URL or path there, the last segment. `Location`: that header alone has it",
        example='"_links.self.href"',
    )
    marker: str | None = setting(
        None,
        forms.json_path,
        "Field that carries the prefix; only records with it are swept",
        example='"attributes.email"',
    )
    filter: str | None = setting(
        None,
        ours.filter_query,
        "Query that lists our records; `*`: all are listed; absent: the ledger alone",
        example='"filter[email][_starts_with]={prefix}"',
    )
    parent: str | None = setting(None, forms.text, "Resource that a record belongs to; its marker is the parent's")
    parent_field: str | None = setting(
        None,
        forms.json_path,
        "Field that holds the parent's id, unless the path does",
        example='"owner_id"',
    )
    delete_first: tuple[str, ...] = setting(
        (), forms.names, "Resources that must be deleted before this one", example='["invoices"]'
    )
    created: str = setting(
        "created_at", forms.json_path, "Field with the time of creation, for records without a run id"
    )
    missing: tuple[str, ...] = setting(
        ("404", "410"),
        http_forms.statuses,
        "Statuses that say that there is no such record",
        example='["403", "404"]',
    )
    gone: str = setting(
        "",
        forms.optional(ours.gone),
        "What a deleted record shows that can still be read: a field that is set, or `field=value`",
        example='"status=archived"',
    )
    paging: str = setting(
        "offset",
        forms.one_of("offset", "page", "cursor", "link", "none"),
        "How lists go on: limit and offset, page number, a cursor in the answer, `Link: rel=next` (RFC 8288), not"
        ' at all. Where a page is to be asked for to get a link: `list = "GET /things?page=1"`',
        example='"cursor"',
    )
    page_size: int = setting(100, forms.count, "Records per page when clean-up lists", example="50")
    limit: str = setting(
        "limit", forms.optional(forms.text), "Parameter for the records per page; empty: not sent", example='"per_page"'
    )
    offset: str = setting("offset", forms.text, "Parameter for the records to pass over", example='"skip"')
    page: str = setting("page", forms.text, "Parameter for the page", example='"page[number]"')
    first_page: int = setting(1, forms.amount, "Number of the first page", example="0")
    cursor: str = setting(
        "next_cursor",
        ours.cursor,
        "Where the answer holds the cursor or the next page's URL: in the body, or `header:Name`",
        example='"meta.next"',
    )
    cursor_param: str = setting("cursor", forms.text, "Parameter for the cursor", example='"after"')
    body: Mapping[str, Any] = setting(
        MappingProxyType({}),
        templated(forms.table, *ours.OF_A_BODY),
        "A body that makes a record: `{unique}`, `{email}` and `{name}` are marked values, `{id}` is that of the path,"
        " `{parent.id}` and `{admin.email}` are what they say",
        example='{ email = "{email}", age = 36 }',
    )
    change: Mapping[str, Any] = setting(
        MappingProxyType({}),
        templated(forms.table, *ours.OF_A_CHANGE),
        "A body that changes one; placeholders as in `body`",
        example='{ name = "{name}" }',
    )

    @property
    def listed_by(self) -> frozenset[str]:
        """What a list of our records is asked for: `prefix`, `parent.id`, both or nothing."""
        everything = ("prefix",) if self.filter == ours.EVERYTHING else ()
        asked = (self.path, self.request("list")[1], self.filter or "", self.list_body)
        return frozenset(everything + placeholders(asked)) - {*ours.OF_A_PAGE}

    @property
    def swept(self) -> bool:
        """Whether all our records can be listed, so that the sweep sees each."""
        return bool(self.marker) and self.listed_by == {"prefix"}

    def scope(self, parent: int | str | None) -> str:
        """Below what an id tells one record from all others: its parent, where the path has it, else nothing."""
        return str(parent or "") if "{parent.id}" in self.request("delete")[1] else ""

    def request(self, action: str) -> tuple[str, str]:
        """Method and path of `create`, `read`, `update`, `delete` or `list`, placeholders not yet filled."""
        method, _, path = str(getattr(self, action)).partition(" ")
        if action == "list" or (action == "create" and method == "POST"):
            return method, path or self.path
        slash = "/" * (self.path.endswith("/") and self.path != "/")
        return method, path or f"{self.path.rstrip('/')}/{{id}}{slash}"
