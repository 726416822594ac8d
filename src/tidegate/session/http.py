"""The one place that names the HTTP client library."""

from __future__ import annotations

import functools
import ssl

import httpx

from tidegate.settings import Client

__all__ = ["connections", "httpx", "trust"]


def connections(settings: Client) -> httpx.HTTPTransport:
    """A pool of connections that trusts what the gate trusts, SSL_CERT_FILE included, and heeds no proxy."""
    return httpx.HTTPTransport(verify=trust(), http2=settings.http2, proxy=settings.proxy, trust_env=False)


@functools.cache  # reading all certificates takes longer than a test
def trust() -> ssl.SSLContext:
    """The certificates that this process trusts."""
    return ssl.create_default_context()
