"""What every request of a session goes through: the ledger of what requests make, then the wire."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tidegate.session.answers import made_id, parsed, record_in, sent_record
from tidegate.session.declared import Declared, Hit
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, id_of
from tidegate.session.ledger import Ledger
from tidegate.settings import Resource

# Of each resource that the sweep cannot list, so many deleted records are looked at once more by clean-up.
LOOKED_AT = 50
Key = tuple[str, str, str]
Parent = tuple[str | None, str | None]


class Transport(httpx.BaseTransport):
    """Sends requests over `wire` and writes what they make into the ledger before the caller goes on."""

    def __init__(
        self, wire: httpx.BaseTransport, base_url: str, resources: tuple[Resource, ...], ledger: Ledger
    ) -> None:
        self._inner = wire
        base = httpx.URL(base_url)
        self._origin = (base.scheme, base.host, base.port)
        self._declared = Declared(base.raw_path.decode("ascii").rstrip("/"), resources)
        self._ledger = ledger
        self._run = f"{ledger.run}-"
        self._made: dict[Key, Parent] = {}
        self._children: defaultdict[Parent, list[Key]] = defaultdict(list)
        # The sweep would notice what is still there; elsewhere clean-up looks, where a look tells whose it is.
        self._unseen = {each.name for each in resources if not each.swept and (each.marker or each.parent)}
        self._deleted = Counter[str]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        hit = self._hit(request)
        if hit is None:
            return self._inner.handle_request(request)
        if hit.action == "create":
            self._ledger.intent(hit.resource.name)
        response = self._inner.handle_request(request)
        # A PUT may make what it names (RFC 9110, 9.3.4).
        if hit.action == "create" or (request.method == "PUT" and response.status_code == httpx.codes.CREATED):
            return self._note_made(hit, request, response)
        if response.is_success and hit.id is not None:
            self._note_change(hit, hit.id, request)
        return response

    def close(self) -> None:
        """Nothing: clients share this transport, and closing one must not cut the others off."""

    def shut_down(self) -> None:
        """Closes the connections."""
        self._inner.close()

    def _hit(self, request: httpx.Request) -> Hit | None:
        url = request.url
        if request.method in ("GET", "HEAD", "OPTIONS") or (url.scheme, url.host, url.port) != self._origin:
            return None
        return self._declared.hit(request.method, url.raw_path.decode("ascii"))

    def _note_made(self, hit: Hit, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not response.is_success:
            return response
        # The body is read here and handed on as it came: the caller must not wait for it twice, nor miss it.
        raw = b"".join(response.stream)  # type: ignore[arg-type]  # a sync transport's stream is sync
        response.close()
        copy = httpx.Response(response.status_code, headers=response.headers, content=raw)
        self._enter(hit, _sent(request, hit.resource), record_in(parsed(copy.content), hit.resource), response)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(raw),
            extensions=response.extensions,
        )

    def _enter(self, hit: Hit, sent: Any, answered: Any, response: httpx.Response) -> None:
        resource = hit.resource
        found = made_id(answered, None if hit.id else sent, resource, response)
        record_id = hit.id if found is None else str(found)
        if record_id is None:
            return
        named = record_id if resource.marker == resource.id else None
        marker = _marker(answered, resource) or _marker(sent, resource) or named
        parent_field = resource.parent_field or ""
        parent = hit.parent or id_of(answered, parent_field) or id_of(sent, parent_field)
        key = (resource.name, record_id, resource.scope(parent))
        if key in self._made:  # a PUT of what is there already
            if marker is not None:
                self._ledger.remarked(resource.name, record_id, marker, key[2])
            return
        # 200 may mean "found", not "made": then only this run's marker, or a parent made in this run, says it is ours.
        created = response.status_code == httpx.codes.CREATED
        if created or self._run in (marker or "") or self._has_made(resource.parent, parent):
            self._made[key] = above = (resource.parent, parent)
            if all(above):
                self._children[above].append(key)
            self._ledger.made(resource.name, record_id, marker, parent, key[2])

    def _has_made(self, resource: str | None, record_id: str | None) -> bool:
        return (resource, record_id, "") in self._made or any(key[:2] == (resource, record_id) for key in self._made)

    def _note_change(self, hit: Hit, record_id: str, request: httpx.Request) -> None:
        key = (hit.resource.name, record_id, hit.resource.scope(hit.parent))
        # Not on 404: to somebody who may not see the record, that is what some APIs answer.
        if hit.action == "delete":
            self._note_deleted(key)
        elif (marker := _marker(_sent(request, hit.resource), hit.resource)) is not None:
            self._ledger.remarked(key[0], key[1], marker, key[2])

    def _note_deleted(self, key: Key) -> None:
        self._made.pop(key, None)
        self._deleted[key[0]] += 1
        if key[0] in self._unseen and self._deleted[key[0]] <= LOOKED_AT:
            self._ledger.said_gone(*key)
        else:
            self._ledger.gone(*key)
        self._note_orphans(key)

    def _note_orphans(self, parent: Key) -> None:
        """What belonged to a deleted record may be gone with it, and its id another's: only a look can tell."""
        for child in self._children.pop(parent[:2], ()):
            if self._made.get(child) == parent[:2]:  # and not made anew below another
                del self._made[child]
                self._ledger.orphaned(*child)
                self._note_orphans(child)


def _sent(request: httpx.Request, resource: Resource) -> Any:
    try:
        return sent_record(parsed(request.content), resource)
    except httpx.RequestNotRead:  # an upload, streamed
        return None


def _marker(record: Any, resource: Resource) -> str | None:
    found = dig(record, resource.marker) if resource.marker else None
    return found if isinstance(found, str) else None
