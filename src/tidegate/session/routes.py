"""What a request is by the declarations: the login, a list, one record of a resource, or something else."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_to_bytes

from tidegate.session.hosts import base_of, place_of
from tidegate.session.http import httpx
from tidegate.settings import Resource, Settings

READS = ("GET", "HEAD", "OPTIONS")
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@dataclass(frozen=True, slots=True)
class Record:
    """A declared record that a request is about; `read` is the path, from the origin, that shows it."""

    resource: Resource
    id: str
    parent: str
    read: str
    deletes: bool

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
        login = settings.login.path
        self._login = (settings.login.method, httpx.URL(login if "://" in login else base_url.rstrip("/") + login))

    def is_read(self, request: httpx.Request) -> bool:
        """Whether the request changes nothing, by the meaning of its method (RFC 9110, 9.2.1)."""
        return request.method in READS and not _is_overridden(request)

    def is_login(self, request: httpx.Request) -> bool:
        """Whether this is the declared login, to the letter."""
        method, url = self._login
        there = (request.url.scheme, place_of(request.url), request.url.raw_path)
        return (
            request.method == method
            and there == (url.scheme, place_of(url), url.raw_path)
            and not is_disguised(request)
        )

    def is_list(self, request: httpx.Request) -> bool:
        """Whether this is a declared list that is asked for with another method than GET."""
        target = self._target(request) if self._lists else None
        if target is None or is_disguised(request):
            return False
        path, asked = target.partition("?")[0], {name for name, _ in request.url.params.multi_items()}
        return any(
            request.method == method and _match(template, path) and asked <= _asked_of_lists(resource)
            for resource, method, template in self._lists
        )

    def makes(self, request: httpx.Request) -> bool:
        """Whether this is a POST to a declared collection."""
        path = (self._target(request) or "").partition("?")[0]
        return request.method == "POST" and any(
            _match(self._base + resource.path, path) for resource in self.resources.values()
        )

    def record(self, request: httpx.Request) -> Record | None:
        """The record that the request is about, by its path or by one below it."""
        target = self._target(request)
        if target is None:
            return None
        path = target.partition("?")[0]
        for resource in self.resources.values():
            method, template = self._declared(resource, "delete")
            if request.method == method and (found := _match(template, target)):
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
        """Path and query of a request that goes to the API itself, when nothing hides another one."""
        if not self.is_here(request) or "target" in request.extensions:
            return None
        return request.url.raw_path.decode("ascii")


def is_disguised(request: httpx.Request) -> bool:
    """Whether a server may take the request for one of another method, path or host than its own."""
    host, netloc = request.headers.get("Host", "").lower(), request.url.netloc.decode("ascii").lower()
    return _is_overridden(request) or host not in ("", netloc, request.url.raw_host.decode("ascii").lower())


def _is_overridden(request: httpx.Request) -> bool:
    query = request.url.query
    fields = [name for name, _ in request.url.params.multi_items()] if b"_method" in unquote_to_bytes(query) else ()
    return "target" in request.extensions or "_method" in fields or any(map(request.headers.get, OVERRIDES))


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
