"""A look at a record before it is changed: whose it is, by what it says itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tidegate.session.answers import record_in
from tidegate.session.disguise import is_override
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, id_of, identity
from tidegate.session.routes import Record, Routes
from tidegate.session.run import run_in, whole_run
from tidegate.session.suspects import PASSWORD
from tidegate.settings import Resource, Settings

Send = Callable[[httpx.Request], httpx.Response]
NAMES = ("email", "username", "login", "name")
ENVELOPES = ("data", "item", "result", "user")
# Beside these, what belongs to a request with a body, or makes the server answer with less than the record.
LEFT_OUT = ("content-", "if-", "accept", "transfer-encoding", "expect", "range", "prefer")
ASKING = "application/json, */*;q=0.5"
HOPS, DEPTH = 2, 4
LIMIT = 1_048_576


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: whether it is the admin's record, whether it is marked at all, and by which run."""

    admin: bool = False
    run: str | None = None
    ours: bool = False
    marked: bool = False
    unclear: int | None = None
    """The status of an answer that shows neither a record, nor that there is none, nor that it may not be seen."""

    def and_also(self, other: Seen) -> Seen:
        """What was found of two records, one of which is meant."""
        unclear = self.unclear or other.unclear
        marked = self.marked or other.marked
        return Seen(self.admin or other.admin, other.run or self.run, self.ours and other.ours, marked, unclear)


class Looks:
    """Looks at records with the credentials of the request that is about them."""

    def __init__(self, routes: Routes, settings: Settings, run: str) -> None:
        self._routes = routes
        self._prefix = settings.prefix
        self._own = f"{settings.prefix}{whole_run(run)}-" if run else None
        self._admin = (settings.admin_email or "").casefold()
        headers = {name.lower(): value for name, value in settings.client.headers.items()}
        self._accept = headers.get("accept", ASKING)

    def at(self, request: httpx.Request, record: Record | None, send: Send) -> Seen:
        """What the record of the request says; where none is declared, what its own path shows."""
        if record is None:
            paths = (request.url.raw_path.decode("ascii"), *_above(request))
            shown = [self._get(request, path, send)[0] for path in dict.fromkeys(paths)]
            return Seen(admin=any(self._is_admin(each, "") for each in shown))
        seen = self._at(request, record, send)
        return seen if record.also is None else seen.and_also(self._at(request, record.also, send))

    def above(self, request: httpx.Request, send: Send) -> Seen:
        """What the path above that of a password shows."""
        return Seen(admin=any(self._is_admin(self._get(request, path, send)[0], "") for path in _above(request)))

    def _at(self, request: httpx.Request, record: Record, send: Send) -> Seen:
        answered, status = self._get(request, record.read, send)
        shown = record_in(answered, record.resource)
        marker = self._marker(request, record.resource, shown, record.parent, send)
        ours = self._own is not None and isinstance(marker, str) and marker.startswith(self._own)
        unclear = status if status // 100 == 3 or status == httpx.codes.TOO_MANY_REQUESTS or status >= 500 else None
        admin = self._is_admin(shown, record.resource.marker or "")
        return Seen(admin, run_in(marker, self._prefix), ours, bool(marker), unclear)

    def _is_admin(self, shown: Any, marker: str) -> bool:
        names = (*NAMES, *filter(None, [marker]))
        values = [dig(record, name) for record in _unwrapped(shown) for name in names]
        return bool(self._admin) and any(isinstance(v, str) and v.casefold() == self._admin for v in values)

    def _marker(
        self, request: httpx.Request, resource: Resource, shown: Any, parent_id: str, send: Send, depth: int = 3
    ) -> Any:
        """The record's own marker, else that of the record that it belongs to, by its path or by its own field."""
        if resource.marker or not depth:
            return dig(shown, resource.marker) if resource.marker else None
        parent = self._routes.resources.get(resource.parent or "")
        found = parent_id or id_of(shown, resource.parent_field or "")
        if parent is None or not found or shown is None:
            return None
        shown, _status = self._get(request, self._routes.path_of(parent, quote(found, safe="")), send)
        return self._marker(request, parent, record_in(shown, parent), "", send, depth - 1)

    def _get(self, request: httpx.Request, path: str, send: Send) -> tuple[Any, int]:
        """The JSON at a path, asked for as the request would be, and the status; None when there is none to see."""
        carried = self._routes.carried(request)
        if carried and carried not in path:
            path += ("&" if "?" in path else "?") + carried
        url = request.url.copy_with(raw_path=path.encode("ascii"))
        for _ in range(HOPS):
            response = send(self._question(request, url))
            try:
                target = response.headers.get("Location") if response.is_redirect else None
                onward = url.join(target) if target else url
                if onward == url or (onward.scheme, onward.netloc) != (url.scheme, url.netloc):
                    return _shown(response), response.status_code
            except httpx.InvalidURL:
                return None, response.status_code
            finally:
                response.close()
            url = onward
        return None, response.status_code

    def _question(self, request: httpx.Request, url: httpx.URL) -> httpx.Request:
        kept = [
            (name, value)
            for name, value in request.headers.multi_items()
            if not name.lower().startswith(LEFT_OUT) and not is_override(name)
        ]
        timeout = {key: value for key, value in request.extensions.items() if key == "timeout"}
        headers = [*kept, ("Accept", self._accept), ("Accept-Encoding", "identity")]
        return httpx.Request("GET", url, headers=headers, extensions=timeout)


def _above(request: httpx.Request) -> list[str]:
    """The path above one that ends in what a password is called."""
    above, _, last = request.url.raw_path.decode("ascii").partition("?")[0].rstrip("/").rpartition("/")
    return [above] if above and PASSWORD.search(last) else []


def _shown(response: httpx.Response) -> Any:
    if not response.is_success or "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        return json.loads(_read(response))
    except (ValueError, RecursionError):
        return None


def _read(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LIMIT:
            return b""
    return body


def _unwrapped(shown: Any) -> list[dict[str, Any]]:
    """What is shown, and the record inside envelopes such as `{"status": "success", "data": {"user": {…}}}`."""
    found: list[dict[str, Any]] = []
    while isinstance(shown, dict) and len(found) < DEPTH:
        found.append(shown)
        if identity(shown.get("id")) is not None:
            break
        names = ENVELOPES if len(shown) > 1 else tuple(shown)
        shown = next((shown[name] for name in names if isinstance(shown.get(name), dict)), None)
    return found
