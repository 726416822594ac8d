"""Which declared request of a resource a request is: the create, an update or the delete of one record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from tidegate.settings import Resource
from tidegate.settings.template import placeholders


class Hit(NamedTuple):
    """A request that matters to the ledger; `id` and `parent` as far as the path says them."""

    action: str
    resource: Resource
    id: str | None = None
    parent: str | None = None


class _Form(NamedTuple):
    action: str
    resource: Resource
    query: frozenset[tuple[str, str]]


class Declared:
    """Knows the requests of all resources below `base`, by method and path as they are sent."""

    def __init__(self, base: str, resources: Iterable[Resource]) -> None:
        # Most paths are plain, and every request is looked up: two dictionaries, patterns only for the rest.
        self._whole: dict[tuple[str, str], _Form] = {}
        self._below: dict[tuple[str, str], _Form] = {}
        self._patterns: list[tuple[str, re.Pattern[str], _Form]] = []
        for resource in resources:
            for action, method, template in _forms(resource):
                path, _, query = template.partition("?")
                form = _Form(action, resource, frozenset(parse_qsl(query, keep_blank_values=True)))
                self._enter(method, base + path.rstrip("/"), form)

    def _enter(self, method: str, path: str, form: _Form) -> None:
        plain, _, last = path.rpartition("/")
        if not placeholders(path):
            self._whole.setdefault((method, path), form)
        elif last == "{id}" and not placeholders(plain):
            self._below.setdefault((method, plain), form)
        else:
            parts = re.split(r"\{(id|parent\.id)\}", path)
            groups = {"id": "(?P<id>[^/]+)", "parent.id": "(?P<parent>[^/]+)"}
            pattern = "".join(groups[part] if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
            self._patterns.append((method, re.compile(pattern), form))

    def hit(self, method: str, target: str) -> Hit | None:
        """What a request is, by its method and its path with the query; None when it is none of ours."""
        path, _, query = target.partition("?")
        path = path.rstrip("/")
        if form := self._whole.get((method, path)):
            return Hit(form.action, form.resource) if _has(form, query) else None
        for meant, pattern, form in self._patterns:
            if meant == method and (found := pattern.fullmatch(path)) and _has(form, query):
                named = {name: unquote(value) for name, value in found.groupdict().items()}
                return Hit(form.action, form.resource, **named)
        collection, _, last = path.rpartition("/")
        if (form := self._below.get((method, collection))) and _has(form, query):
            return Hit(form.action, form.resource, unquote(last))
        return None


def _has(form: _Form, query: str) -> bool:
    return not form.query or form.query <= {*parse_qsl(query, keep_blank_values=True)}


def _forms(resource: Resource) -> Iterator[tuple[str, str, str]]:
    """Action, method and path of everything that makes, changes or deletes; what is declared comes first."""
    for action in ("create", "delete", "update"):
        yield action, *resource.request(action)
    record = resource.request("read")[1].partition("?")[0]
    if resource.request("list") != ("POST", resource.path):
        yield "create", "POST", resource.path
    for path in dict.fromkeys((record, f"{resource.path.rstrip('/')}/{{id}}")):
        yield "update", "PUT", path
        yield "update", "PATCH", path
