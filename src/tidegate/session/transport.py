"""What every request of a session goes through: one connection pool, and the ledger of what requests make."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from tidegate.session.http import connections, httpx
from tidegate.session.jsonpath import dig, id_of
from tidegate.session.ledger import Ledger
from tidegate.settings import Resource


class Transport(httpx.BaseTransport):
    """Sends requests over shared connections and writes what they make into the ledger before the caller goes on."""

    def __init__(self, base_url: str, resources: tuple[Resource, ...], ledger: Ledger) -> None:
        self._inner = connections()
        base = httpx.URL(base_url)
        self._origin = (base.scheme, base.host, base.port)
        path = base.raw_path.decode("ascii").rstrip("/")
        self._resources = {path + resource.path: resource for resource in resources}
        self._ledger = ledger
        self._run = f"{ledger.run}-"
        self._made: set[tuple[str | None, str | None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        resource, record_id = self._target(request)
        if resource is None:
            return self._inner.handle_request(request)
        if request.method == "POST" and record_id is None:
            self._ledger.intent(resource.name)
            return self._note_made(resource, request, self._inner.handle_request(request))
        response = self._inner.handle_request(request)
        if record_id is not None:
            self._note_change(resource, record_id, request, response)
        return response

    def close(self) -> None:
        """Nothing: clients share this transport, and closing one must not cut the others off."""

    def shut_down(self) -> None:
        """Closes the connections."""
        self._inner.close()

    def _target(self, request: httpx.Request) -> tuple[Resource | None, str | None]:
        url = request.url
        if request.method in ("GET", "HEAD", "OPTIONS") or (url.scheme, url.host, url.port) != self._origin:
            return None, None
        path = url.raw_path.partition(b"?")[0].decode("ascii").rstrip("/")
        if path in self._resources:
            return self._resources[path], None
        collection, _, last = path.rpartition("/")
        return self._resources.get(collection), unquote(last)

    def _note_made(self, resource: Resource, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not response.is_success:
            return response
        # The body is read here and handed on as it came: the caller must not wait for it twice, nor miss it.
        raw = b"".join(response.stream)  # type: ignore[arg-type]  # a sync transport's stream is sync
        response.close()
        copy = httpx.Response(response.status_code, headers=response.headers, content=raw)
        self._enter(resource, _sent(request), _json(copy.content), response)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(raw),
            extensions=response.extensions,
        )

    def _enter(self, resource: Resource, sent: Any, answered: Any, response: httpx.Response) -> None:
        record_id = id_of(answered, resource.id) or _last_segment(response.headers.get("Location"))
        if record_id is None:
            return
        marker = _text(dig(answered, resource.marker or "")) or _text(dig(sent, resource.marker or ""))
        parent_field = resource.parent_field or ""
        parent = id_of(answered, parent_field) or id_of(sent, parent_field)
        # 200 may mean "found", not "made": then only this run's marker, or a parent made in this run, says it is ours.
        created = response.status_code == httpx.codes.CREATED
        if created or self._run in (marker or "") or (resource.parent, parent) in self._made:
            self._made.add((resource.name, record_id))
            self._ledger.made(resource.name, record_id, marker, parent)

    def _note_change(
        self, resource: Resource, record_id: str, request: httpx.Request, response: httpx.Response
    ) -> None:
        # Not on 404: to somebody who may not see the record, that is what some APIs answer.
        if request.method == "DELETE" and response.is_success:
            self._ledger.gone(resource.name, record_id)
        elif request.method in ("PATCH", "PUT") and response.is_success and resource.marker:
            marker = _text(dig(_sent(request), resource.marker))
            if marker is not None:
                self._ledger.remarked(resource.name, record_id, marker)


def _sent(request: httpx.Request) -> Any:
    try:
        return _json(request.content)
    except httpx.RequestNotRead:  # an upload, streamed
        return None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _last_segment(location: str | None) -> str | None:
    """The id at the end of a Location header: the newly made record's own URL (RFC 9110, 10.2.2)."""
    found = re.search(r"/([^/?#]+)/?(?:[?#].*)?$", location or "")
    return unquote(found.group(1)) if found else None
