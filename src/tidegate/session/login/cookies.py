"""Cookies as one client sees them: names and values, for one origin (RFC 6265)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tidegate.session.http import httpx


def set_by(response: httpx.Response) -> dict[str, str | None]:
    """The cookies that an answer sets, by name; None for one that it deletes.

    Domain, Path and Secure are not looked at: what a session holds goes to one origin, and nowhere else.
    """
    found: dict[str, str | None] = {}
    for line in response.headers.get_list("Set-Cookie"):
        pair, *attributes = line.split(";")
        name, sign, value = pair.partition("=")
        if sign and name.strip():
            found[name.strip()] = None if _is_over(attributes) else value.strip()
    return found


def _is_over(attributes: list[str]) -> bool:
    """Whether Max-Age, which counts first, or Expires says that the cookie is to be forgotten."""
    named = {name.strip().lower(): value.strip() for name, _, value in (a.partition("=") for a in attributes)}
    age = named.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return int(age) <= 0
    try:
        ends = parsedate_to_datetime(named["expires"])
    except (KeyError, ValueError, TypeError, OverflowError):
        return False
    return (ends if ends.tzinfo else ends.replace(tzinfo=UTC)) <= datetime.now(UTC)


def updated(cookies: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The cookies after an answer."""
    return {name: value for name, value in {**cookies, **changes}.items() if value is not None}


def line(cookies: Mapping[str, str]) -> str:
    """The value of a Cookie header."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def parsed(header: str) -> dict[str, str]:
    """The cookies of a Cookie header's value."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign and name.strip()}
