"""What leaves the target by a redirect carries nobody's session."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tidegate.session.http import httpx
from tidegate.session.login import Identity

_FIRST = "tidegate.first"


class Hops(httpx.BaseTransport):
    """Sends requests over `wire`, and takes off what a redirect must not lead to another place.

    Here, as no event hook is: a test may set its own in the place of ours. `known` are the values of all sessions,
    which a test may have put on a request by hand.
    """

    def __init__(
        self, wire: httpx.BaseTransport, base_url: str, auth: Identity | None, known: Callable[[], Iterable[str]]
    ) -> None:
        self._inner, self._auth, self._known = wire, auth, known
        self._origin = _origin(httpx.URL(base_url))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request."""
        if self._auth:
            self._auth.at_hop(request)
        # A redirect copies the extensions; what a test itself sends elsewhere is its own affair.
        first = request.extensions.setdefault(_FIRST, request.url)
        if first is not request.url and _origin(first) == self._origin != _origin(request.url):
            self._take_off(request)
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Closes the wire."""
        self._inner.close()

    def _take_off(self, request: httpx.Request) -> None:
        known = tuple(self._known())
        for name, value in request.headers.items():
            if any(secret in value for secret in known):
                del request.headers[name]


def _origin(url: httpx.URL) -> tuple[bytes, bytes, int | None]:
    return url.raw_scheme, url.raw_host, url.port
