"""What a request is by the declarations: the login, a list, one record of a resource, or something else."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote

from tidegate.session.disguise import is_disguised, is_overridden, says, spelled_out
from tidegate.session.hosts import base_of, place_of
from tidegate.session.http import httpx
from tidegate.settings import Resource, Settings
from tidegate.settings.template import placeholders

READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Record:
    """A declared record that a request is about; `read` is the path, from the origin, that shows it.

    `also` is the one that it is about for a server that decodes the path before it looks for slashes and dots.
    """

    resource: Resource
    id: str
    parent: str
    read: str
    deletes: bool
    also: Record | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies the record among all resources."""
        return self.resource.name, self.id, self.resource.scope(self.parent)


class Routes:
    """Knows the declared requests of the API at `base_url`."""

    def __init__(self, settings: Settings, base_url: str, resources: Iterable[Resource]) -> None:
        base = base_of(base_url)
        self.target = place_of(base)
        self.resources = {resource.name: resource for resource in resources}
        self._scheme = base.scheme
        self._base = base.raw_path.decode("ascii").rstrip("/")
        every = [(resource, *self._declared(resource, "list")) for resource in self.resources.values()]
        makes = {self._declared(resource, "create") for resource in self.resources.values()}
        self._lists = [found for found in every if found[1] not in READS and found[1:] not in makes]
        self._login = settings.login
        self._login_url = httpx.URL(settings.login.url(base_url))
        carrier = settings.login.carrier
        self._carried = {name for name, _ in parse_qsl(carrier[1:])} if carrier.startswith("?") else set()

    def is_read(self, request: httpx.Request) -> bool:
        """Whether the request changes nothing, by the meaning of its method (RFC 9110, 9.2.1)."""
        return request.method in READS and not is_overridden(request)

    def is_login(self, request: httpx.Request) -> bool:
        """Whether this is the declared login, to the letter."""
        login, url = self._login, self._login_url
        there = (request.url.scheme, place_of(request.url), request.url.raw_path)
        return (
            login.asks
            and request.method == login.method
            and there == (url.scheme, place_of(url), url.raw_path)
            and not is_disguised(request)
            and says(login.body, request)
        )

    def is_list(self, request: httpx.Request) -> bool:
        """Whether this is a declared list that is asked for with another method than GET."""
        target = self._target(request) if self._lists else None
        if target is None or is_disguised(request):
            return False
        path, _, query = target.partition("?")
        asked = parse_qsl(query, keep_blank_values=True)
        return any(
            request.method == method and _lists(resource, template, path, asked) and says(resource.list_body, request)
            for resource, method, template in self._lists
        )

    def makes(self, request: httpx.Request) -> bool:
        """Whether this is a POST to a declared collection."""
        path = (self._target(request) or "").partition("?")[0]
        return request.method == "POST" and any(
            _match(self._base + resource.path, path) for resource in self.resources.values()
        )

    def is_bulk(self, request: httpx.Request) -> bool:
        """Whether this changes or deletes a declared collection as a whole, and is not declared as something else."""
        target = self._target(request)
        if target is None or request.method not in ("PUT", "PATCH", "DELETE"):
            return False
        path = spelled_out(target.partition("?")[0])
        every = self.resources.values()
        known = {self._declared(each, action) for each in every for action in ("create", "update", "delete", "list")}
        return any(_match(self._base + each.path, path) for each in every) and not any(
            request.method == method and _match(template.partition("?")[0], path) for method, template in known
        )

    def record(self, request: httpx.Request) -> Record | None:
        """The record that the request is about, by its path or by one below it."""
        target = self._target(request)
        if target is None:
            return None
        path, mark, query = target.partition("?")
        found, plain = self._record_at(request.method, target), spelled_out(path)
        if plain == path:
            return found
        other = self._record_at(request.method, plain + mark + query)
        if found is None:
            return other and replace(other, deletes=False)
        return found if other is None or other.key == found.key else replace(found, deletes=False, also=other)

    def _record_at(self, asked: str, target: str) -> Record | None:
        path = target.partition("?")[0]
        for resource in self.resources.values():
            method, template = self._declared(resource, "delete")
            if asked == method and (found := _match(template, target)):
                return self._record(resource, found, deletes=True)
        for below in (False, True):  # a record of its own before one that it lies below
            for resource in self.resources.values():
                usual = f"{self._base}{resource.path.rstrip('/')}/{{id}}"
                for template in (self._declared(resource, "update")[1].partition("?")[0], usual):
                    if found := _match(template, path, below=below):
                        return self._record(resource, found, deletes=False)
        return None

    def is_here(self, request: httpx.Request) -> bool:
        """Whether the request goes to the API itself."""
        return (request.url.scheme, place_of(request.url)) == (self._scheme, self.target)

    def carried(self, request: httpx.Request) -> str:
        """What of the query is the session, as it was sent."""
        pairs = request.url.query.decode("ascii").split("&") if self._carried else ()
        return "&".join(pair for pair in pairs if self._is_carried(pair))

    def _is_carried(self, pair: str) -> bool:
        return unquote(pair.partition("=")[0]) in self._carried

    def path_of(self, resource: Resource, quoted_id: str, quoted_parent: str = "") -> str:
        """The path, from the origin, that shows the record with this id."""
        path = self._declared(resource, "read")[1]
        return path.replace("{id}", quoted_id).replace("{parent.id}", quoted_parent)

    def _record(self, resource: Resource, found: re.Match[str], *, deletes: bool) -> Record | None:
        named = found.groupdict(default="")
        if "id" not in named:
            return None
        parent = named.get("parent", "")
        read = self.path_of(resource, named["id"], parent)
        return Record(resource, unquote(named["id"]), unquote(parent), read, deletes)

    def _declared(self, resource: Resource, action: str) -> tuple[str, str]:
        """Method and path, from the origin, of a declared request."""
        method, path = resource.request(action)
        return method, self._base + path

    def _target(self, request: httpx.Request) -> str | None:
        """Path and query, but for the session, of a request to the API itself, when nothing hides another one."""
        if not self.is_here(request) or "target" in request.extensions:
            return None
        target = request.url.raw_path.decode("ascii")
        if not self._carried:
            return target
        path, _, query = target.partition("?")
        rest = "&".join(pair for pair in query.split("&") if not self._is_carried(pair))
        return f"{path}?{rest}" if rest else path


