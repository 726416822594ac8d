"""The one place that names the HTTP client library."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tidegate.errors import SettingsError
from tidegate.session.tls import trust
from tidegate.settings import Client
from tidegate.settings.client import LIBRARIES, chosen_library

__all__ = ["connections", "httpx"]

if TYPE_CHECKING:
    import httpx
else:
    try:
        httpx = import_module(chosen_library())
    except ModuleNotFoundError as error:
        if error.name not in LIBRARIES:
            raise
        hint = f"  next: pip install 'tidegate[{error.name}]', or leave TIDEGATE_CLIENT_LIBRARY out"
        raise SettingsError(f"the HTTP library {error.name} is not installed\n{hint}") from None


def connections(settings: Client) -> httpx.HTTPTransport:
    """A pool of connections that trusts what the gate trusts, and heeds no proxy but the one that is set."""
    return httpx.HTTPTransport(verify=trust(settings), http2=settings.http2, proxy=settings.proxy, trust_env=False)
