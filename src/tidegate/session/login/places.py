"""Where an answer holds what a session is made of: in a header, a cookie, a form field or the JSON body."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import unquote

from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.session.login import cookies as cookie
from tidegate.session.login.hidden import field


def token_in(response: httpx.Response, place: str, cookies: Mapping[str, str]) -> str | None:
    """The token at its place (`login.token`), or None; `cookies` are those of the whole login."""
    kind, _, name = place.partition(":")
    if kind == "cookies":
        return cookie.line(cookies) or None
    if kind == "cookie":
        return cookies.get(name) or None
    return response.headers.get(name) or None if kind == "header" else _text(response, place)


def csrf_in(response: httpx.Response, place: str) -> str | None:
    """The CSRF token that this answer brings at its place (`login.csrf_from`), or None."""
    kind, _, name = place.partition(":")
    if kind == "cookie":
        return csrf_of(cookie.set_by(response).get(name))
    if kind == "field":
        return field(response.text, name) or None
    return response.headers.get(name) or None if kind == "header" else _text(response, place)


def csrf_of(value: str | None) -> str | None:
    """The CSRF token that a cookie carries, which is written as in a URL where it holds other characters."""
    return unquote(value) if value else None


def _text(response: httpx.Response, path: str) -> str | None:
    body = json_of(response)
    if body is None and path == ".":
        body = response.text.strip()  # a token as plain text
    found = dig(body, path)
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        return None
    return str(found) or None


def json_of(response: httpx.Response) -> object:
    """The answer's JSON body; None when it has none."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None
