"""The forms of settings that speak HTTP: paths, URLs, hosts, headers, requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from tidegate.settings import forms

NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110, 5.6.2
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def url_path(raw: object) -> str:
    """A path on the API, with a leading slash."""
    if not isinstance(raw, str) or not re.fullmatch(r"/[\x21-\x7e]*", raw) or raw.startswith("//"):
        raise ValueError("a path that starts with one slash and has no blanks, such as /health")
    return raw


def path_or_url(raw: object) -> str:
    """A path below the base URL, or a URL of its own."""
    if isinstance(raw, str) and raw.startswith("http"):
        return base_url(raw)
    return url_path(raw)


def base_url(raw: object) -> str:
    """Scheme, host and perhaps port and path, without a trailing slash."""
    form = "http:// or https:// with a host, and perhaps a port and a path, such as http://localhost:8000"
    if not isinstance(raw, str) or re.search(r"[\s\x00-\x1f\\]", raw.strip()):
        raise ValueError(form)
    try:
        parts = urlsplit(raw.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = None
    if not usable or parts.query or parts.fragment:
        raise ValueError(form)
    if parts.username is not None:
        raise ValueError(form + "; credentials belong into API_ADMIN_EMAIL and API_ADMIN_PASSWORD")
    return raw.strip().rstrip("/")


def method(raw: object) -> str:
    """A method of HTTP."""
    return forms.one_of(*METHODS)(raw)


def statuses(raw: object) -> tuple[str, ...]:
    """Codes and classes of statuses."""
    listed = [str(item) for item in raw] if isinstance(raw, list) else str(raw) if isinstance(raw, int) else raw
    found = forms.words(listed)
    if not all(re.fullmatch(r"[1-5](\d\d|xx)", status) for status in found):
        raise ValueError('a list of codes and classes such as ["200", "4xx"], or 200,4xx in the environment')
    return found


def headers(raw: object) -> Mapping[str, str]:
    """Names and values of headers."""
    if not isinstance(raw, dict) or not all(
        re.fullmatch(NAME, name) and isinstance(value, str) and value.isprintable() for name, value in raw.items()
    ):
        raise ValueError('a table of headers, such as { X-Tenant = "acme" }')
    return MappingProxyType(raw)


def host(raw: object) -> str:
    """The name of a host, perhaps with a port."""
    if not isinstance(raw, str) or not re.fullmatch(r"[^\s/@#?\\]+", raw) or "*" in raw:
        raise ValueError("one host, perhaps with a port, such as staging.example.com")
    return raw


def hosts(raw: object) -> tuple[str, ...]:
    """Names of hosts, also none."""
    return () if raw in ([], "") else tuple(host(item) for item in forms.words(raw))


def token_place(raw: object) -> str:
    """Where an answer holds a token."""
    named = isinstance(raw, str) and re.fullmatch(rf"(header|cookie):{NAME}|cookies", raw)
    return raw if named and isinstance(raw, str) else _place(raw, "header:Name, cookie:name or cookies")


def csrf_place(raw: object) -> str:
    """Where the CSRF token is."""
    named = isinstance(raw, str) and re.fullmatch(rf"(header|cookie):{NAME}|field:\S+", raw)
    return raw if named and isinstance(raw, str) else _place(raw, "cookie:name, header:Name or field:name")


def _place(raw: object, others: str) -> str:
    if isinstance(raw, str) and ":" in raw:
        raise ValueError(f"a path into the JSON body, or {others}")
    try:
        return forms.json_path_or_whole(raw)
    except ValueError as form:
        raise ValueError(f"{form}, or {others}") from None


def carrier(raw: object) -> str:
    """How a request carries the token."""
    if not isinstance(raw, str) or not re.fullmatch(rf"({NAME}: ?|\?[^=\s]+=).*\{{token\}}.*", raw):
        raise ValueError("a header such as `X-Api-Key: {token}`, or a query such as `?api_key={token}`")
    return raw


def csrf_carrier(raw: object) -> str:
    """How a request carries the CSRF token."""
    if not isinstance(raw, str) or not re.fullmatch(rf"{NAME}: ?.*\{{csrf\}}.*", raw):
        raise ValueError("a header such as `X-CSRFToken: {csrf}`")
    return raw
