"""A look at a record before it is changed: whose it is, by what it says itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig, id_of
from tidegate.session.routes import OVERRIDES, Record, Routes
from tidegate.session.run import run_in, whole_run
from tidegate.settings import Resource

Send = Callable[[httpx.Request], httpx.Response]
NAMES = ("email", "username", "login", "name")
# What belongs to a request with a body, or makes the server answer with less than the record.
LEFT_OUT = frozenset(
    name.lower()
    for name in ("Content-Length", "Content-Type", "Transfer-Encoding", "Expect", "Range", "Prefer", *OVERRIDES)
)
LIMIT = 1_048_576


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: whether it is the admin's record, whether it is marked at all, and by which run."""

    admin: bool = False
    run: str | None = None
    ours: bool = False
    marked: bool = False


class Looks:
    """Looks at records with the credentials of the request that is about them."""

    def __init__(self, routes: Routes, prefix: str, run: str, admin_email: str | None) -> None:
        self._routes = routes
        self._prefix = prefix
        self._own = f"{prefix}{whole_run(run)}-" if run else None
        self._admin = (admin_email or "").casefold()

    def at(self, request: httpx.Request, record: Record | None, send: Send) -> Seen:
        """What the record of the request says; where none is declared, what its own path shows."""
        if record is None:
            shown = _get(request, request.url.raw_path.decode("ascii"), send)
            return Seen(admin=self._is_admin(_unwrapped(shown), ""))
        shown = _get(request, record.read, send)
        shown = dig(shown, record.resource.record) if record.resource.record else shown
        marker = self._marker(request, record.resource, shown, record.parent, send)
        ours = self._own is not None and isinstance(marker, str) and marker.startswith(self._own)
        return Seen(
            self._is_admin(shown, record.resource.marker or ""), run_in(marker, self._prefix), ours, bool(marker)
        )

    def _is_admin(self, shown: Any, marker: str) -> bool:
        values = [dig(shown, name) for name in (*NAMES, *filter(None, [marker]))] if isinstance(shown, dict) else []
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
        shown = _get(request, self._routes.path_of(parent, quote(found, safe="")), send)
        return self._marker(request, parent, dig(shown, parent.record) if parent.record else shown, "", send, depth - 1)


def _get(request: httpx.Request, path: str, send: Send) -> Any:
    """The JSON at a path, asked for as the request would be; None when there is none to see."""
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() not in LEFT_OUT]
    url = request.url.copy_with(raw_path=path.encode("ascii"))
    timeout = {key: value for key, value in request.extensions.items() if key == "timeout"}
    response = send(httpx.Request("GET", url, headers=headers, extensions=timeout))
    try:
        if not response.is_success or "json" not in response.headers.get("Content-Type", ""):
            return None
        return json.loads(_read(response))
    except (ValueError, RecursionError):
        return None
    finally:
        response.close()


def _read(response: httpx.Response) -> bytes:
    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LIMIT:
            return b""
    return body


def _unwrapped(shown: Any) -> Any:
    """The record inside an envelope such as `{"data": {…}}`."""
    inner = next(iter(shown.values())) if isinstance(shown, dict) and len(shown) == 1 else None
    return inner if isinstance(inner, dict) else shown
