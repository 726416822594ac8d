"""What a request is by the declarations: the login, a list, one record of a resource, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from tidegate.session.hosts import place_of
from tidegate.session.http import httpx
from tidegate.settings import Resource, Settings

READS = ("GET", "HEAD", "OPTIONS")
OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")


@dataclass(frozen=True, slots=True)
class Record:
    """A declared record that a request is about; `read` is the path, from the origin, that shows it."""

    resource: Resource
    id: str
    read: str
    deletes: bool

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the record among all resources."""
        return self.resource.name, self.id


class Routes:
    """Knows the declared requests of the API at `base_url`."""

    def __init__(self, settings: Settings, base_url: str, resources: Iterable[Resource]) -> None:
        base = httpx.URL(base_url)
        self.target = place_of(base)
        self.resources = {resource.name: resource for resource in resources}
        self._scheme = base.scheme
        self._base = base.raw_path.decode("ascii").rstrip("/")
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
        target = self._target(request)
        if target is None or is_disguised(request):
            return False
        every = self.resources.values()
        makes = {(method, path) for method, path in (self._declared(r, r.create) for r in every)}
        lists = {self._declared(r, r.list) for r in every} - makes
        return any(request.method == method and _match(path, target) for method, path in lists)

    def makes(self, request: httpx.Request) -> bool:
        """Whether this is a POST to a declared collection."""
        target = (self._target(request) or "").partition("?")[0]
        paths = {self._base + resource.path.rstrip("/") for resource in self.resources.values()}
        return request.method == "POST" and target.rstrip("/") in paths

    def record(self, request: httpx.Request) -> Record | None:
        """The record that the request is about, by its path or by one below it."""
        target = self._target(request)
        for resource in self.resources.values() if target else ():
            method, path = self._declared(resource, resource.delete, record=True)
            if request.method == method and (found := _match(path, target or "")) and found.groups():
                return self._record(resource, found[1], deletes=True)
            _, path = self._declared(resource, resource.update, record=True)
            plain = (target or "").partition("?")[0]
            if (found := _match(path.partition("?")[0], plain)) and found.groups():
                return self._record(resource, found[1], deletes=False)
            start = self._base + resource.path.rstrip("/") + "/"
            if plain.startswith(start) and (quoted_id := plain.removeprefix(start).partition("/")[0]):
                return self._record(resource, quoted_id, deletes=False)
        return None

    def is_here(self, request: httpx.Request) -> bool:
        """Whether the request goes to the API itself."""
        return (request.url.scheme, place_of(request.url)) == (self._scheme, self.target)

    def path_of(self, resource: Resource, quoted_id: str) -> str:
        """The path, from the origin, that shows the record with this id."""
        return self._declared(resource, resource.read, record=True)[1].replace("{id}", quoted_id)

    def _record(self, resource: Resource, quoted_id: str, *, deletes: bool) -> Record:
        return Record(resource, unquote(quoted_id), self.path_of(resource, quoted_id), deletes)

    def _declared(self, resource: Resource, request: str, *, record: bool = False) -> tuple[str, str]:
        """Method and path, from the origin, of a declared request."""
        method, _, path = request.partition(" ")
        usual = resource.path
        if record:
            usual = resource.path.rstrip("/") + "/{id}" + "/" * resource.path.endswith("/")
        return method, self._base + (path or usual)

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
    fields = [name for name, _ in request.url.params.multi_items()]
    return "target" in request.extensions or "_method" in fields or any(map(request.headers.get, OVERRIDES))


def _match(template: str, target: str) -> re.Match[str] | None:
    """The id in `target` as its first group, when it has the form of `template`; also with one slash more or less."""
    parts = re.split(r"\{([^}]*)\}", template)
    pattern = "".join(
        ("([^/?&]+)" if part == "id" else "[^/?&]+") if odd % 2 else re.escape(part) for odd, part in enumerate(parts)
    )
    return re.fullmatch(pattern.removesuffix("/") + "/?", target)
