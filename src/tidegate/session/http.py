"""The one place that names the HTTP client library."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tidegate.session.tls import trust
from tidegate.settings import Client
from tidegate.settings.client import chosen_library

__all__ = ["connections", "httpx"]

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_module(chosen_library())


def connections(settings: Client) -> httpx.HTTPTransport:
    """A pool of connections that trusts what the gate trusts, and heeds no proxy but the one that is set."""
    context = trust(settings, http2=settings.http2)
    return httpx.HTTPTransport(verify=context, http2=settings.http2, proxy=settings.proxy, trust_env=False)
