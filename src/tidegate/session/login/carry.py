"""Putting a session on a request, and taking it off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.session import SAFE, Session


class Plain(NamedTuple):
    """What of a request was there before a session was put on it."""

    url: httpx.URL
    cookie: str | None

    @classmethod
    def of(cls, request: httpx.Request) -> Plain:
        """What is to be kept of this request."""
        return cls(request.url, request.headers.get("Cookie"))


def speaks_for_itself(session: Session, request: httpx.Request, usual: Mapping[str, str]) -> bool:
    """Whether the request brings credentials of its own, in the place of the session's or as Authorization.

    `usual` are the headers of every request, which are nobody's own; nor is what the session itself has put there.
    """
    headers = request.headers
    if session.names.isdisjoint(name.lower() for name, _ in headers.raw) and not session.query:
        return False  # as nearly always
    for name in ("Authorization", *session.headers):
        given = headers.get(name)
        if given is not None and given not in (usual.get(name.lower()), session.headers.get(name)):
            return True
    if session.cookies and (given := headers.get("Cookie")):
        own = cookie.parsed(given)
        return any(own[name] != value for name, value in session.cookies.items() if name in own)
    name = session.query.partition("=")[0]
    return bool(name) and name in request.url.params and session.query.encode() not in request.url.query


def put_on(session: Session, request: httpx.Request, plain: Plain) -> None:
    """Makes the request, which was as `plain` says, one of the session."""
    for name, value in (session.safe if request.method in SAFE else session.unsafe).items():
        request.headers[name] = value
    if session.cookies and plain.cookie:
        own = {name: value for name, value in cookie.parsed(plain.cookie).items() if name not in session.cookies}
        request.headers["Cookie"] = cookie.line({**own, **session.cookies})
    if session.query and session.query.encode() not in plain.url.query:
        # As bytes: setting a parameter would spell the others anew.
        query = b"&".join(part for part in (plain.url.query, session.query.encode()) if part)
        request.url = plain.url.copy_with(query=query)


def take_off(session: Session, request: httpx.Request) -> None:
    """Removes what the session has put on the request; a redirect copies it."""
    for name, value in session.unsafe.items():
        if request.headers.get(name) == value:
            del request.headers[name]
