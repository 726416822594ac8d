"""The records of one resource: the one place that makes its requests and reads their answers."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from tidegate.session.answers import (
    NotUnderstood,
    Record,
    good,
    is_gone,
    is_missing,
    made_id,
    parsed,
    record_in,
    sent_record,
)
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, identity
from tidegate.session.listing import pages
from tidegate.session.paging import Place
from tidegate.settings import Resource
from tidegate.settings.resource_forms import EVERYTHING, OF_A_PAGE
from tidegate.settings.template import as_text, fill, placeholders

__all__ = ["Collection", "Record"]


class Collection:
    """The records of `resource` as `client` may see them; below one parent's when its path says `{parent.id}`.

    A refused request raises httpx.HTTPStatusError, an answer that is not what the settings say NotUnderstood.
    """

    def __init__(self, client: httpx.Client, resource: Resource, parent: int | str | None = None) -> None:
        self.client = client
        self.resource = resource
        self.parent = parent

    def using(self, client: httpx.Client) -> Collection:
        """The same collection for another identity."""
        return type(self)(client, self.resource, self.parent)

    def below(self, parent: int | str | None) -> Collection:
        """The same collection of another parent."""
        return type(self)(self.client, self.resource, parent)

    def path(self, record_id: int | str) -> str:
        """The path at which a record is read."""
        return self._path("read", record_id).partition("?")[0]

    def send(self, action: str, record_id: int | str | None = None, body: Any = None) -> httpx.Response:
        """The answer to `create`, `read`, `update` or `delete`, whatever it is."""
        method, _ = self.resource.request(action)
        body = dict(body) if isinstance(body, Mapping) else body  # a setting's table is none that JSON takes
        return self.client.request(method, self._path(action, record_id), json=body)

    def create(self, body: Mapping[str, Any], record_id: int | str | None = None) -> Record:
        """The record that a create made; `record_id` is for a path that says `{id}`.

        One that the answer only points to is read.
        """
        __tracebackhide__ = True
        return self.made(good(self.send("create", record_id, body)), body, record_id)

    def made(self, response: httpx.Response, body: Mapping[str, Any], record_id: int | str | None = None) -> Record:
        """The record that the answer to such a create is about."""
        __tracebackhide__ = True
        found = record_in(parsed(response.content), self.resource)
        sent = sent_record(body, self.resource) if record_id is None else None
        made = made_id(found, sent, self.resource, response)
        made = record_id if made is None else made
        if made is None:
            raise NotUnderstood(
                f"{self.resource.name}: the answer to a create, {response.status_code} {response.text[:200]!r}, has"
                f" no {self.resource.id!r} and no Location\n  next: set id, and record when the answer wraps the record"
            )
        return Record(made, self.path(made), found) if found else self.read(made)

    def read(self, record_id: int | str) -> Record:
        """The record as it is now, also one that counts as gone."""
        __tracebackhide__ = True
        return self._record(record_id, good(self.send("read", record_id)))

    def find(self, record_id: int | str) -> Record | None:
        """The record as it is now; None when it is gone."""
        __tracebackhide__ = True
        response = self.send("read", record_id)
        if is_missing(response, self.resource):
            return None
        record = self._record(record_id, good(response))
        return None if is_gone(record.body, self.resource) else record

    def update(self, record_id: int | str, change: Mapping[str, Any]) -> Record:
        """The changed record, read when the answer does not show it."""
        __tracebackhide__ = True
        response = good(self.send("update", record_id, change))
        found = record_in(parsed(response.content), self.resource)
        return Record(record_id, self.path(record_id), found) if found else self.read(record_id)

    def delete(self, record_id: int | str) -> None:
        """Deletes the record."""
        __tracebackhide__ = True
        good(self.send("delete", record_id))

    def list(self, **values: int | str) -> Iterator[Record]:
        """Every record that the filter shows, each once; `prefix` is what stands for `{prefix}` in it."""
        for page in self.pages(**values):
            yield from page

    def pages(self, **values: int | str) -> Iterator[builtins.list[Record]]:
        """What `list` gives, page by page."""
        filled = {"prefix": "", "parent.id": self.parent, **values}
        for page in pages(self.resource, lambda place: self._ask(place, filled)):
            yield [self._listed(record) for record in page if not is_gone(record, self.resource)]

    def _listed(self, body: dict[str, Any]) -> Record:
        found = identity(dig(body, self.resource.id))
        assert found is not None
        return Record(found, self.path(found), body)

    def _record(self, record_id: int | str, response: httpx.Response) -> Record:
        found = record_in(parsed(response.content), self.resource)
        if found is None:
            raise NotUnderstood(f"GET {self.path(record_id)} answered {response.status_code}, but no record")
        shown = identity(dig(found, self.resource.id))
        return Record(record_id if shown is None else shown, self.path(record_id), found)

    def _path(self, action: str, record_id: int | str | None) -> str:
        return self._filled(self.resource.request(action)[1], {"id": record_id, "parent.id": self.parent})

    def _filled(self, template: str, values: Mapping[str, Any]) -> str:
        path, mark, query = template.partition("?")
        self._known(template, values)
        inside = {name: quote(str(value), safe="") for name, value in values.items()}
        return str(fill(path, inside)) + mark + str(fill(query, inside))

    def _ask(self, place: Place, values: Mapping[str, Any]) -> httpx.Response:
        method, template = self.resource.request("list")
        path, _, own = self._filled(template, values).partition("?")
        query = parse_qsl(own, keep_blank_values=True) + self._filter(values)
        body = self._list_body(place, values) if method == "POST" else None
        if body is None:
            query += place.parameters(self.resource).items()
        if place.url:
            return self.client.request(method, place.url, json=body)
        return self.client.request(method, path, params=httpx.QueryParams(query) if query else None, json=body)

    def _filter(self, values: Mapping[str, Any]) -> builtins.list[tuple[str, Any]]:
        wanted = "" if self.resource.filter in (None, EVERYTHING) else str(self.resource.filter)
        self._known(wanted, values)
        return [(name, as_text(fill(text, values))) for name, text in parse_qsl(wanted, keep_blank_values=True)]

    def _list_body(self, place: Place, values: Mapping[str, Any]) -> dict[str, Any]:
        template = self.resource.list_body
        self._known(template, {**values, **dict.fromkeys(OF_A_PAGE, "")})
        asked = placeholders(template)
        beside = Place({key: value for key, value in place.values.items() if key not in asked})
        filled: dict[str, Any] = fill(template, {**values, **dict.fromkeys(OF_A_PAGE), **place.values})
        return filled | beside.parameters(self.resource)

    def _known(self, template: Any, values: Mapping[str, Any]) -> None:
        if missing := [name for name in placeholders(template) if values.get(name) is None]:
            raise NotUnderstood(f"{self.resource.name}: {template} cannot be asked for without {{{missing[0]}}}")
