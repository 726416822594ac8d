"""The one place that names the HTTP client library."""

from __future__ import annotations

import ssl

import httpx

__all__ = ["connections", "httpx"]


def connections() -> httpx.HTTPTransport:
    """A pool of connections that trusts what the gate trusts, SSL_CERT_FILE included, and heeds no proxy."""
    return httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False)
