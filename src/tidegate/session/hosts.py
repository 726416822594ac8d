"""The host that a request really goes to, and whether it exists for tests alone."""

from __future__ import annotations

import functools
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from tidegate.errors import SettingsError
from tidegate.session.http import httpx
from tidegate.settings import Settings, Target

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """A host as the socket gets it, in one spelling, and a port; a port of None is any."""

    host: str
    port: int | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (None, *PORTS.values()) else f"{host}:{self.port}"

    def covers(self, other: Place) -> bool:
        """Whether `other` is this host, and this port where one is named."""
        return bool(self.host) and self.host == other.host and self.port in (None, other.port)


def place_of(url: httpx.URL) -> Place:
    """Where a request for `url` is sent."""
    # raw_host is what is handed to the socket: without userinfo, in small letters, an IDN in its ASCII form.
    return Place(_one_spelling(url.raw_host.decode("ascii")), url.port or PORTS.get(url.scheme))


def base_of(base_url: str) -> httpx.URL:
    """The base URL as requests will have it; raises SettingsError when they cannot."""
    try:
        return httpx.URL(base_url)
    except httpx.InvalidURL as error:
        hint = "\n  next: set API_BASE_URL to the form http://host:port"
        raise SettingsError(f"the base URL {base_url!r} is not usable: {error}{hint}") from None


@functools.lru_cache
def named(text: str) -> Place:
    """The place that a setting names, with or without a port; raises SettingsError when it names none."""
    bare = text.count(":") > 1 and not text.startswith("[")  # an IPv6 address without brackets
    try:
        url = httpx.URL(f"any://{f'[{text}]' if bare else text}")
    except httpx.InvalidURL as error:
        raise SettingsError(_no_host(text, str(error))) from None
    if not url.raw_host or url.raw_path not in (b"", b"/"):
        raise SettingsError(_no_host(text, "it is not a host"))
    return Place(_one_spelling(url.raw_host.decode("ascii")), url.port)


def is_disposable(place: Place, target: Target, *, proxied: bool = False) -> bool:
    """Whether tests may write there unasked: a listed host, or loopback without any doubt."""
    if any(_reaches(named(text), place) for text in target.shared):
        return False
    if any(named(text).covers(place) for text in target.disposable):
        return True
    return not proxied and _is_loopback(place.host)  # behind a proxy, loopback is the proxy's


def _reaches(listed: Place, place: Place) -> bool:
    """Whether a place is the listed one, or loopback like it: what listens there has several addresses."""
    if listed.covers(place):
        return True
    near = all(host == "localhost" or ((at := _address(host)) and at.is_loopback) for host in (listed.host, place.host))
    return near and listed.port in (None, place.port)


def may_write(place: Place, settings: Settings) -> bool:
    """Whether tests may write there: it is disposable, or it is the one host that --allow-writes names."""
    allowed = settings.target.allow_writes
    proxied = settings.client.proxy is not None
    return is_disposable(place, settings.target, proxied=proxied) or (
        allowed is not None and named(allowed).covers(place)
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return _resolves_to_loopback(host)
    # Strictly the usual forms: what only the resolver takes for an address (127.1, 0x7f.1, 2130706433) is a name here,
    # and no other name is trusted, whatever it resolves to now: it may resolve to something else a moment later.
    address = _address(host)
    return address is not None and address.is_loopback


def _resolves_to_loopback(host: str) -> bool:
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return False
    return bool(found) and all((address := _address(text)) is not None and address.is_loopback for text in found)


@functools.lru_cache  # asked several times for each request that changes something
def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is, one of IPv4 inside of IPv6 as what it is; None for a name, or with a scope."""
    if "%" in host:
        return None
    with suppress(ValueError):
        address = ip_address(host)
        return getattr(address, "ipv4_mapped", None) or address
    return None


def _one_spelling(host: str) -> str:
    address = _address(host)
    return host.lower() if address is None else str(address)


def _no_host(text: str, why: str) -> str:
    return f"{text!r} cannot be a host: {why}\n  next: name it as in the API's URL, such as staging.example.com"
