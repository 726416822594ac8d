"""What requests of somebody who is logged in carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote

from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.places import csrf_in
from tidegate.settings import Login
from tidegate.settings.template import fill

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110, 9.2.1


@dataclass(frozen=True)
class Session:
    """What requests of somebody who is logged in carry; `token` is what a login gives for it."""

    token: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: str = field(default="", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    csrf: str = field(default="", repr=False)
    login: Login = field(default_factory=Login, repr=False)

    @cached_property
    def safe(self) -> Mapping[str, str]:
        """The headers of a request that only reads."""
        return {**self.headers, "Cookie": cookie.line(self.cookies)} if self.cookies else dict(self.headers)

    @cached_property
    def unsafe(self) -> Mapping[str, str]:
        """The headers of a request that changes something: with the CSRF token."""
        return {**self.safe, **csrf_header(self.login, self.csrf)}

    @cached_property
    def names(self) -> frozenset[bytes]:
        """The headers in which a request may bring credentials of its own, in small letters."""
        return frozenset(name.lower().encode() for name in ("Authorization", *self.safe))

    @property
    def secrets(self) -> Iterable[str]:
        """What of it must not be shown."""
        bare = (value.rpartition(" ")[2] for value in self.headers.values())
        parts = (*bare, *self.cookies.values(), self.query.partition("=")[2], self.csrf)
        # A short one, such as a cookie with a language, would be masked all over a report.
        return filter(None, (self.token, *(part for part in parts if len(part) >= 8)))

    @property
    def changes(self) -> bool:
        """Whether an answer can change it: it has a cookie or a CSRF token."""
        return bool(self.cookies or self.csrf)

    def after(self, response: httpx.Response) -> Session:
        """The session as an answer leaves it: with the cookies and the CSRF token that it sets anew."""
        changes = cookie.set_by(response) if "Set-Cookie" in response.headers else {}
        if not self.login.keeps_cookies:
            changes = {name: value for name, value in changes.items() if name in self.cookies}
        # In a page or a body of a test's own request, a field of that name may be anything.
        anew = self.login.csrf_from.startswith(("cookie:", "header:")) and csrf_in(response, self.login.csrf_from)
        if not changes and not anew:
            return self
        return replace(self, cookies=cookie.updated(self.cookies, changes), csrf=anew or self.csrf)


def carried(login: Login, token: str) -> Session:
    """The session of a token, carried as the settings say."""
    filled: str = fill(login.carrier, {"token": _bare(login.carrier, token)})
    if filled.startswith("?"):
        return Session(token=token, query=_query(login.carrier, token), login=login)
    name, _, value = filled.partition(":")
    if name.lower() == "cookie":
        return Session(token=token, cookies=cookie.parsed(value), login=login)
    return Session(token=token, headers={name: value.strip()}, login=login)


def csrf_header(login: Login, csrf: str) -> dict[str, str]:
    """The header that carries the CSRF token, where there is one."""
    if not login.csrf_send or not csrf:
        return {}
    name, _, value = login.csrf_send.partition(":")
    return {name: fill(value.strip(), {"csrf": csrf})}


def _bare(carrier: str, token: str) -> str:
    """The token without the scheme that some APIs hand out with it, and that the carrier writes as well."""
    scheme = carrier.partition("{token}")[0].partition(":")[2].strip()
    if scheme and token[: len(scheme) + 1].lower() == f"{scheme} ".lower():
        return token[len(scheme) + 1 :].strip()
    return token


def _query(carrier: str, token: str) -> str:
    return str(fill(carrier.removeprefix("?"), {"token": quote(token, safe="")}))
