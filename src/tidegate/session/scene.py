"""What clean-up works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tidegate.session.client import new_client
from tidegate.session.collection import Collection
from tidegate.session.hosts import base_of, is_disposable, place_of
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.session.login import Identity, Session, Sessions
from tidegate.session.pace import Report
from tidegate.session.wire import Wrap, open_wire
from tidegate.settings import Resource, Settings


@dataclass(frozen=True, slots=True)
class Scene:
    """What clean-up works on: a client that may delete, the declared resources, and whom never to touch.

    `tick` hears of every step, for those who show progress. `shared`: others make records there at the same time.
    """

    client: httpx.Client
    resources: Mapping[str, Resource]
    prefix: str
    admin_email: str | None = None
    tick: Callable[[str], None] = lambda _doing: None
    shared: bool = False

    def collection(self, resource: str, parent: str | None = None) -> Collection:
        """The records of one resource, below a parent where its path says so."""
        return Collection(self.client, self.resources[resource], parent)

    def is_marked(self, record: Any, resource: Resource, prefix: str) -> bool:
        """Whether the record's own marker field starts with `prefix`, to the letter."""
        marker = dig(record, resource.marker) if resource.marker else None
        return isinstance(marker, str) and marker.startswith(prefix) and not self.is_admin(marker)

    def is_admin(self, marker: str) -> bool:
        """Whether this is the seeded admin, who is nobody's leftover."""
        return bool(self.admin_email) and marker.casefold() == str(self.admin_email).casefold()


class _Impatient(httpx.BaseTransport):
    """Connections to an API that may hang: after one time-out, every later request fails at once."""

    def __init__(self, wire: httpx.BaseTransport) -> None:
        self._inner = wire
        self._hangs: httpx.TimeoutException | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._hangs:
            raise self._hangs
        try:
            return self._inner.handle_request(request)
        except httpx.TimeoutException as error:
            self._hangs = error
            raise

    def close(self) -> None:
        self._inner.close()


def open_scene(
    settings: Settings,
    base_url: str,
    resources: tuple[Resource, ...],
    session: Session | None = None,
    tick: Callable[[str], None] = lambda _doing: None,
    *,
    guard: Wrap | None = None,
    report: Report = lambda _line: None,
    workers: int = 1,
) -> Scene:
    """A scene at `base_url` with an admin's client: by this session, or by a login when it is first needed."""
    wire = _Impatient(open_wire(settings, base_url, guard=guard, report=report, workers=workers, cleans=True))
    # Its client is never closed: that would close the wire.
    sessions = Sessions(settings, new_client(base_url, settings.client, transport=wire))
    admin = Identity(settings, base_url, sessions.open_admin, session=session, report=report)
    client = new_client(base_url, settings.client, auth=admin, transport=wire)
    by_name = {resource.name: resource for resource in resources}
    place, proxied = place_of(base_of(base_url)), settings.client.proxy is not None
    shared = not is_disposable(place, settings.target, proxied=proxied)
    return Scene(client, by_name, settings.prefix, settings.admin_email, tick, shared)
