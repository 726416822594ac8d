"""[tool.tidegate.login]: how credentials become a session, and how requests carry it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting
from tidegate.settings.template import fill, placeholders, templated

KINDS = ("json", "form", "oauth2", "basic", "token", "none")
COOKIES = "cookies"  # as the place of the token: the session is every cookie
FILLED = ("email", "password", "csrf", "client_secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How credentials become a session, and how requests carry it."""

    kind: str = setting(
        "json",
        forms.one_of(*KINDS),
        "`json` or `form` body, `oauth2` password grant (RFC 6749, 4.3), `basic` (RFC 7617), `token`: a fixed one,"
        " `none`",
        env="API_LOGIN_KIND",
        example='"form"',
    )
    method: str = setting("POST", http_forms.method, "Method of the login", example='"PUT"')
    path: str = setting(
        "/auth/login",
        http_forms.path_or_url,
        "Path of the login below the base URL, or a whole URL",
        env="API_LOGIN_PATH",
        example='"/session"',
    )
    body: Mapping[str, Any] = setting(
        MappingProxyType({"email": "{email}", "password": "{password}"}),
        templated(forms.table, *FILLED),
        "What is sent: `{email}`, `{password}`, `{csrf}` and `{client_secret}` are filled in; `oauth2` has its three"
        " fields of its own, and those that are set here",
        example='{ username = "{email}", password = "{password}", tenant = "acme" }',
    )
    headers: Mapping[str, str] = setting(
        MappingProxyType({}),
        templated(http_forms.headers, *FILLED),
        "Headers of the login alone; filled in like `body`",
        example='{ X-Client = "tests" }',
    )
    client_secret: str | None = setting(
        None, forms.text, "Secret of the client, for `{client_secret}`", env="API_CLIENT_SECRET", secret=True
    )
    token: str = setting(
        "access_token",
        http_forms.token_place,
        "Where the answer holds the token: a path into the body (`.` is all of it), `header:Name`, `cookie:name`,"
        " or `cookies` when the session is what the login sets",
        example='"data.token"',
    )
    send: str = setting(
        "",
        forms.optional(templated(http_forms.carrier, "token")),
        "How requests carry the token: a header line, or `?name={token}` for the query; else"
        " `Authorization: Bearer {token}`, or the cookie that it came in",
        example='"X-Api-Key: {token}"',
    )
    user: str = setting("{email}", templated(forms.text, "email"), "User name of HTTP Basic", example='"admin"')
    expired: tuple[str, ...] = setting(
        ("401",),
        http_forms.statuses,
        "Statuses that say that a session is over: then a new login, once a request",
        example='["401", "419"]',
    )
    csrf_path: str = setting(
        "",
        forms.optional(http_forms.url_path),
        "Path that is asked for the CSRF token before the login",
        example='"/login"',
    )
    csrf_from: str = setting(
        "",
        forms.optional(http_forms.csrf_place),
        "Where the CSRF token is: `cookie:name`, `header:Name`, `field:name` of a hidden form field or meta element,"
        " or a path into JSON (`.` is the whole body)",
        example='"cookie:csrftoken"',
    )
    csrf_send: str = setting(
        "",
        forms.optional(templated(http_forms.csrf_carrier, "csrf")),
        "The header that carries the CSRF token of requests that change something, the login too",
        example='"X-CSRFToken: {csrf}"',
    )

    def url(self, base_url: str) -> str:
        """Where the login is when the API is at `base_url`."""
        return self.path if "://" in self.path else base_url.rstrip("/") + self.path

    def is_over(self, status: int) -> bool:
        """Whether an answer of this status says that a session is over."""
        return str(status) in self.expired or f"{status // 100}xx" in self.expired

    @property
    def asks(self) -> bool:
        """Whether somebody logs in by a request."""
        return self.kind in ("json", "form", "oauth2")

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the login sends, as a template."""
        if self.kind != "oauth2":
            return self.body
        grant = {"grant_type": "password", "username": "{email}", "password": "{password}"}
        own = Login.__dataclass_fields__["body"].metadata["default"]
        return grant if self.body == own else {**grant, **self.body}

    @property
    def carrier(self) -> str:
        """How requests carry the token, also where no setting says so."""
        if self.send:
            return self.send
        if self.kind == "basic":
            return "Authorization: Basic {token}"
        place, _, name = self.token.partition(":")
        if self.kind == "token" or place not in ("cookie", COOKIES):
            return "Authorization: Bearer {token}"
        return f"Cookie: {name}={{token}}" if name else "Cookie: {token}"

    @property
    def keeps_cookies(self) -> bool:
        """Whether a session is every cookie that the login sets, not only the one that is the token."""
        return self.token == COOKIES or bool(self.csrf_send)

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be known of somebody who logs in: `email`, `password`, `client_secret`, `token`."""
        if self.kind == "basic":
            return (*placeholders(self.user), "password")
        if self.kind == "token":
            return ("token",)
        return tuple(name for name in self._filled() if name != "csrf")

    def basic(self, email: str | None, password: str) -> str:
        """What stands after `Basic ` in the header (RFC 7617)."""
        user = fill(self.user, {"email": email or ""})
        return base64.b64encode(f"{user}:{password}".encode()).decode()

    def contradictions(self) -> Iterator[str]:
        """What the settings say against each other, a line each."""
        sends = "csrf" in self._filled()
        if (sends or self.csrf_send or self.csrf_path) and not self.csrf_from:
            yield "login.csrf_from is not set, which says where the CSRF token is that login.csrf_path asks for"
        if sends and not self.csrf_path:
            yield "login.csrf_path is not set, which says where to ask for the {csrf} that the login sends"
        if self.kind in ("form", "oauth2") and any(isinstance(value, Mapping) for value in self.fields.values()):
            yield f"login.body holds a table, which a body of login.kind {self.kind} cannot say: use json"

    def _filled(self) -> tuple[str, ...]:
        return placeholders([self.fields, self.headers]) if self.asks else ()
