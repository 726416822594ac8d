"""Credentials to a session: the CSRF token where one is needed, then the login, then what its answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.advice import is_login_again
from tidegate.session.login.claim import CLAIMED
from tidegate.session.login.places import csrf_in, token_in
from tidegate.session.login.refusal import Refusal
from tidegate.session.login.session import Session, carried, csrf_header
from tidegate.settings import Login
from tidegate.settings.login import COOKIES
from tidegate.settings.template import fill, placeholders


@dataclass(slots=True)
class Obtaining:
    """One login, from what is known of somebody (`values` for the templates) to a session."""

    client: httpx.Client
    login: Login
    values: Mapping[str, str] = field(repr=False)
    who: str
    variables: tuple[str, ...] = ()
    identity: str = ""
    cookies: dict[str, str] = field(default_factory=dict, repr=False)
    csrf: str = field(default="", repr=False)

    def session(self) -> Session:
        """The session; raises LoginRefused with what was asked and answered, ApiNotHealthy without an answer."""
        __tracebackhide__ = True  # pytest shows a frame's values, and some are secret
        if self.login.csrf_path:
            self._ask_csrf()
        answer = self._log_in()
        token = self._token(answer)
        if token is None or is_login_again(answer, self.login):
            raise self._refusal().refused(self._url(self.login.method, self.login.path), answer)
        session = carried(self.login, token)
        if self.login.csrf_from:
            self._renew_csrf(answer, session)
        return self._with_cookies(session)

    def _ask_csrf(self) -> None:
        answer = self._send("GET", self.login.csrf_path, self._headers())
        found = csrf_in(answer, self.login.csrf_from) if answer.status_code < 400 else None
        if found is None:
            raise self._refusal().without_csrf(self._url("GET", self.login.csrf_path), answer)
        self.csrf = found

    def _headers(self) -> dict[str, str]:
        values = {**self.values, "csrf": self.csrf}
        known = {k: text for k, text in self.login.headers.items() if self.csrf or "csrf" not in placeholders(text)}
        return {name: str(fill(text, values)) for name, text in known.items()} | csrf_header(self.login, self.csrf)

    def _log_in(self) -> httpx.Response:
        way = "params" if self.login.method == "GET" else "json" if self.login.kind == "json" else "data"
        body = fill(self.login.fields, {**self.values, "csrf": self.csrf})
        return self._send(self.login.method, self.login.path, self._headers(), **{way: body})

    def _send(self, method: str, path: str, headers: Mapping[str, str], **body: Any) -> httpx.Response:
        __tracebackhide__ = True
        jar = {"Cookie": cookie.line(self.cookies)} if self.cookies else {}
        # As bytes: the library takes texts only in ASCII here, but a name or a password need not be.
        encoded = {name.encode(): text.encode() for name, text in {**headers, **jar}.items()}
        try:
            answer = self.client.request(method, path, headers=encoded, extensions={CLAIMED: self.identity}, **body)
        except httpx.HTTPError as error:
            raise self._refusal().unanswered(self._url(method, path), error) from None
        self.cookies = cookie.updated(self.cookies, cookie.set_by(answer))
        return answer

    def _token(self, answer: httpx.Response) -> str | None:
        if answer.status_code >= 400:
            return None
        csrf = self.login.csrf_from.removeprefix("cookie:")
        others = {name: value for name, value in self.cookies.items() if name != csrf}
        return token_in(answer, self.login.token, others)

    def _renew_csrf(self, answer: httpx.Response, session: Session) -> None:
        """Takes over the CSRF token of the login's answer, else asks again: many servers change it with the login."""
        anew = csrf_in(answer, self.login.csrf_from)
        if anew is None and self.login.csrf_path and self.login.csrf_send:
            self.cookies |= session.cookies
            asked = self._send("GET", self.login.csrf_path, {**self._headers(), **session.headers})
            anew = csrf_in(asked, self.login.csrf_from) if asked.status_code < 400 else None
        self.csrf = anew or self.csrf

    def _with_cookies(self, session: Session) -> Session:
        if not self.login.keeps_cookies:
            return replace(session, csrf=self.csrf)
        token = cookie.line(self.cookies) if self.login.token == COOKIES else session.token
        return replace(session, token=token, cookies=self.cookies, csrf=self.csrf)

    def _url(self, method: str, path: str) -> str:
        return f"{method} {path if '://' in path else str(self.client.base_url).rstrip('/') + path}"

    def _refusal(self) -> Refusal:
        hide = (*self.values.values(), *self.cookies.values(), self.csrf)
        email = self.values.get("email", "")
        return Refusal(self.login, self.who, self.variables, tuple(text for text in hide if text != email))
