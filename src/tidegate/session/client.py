"""HTTP clients: one way to build them, so that all share base URL, time limit and connections."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

from tidegate.errors import SettingsError
from tidegate.session.http import httpx
from tidegate.settings import Client

# A server that answers only with its own idea of JSON's media type must not be refused.
ACCEPT = "application/json, */*;q=0.5"


class _KeepNone(DefaultCookiePolicy):
    """Keeps no cookie of an answer: one of a login would make every later request a logged-in one."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:  # noqa: ARG002  named by http.cookiejar
        """Never."""
        return False


def new_client(
    base_url: str,
    settings: Client,
    *,
    transport: httpx.BaseTransport,
    headers: Mapping[str, str] | None = None,
    auth: httpx.Auth | None = None,
) -> httpx.Client:
    """A client for `base_url` that follows no redirect, keeps no cookie and heeds no proxy of the environment.

    Closing it closes `transport`.
    """
    try:
        parsed = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        hint = "\n  next: set API_BASE_URL to the form http://host:port"
        raise SettingsError(f"the base URL {base_url!r} is not usable: {error}{hint}") from None
    return httpx.Client(
        base_url=parsed,
        timeout=httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        transport=transport,
        headers={"Accept": ACCEPT, **settings.headers, **(headers or {})},
        auth=auth,
        cookies=CookieJar(_KeepNone()),
        trust_env=False,
    )


class Renewing(httpx.Auth):
    """Sends the given headers; logs in again, once a request, when they are no longer accepted."""

    def __init__(self, headers: Mapping[str, str] | None, log_in: Callable[[], Mapping[str, str]]) -> None:
        self._headers = headers
        self._log_in = log_in
        self._lock = threading.Lock()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The request, and the request again after a 401."""
        used = self._current(None)
        request.headers.update(used)
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            request.headers.update(self._current(used))
            yield request

    def _current(self, refused: Mapping[str, str] | None) -> Mapping[str, str]:
        with self._lock:
            if self._headers is None or self._headers is refused:
                self._headers = self._log_in()
            return self._headers
