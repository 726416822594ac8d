"""Whose credentials a request carries."""

from __future__ import annotations

import re
from functools import lru_cache

from tidegate.session.http import httpx
from tidegate.session.login import Session
from tidegate.session.login import cookies as cookie
from tidegate.session.login.claim import CLAIMED

ANONYMOUS, UNKNOWN = "anonymous", ""

_CREDENTIALS = re.compile(r"authorization|cookie|token|secret|session|api[_-]?key|^key$|credential|password", re.I)
_CSRF = re.compile(r"csrf|xsrf", re.I)


class Owners:
    """The sessions of this process by what shows them on a request."""

    def __init__(self) -> None:
        self._headers: dict[tuple[str, str], str] = {}
        self._cookies: dict[tuple[str, str], str] = {}
        self._queries: dict[str, str] = {}

    def learn(self, who: str, session: Session) -> None:
        """Takes over a session, which is `who`'s from now on."""
        for name, value in session.headers.items():
            self._headers[name.lower(), value] = who
        for name, value in session.cookies.items():
            self._cookies[name, value] = who
        if session.query:
            self._queries[session.query] = who

    def who(self, request: httpx.Request) -> str:
        """The name of whose session it carries; `anonymous` without credentials, empty when they are nobody's known."""
        if CLAIMED in request.extensions:
            return str(request.extensions[CLAIMED])
        carries = False
        for name, value in request.headers.items():
            if found := self._headers.get((name, value)):
                return found
            if _may_show_who(name):
                if name == "cookie" and (found := self._by_cookie(value)):
                    return found
                carries = True
        return self._by_query(request.url.query.decode("ascii")) or (UNKNOWN if carries else ANONYMOUS)

    def _by_cookie(self, line: str) -> str:
        known = (self._cookies.get(pair) for pair in cookie.parsed(line).items())
        return next(filter(None, known), "")

    def _by_query(self, query: str) -> str:
        return next((self._queries[part] for part in query.split("&") if part in self._queries), "")


@lru_cache(maxsize=256)
def _may_show_who(header: str) -> bool:
    return bool(_CREDENTIALS.search(header)) and not _CSRF.search(header)
