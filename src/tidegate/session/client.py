"""HTTP clients: one way to build them, so that all share base URL, time limit and connections."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from urllib.request import Request

from tidegate.session.hops import Hops
from tidegate.session.hosts import base_of
from tidegate.session.http import httpx
from tidegate.session.login import Identity
from tidegate.session.recorder import Recorder
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
    auth: Identity | None = None,
    known: Callable[[], Iterable[str]] = tuple,
    recorder: Recorder | None = None,
) -> httpx.Client:
    """A client for `base_url` that follows no redirect, keeps no cookie and heeds no proxy of the environment.

    Closing it closes `transport`. The `recorder` sees what it sends and gets. Nothing that is `known`, the values of
    sessions, follows a redirect elsewhere.
    """
    return httpx.Client(
        base_url=base_of(base_url),
        timeout=httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        transport=Hops(recorder.around(transport, auth) if recorder else transport, base_url, auth, known),
        headers={"Accept": ACCEPT, **settings.headers},
        auth=auth,
        cookies=CookieJar(_KeepNone()),
        trust_env=False,
    )