def _lists(resource: Resource, template: str, path: str, asked: list[tuple[str, str]]) -> bool:
    """Whether a path and a query are what clean-up asks a list for."""
    own_path, _, own_query = template.partition("?")
    own = parse_qsl(own_query, keep_blank_values=True)
    fixed = {pair for pair in own if not placeholders(pair)}
    free = _asked_of_lists(resource) | {name for name, value in own if placeholders(value)}
    rest = [pair for pair in asked if pair not in fixed]
    return bool(_match(own_path, path)) and fixed <= {*asked} and all(name in free for name, _ in rest)


def _asked_of_lists(resource: Resource) -> set[str]:
    """The names in the query of a list that clean-up asks for."""
    filters = {name for name, _ in parse_qsl(resource.filter or "", keep_blank_values=True)}
    return filters | {resource.limit, resource.offset, resource.page, resource.cursor_param}


def _match(template: str, target: str, *, below: bool = False) -> re.Match[str] | None:
    """The ids in `target` when it has the form of `template`, with one slash more or less; `below`: or begins so."""
    return _pattern(template, below).fullmatch(target)


@functools.lru_cache(1024)
def _pattern(template: str, below: bool) -> re.Pattern[str]:
    parts = re.split(r"\{(id|parent\.id)\}", template.removesuffix("/"))
    groups = {"id": "(?P<id>[^/?&]+)", "parent.id": "(?P<parent>[^/?&]+)"}
    pattern = "".join(groups[part] if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    return re.compile(pattern + ("(?:/.*)?" if below else "/?"))
