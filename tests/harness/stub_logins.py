"""A server with every kind of login that the settings can say, for tidegate's own tests."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

EMAIL, PASSWORD = "admin@example.com", "tide-and-gate-2026"
FIXED = "a-fixed-key-0123456789"


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came along."""
        pairs = (pair.partition("=") for pair in self.headers.get("cookie", "").split("; "))
        return {name: value for name, _, value in pairs if name}

    @property
    def form(self) -> dict[str, Any]:
        """The body of a form, or of JSON."""
        if self.headers.get("content-type") == "application/x-www-form-urlencoded":
            return dict(parse_qsl(self.raw.decode()))
        return dict(json.loads(self.raw or b"{}"))


@dataclass
class Said:
    """One answer; a body that is a text is HTML."""

    status: int = 200
    body: Any = None
    headers: list[tuple[str, str]] = field(default_factory=list)


class StubLogins:
    """The server, listening on loopback while its `with` block lasts.

    /json /form /oauth /header /authorization /plain /cookie log in, each in its way; so do /django, /sanctum, /rails
    and /drupal, which keep cookie sessions with CSRF. /me says who asks, /things wants a CSRF token of such sessions;
    after /expire every session is over.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.users = {EMAIL: PASSWORD, "viewer@example.com": "viewer-password"}
        self.tokens: dict[str, str] = {}
        self.csrf: dict[str, str] = {}
        self.logins = 0
        self.refuses_with = 401
        self.rolling = False
        self.says: Said | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.stub = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def expire(self) -> None:
        """Every session is over."""
        self.tokens.clear()

    def lines(self) -> list[str]:
        """Method and path of every request so far."""
        return [f"{asked.method} {asked.path}" for asked in self.asked]

    def answer(self, asked: Asked) -> Said:
        """What is said to a request."""
        self.asked.append(asked)
        if self.says:
            return self.says
        _, first, *rest = asked.path.split("/")
        known = getattr(self, f"_{first}", None)
        return known(asked, "/".join(rest)) if known else Said(404, {"detail": "no such path"})

    def _me(self, asked: Asked, _rest: str) -> Said:
        owner = self._owner(asked)
        rolled = [("Set-Cookie", f"XSRF-TOKEN={self._new_csrf('app')}")] if owner and self.rolling else []
        return Said(200, {"email": owner}, rolled) if owner else self._nobody(asked)

    def _things(self, asked: Asked, _rest: str) -> Said:
        cookies, headers = asked.cookies, asked.headers
        if not self._owner(asked):
            return self._nobody(asked)
        if "sessionid" in cookies and headers.get("x-csrftoken") != cookies.get("csrftoken"):
            return Said(403, {"detail": "CSRF Failed"})
        if "app" in cookies and headers.get("x-xsrf-token") != self.csrf["app"]:
            return Said(419, {"message": "CSRF token mismatch."})
        if {"rails", "drupal"} & cookies.keys() and headers.get("x-csrf-token") != self.csrf.get("page"):
            return Said(422, {"error": "Invalid authenticity token"})
        return Said(201, {"got": asked.raw.decode()})

    def _nobody(self, asked: Asked) -> Said:
        """A refusal that takes the cookies of a session away, as some servers do."""
        gone = [("Set-Cookie", f"{name}=; Max-Age=0") for name in asked.cookies]
        return Said(self.refuses_with, {"detail": "who are you?"}, gone)

    def _expire(self, _asked: Asked, _rest: str) -> Said:
        self.expire()
        return Said(200, {})

    def _away(self, asked: Asked, _rest: str) -> Said:
        return Said(302, None, [("Location", asked.query["to"])])

    def _json(self, asked: Asked, _rest: str) -> Said:
        if asked.headers.get("content-type") != "application/json":
            return Said(415, {"detail": "JSON, please"})
        token = self._token(asked.form)
        found = {"data": {"token": token, "expires_in": 900, "refresh_token": "refresh-" + "x" * 20}}
        return Said(200, found) if token else Said(401, {"detail": "wrong credentials"})

    def _form(self, asked: Asked, _rest: str) -> Said:
        token = self._token(asked.form, user="user", password="pass")
        return Said(200, {"jwt": token}) if token else Said(422, {"errors": ["wrong"]})

    def _oauth(self, asked: Asked, _rest: str) -> Said:
        sent = asked.form
        if sent.get("grant_type") != "password":
            return Said(400, {"error": "unsupported_grant_type"})
        if sent.get("client_secret", "client-secret-1") != "client-secret-1":
            return Said(401, {"error": "invalid_client"})
        token = self._token(sent, user="username")
        found = {"access_token": token, "token_type": "Bearer", "scope": sent.get("scope")}
        return Said(200, found) if token else Said(400, {"error": "invalid_grant"})

    def _header(self, asked: Asked, _rest: str) -> Said:
        token = self._token(asked.form)
        return Said(204, None, [("X-Auth-Token", token)]) if token else Said(401)

    def _authorization(self, asked: Asked, _rest: str) -> Said:
        token = self._token(asked.form)
        return Said(200, {}, [("Authorization", f"Bearer {token}")]) if token else Said(401)

    def _plain(self, asked: Asked, _rest: str) -> Said:
        token = self._token(asked.form)
        return Said(200, token) if token else Said(401)

    def _cookie(self, asked: Asked, _rest: str) -> Said:
        token = self._token(asked.form)
        set_now = [("Set-Cookie", f"sid={token}; Path=/; HttpOnly"), ("Set-Cookie", "lang=en")]
        return Said(200, {"ok": True}, set_now) if token else Said(401)

    def _logout(self, asked: Asked, _rest: str) -> Said:
        for value in asked.cookies.values():
            self.tokens.pop(value, None)
        return Said(200, {}, [("Set-Cookie", "sid=; Max-Age=0"), ("Set-Cookie", "sessionid=x; Max-Age=0")])

    def _django(self, asked: Asked, _rest: str) -> Said:
        """As Django does: double submit, the form again for wrong credentials, a new CSRF token after a login."""
        if asked.method == "POST":
            given = asked.cookies.get("csrftoken")
            if not given or asked.form.get("csrfmiddlewaretoken") != given:
                return Said(403, "<h1>Forbidden</h1><p>CSRF verification failed. Request aborted.</p>")
            if token := self._token(asked.form, user="username"):
                made = [("Set-Cookie", f"csrftoken={self._new_csrf('d')}"), ("Set-Cookie", f"sessionid={token}")]
                return Said(302, None, [("Location", "/accounts/profile/"), *made])
        csrf = self._new_csrf("d")
        page = (
            f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{csrf}"><input name="username">'
            '<input type="password" name="password"></form>'
        )
        return Said(200, page, [("Set-Cookie", f"csrftoken={csrf}; expires=Fri, 01 Jan 2100 00:00:00 GMT")])

    def _sanctum(self, asked: Asked, rest: str) -> Said:
        """As Laravel does: the CSRF token in a cookie, spelled as in a URL, and a session that is there before."""
        if rest == "csrf-cookie":
            return Said(204, None, [("Set-Cookie", "app=before"), self._xsrf()])
        if (
            unquote(asked.cookies.get("XSRF-TOKEN", "")) != asked.headers.get("x-xsrf-token")
            or "app" not in asked.cookies
        ):
            return Said(419, {"message": "CSRF token mismatch."})
        token = self._token(asked.form)
        answer = [("Set-Cookie", f"app={token}"), self._xsrf()]
        return Said(200, {"two_factor": False}, answer) if token else Said(422, {"message": "wrong credentials"})

    def _xsrf(self) -> tuple[str, str]:
        return "Set-Cookie", f"XSRF-TOKEN={quote(self._new_csrf('app'), safe='')}; Path=/"

    def _rails(self, asked: Asked, _rest: str) -> Said:
        """As Rails does: the CSRF token in a meta element, another one after the login."""
        if asked.method == "GET":
            return Said(200, f'<head><meta name="csrf-token" content="{self._new_csrf("page")}" /></head>')
        if asked.form.get("authenticity_token") != self.csrf.get("page"):
            return Said(422, "<h1>The change you wanted was rejected: InvalidAuthenticityToken</h1>")
        token = self._token(asked.form, user="user[email]", password="user[password]")
        self._new_csrf("page")
        return Said(303, None, [("Location", "/"), ("Set-Cookie", f"rails={token}")]) if token else Said(401)

    def _drupal(self, asked: Asked, _rest: str) -> Said:
        """As Drupal does: the login's own answer brings the CSRF token."""
        token = self._token(asked.form, user="name", password="pass")
        answer = {"current_user": {"uid": 1}, "csrf_token": self._new_csrf("page")}
        return Said(200, answer, [("Set-Cookie", f"drupal={token}")]) if token else Said(400, {"message": "wrong"})

    def _token(self, sent: dict[str, Any], user: str = "email", password: str = "password") -> str:
        """A new token, or nothing for wrong credentials."""
        self.logins += 1
        if sent.get(user) is None or self.users.get(sent[user]) != sent.get(password):
            return ""
        token = f"token-{secrets.token_hex(8)}"
        self.tokens[token] = sent[user]
        return token

    def _new_csrf(self, of: str) -> str:
        self.csrf[of] = f"csrf+/={secrets.token_hex(8)}" if of == "app" else f"csrf{secrets.token_hex(8)}"
        return self.csrf[of]

    def _owner(self, asked: Asked) -> str | None:
        scheme, _, given = asked.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            user, _, password = base64.b64decode(given).decode().partition(":")
            return user if self.users.get(user, PASSWORD) == password else None
        given = given or asked.headers.get("x-api-key") or asked.query.get("api_key") or ""
        if given == FIXED:
            return "fixed"
        return next((self.tokens[v] for v in (given, *asked.cookies.values()) if v in self.tokens), None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            raw = self._chunks()
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, raw)
        said = self.server.stub.answer(asked)  # type: ignore[attr-defined]
        html = isinstance(said.body, str)
        body = b"" if said.body is None else said.body.encode() if html else json.dumps(said.body).encode()
        self.send_response(said.status)
        for name, value in said.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html" if html else "application/json")
        if said.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _chunks(self) -> bytes:
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    do_GET = do_POST = do_PUT = _answer  # noqa: N815  named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by http.server
        """Nothing: a test's output is its own."""
