"""The pace of a run: what lies between a request and the wire, beside the guard."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.session.http import httpx
from tidegate.settings import Settings

Report = Callable[[str], None]


class Paced(httpx.BaseTransport):
    """Sends requests over `inner` as the settings of the client say; reports what a reader of the run must know."""

    def __init__(self, inner: httpx.BaseTransport, settings: Settings, base_url: str, report: Report) -> None:
        self._inner = inner
        self._settings = settings.client
        self._base_url = base_url
        self._report = report

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()
