"""[tool.tidegate.login]: how credentials become a session, and how requests carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms, http_forms
from tidegate.settings.fields import setting

KINDS = ("json", "form", "oauth2", "basic", "token", "none")


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
        "/auth/login", http_forms.path_or_url, "Path of the login", env="API_LOGIN_PATH", example='"/session"'
    )
    body: Mapping[str, Any] = setting(
        MappingProxyType({"email": "{email}", "password": "{password}"}),
        forms.table,
        "What is sent: `{email}`, `{password}` and `{csrf}` are filled in",
        example='{ username = "{email}", password = "{password}", tenant = "acme" }',
    )
    headers: Mapping[str, str] = setting(
        MappingProxyType({}), http_forms.headers, "Headers of the login alone", example='{ X-Client = "tests" }'
    )
    token: str = setting(
        "access_token",
        http_forms.token_place,
        "Where the answer holds the token: a path into the body, `header:Name`, `cookie:name`,"
        " or `cookies` when the session is what the login sets",
        example='"data.token"',
    )
    send: str = setting(
        "Authorization: Bearer {token}",
        http_forms.carrier,
        "How requests carry the token: a header line, or `?name={token}` for the query",
        example='"X-Api-Key: {token}"',
    )
    user: str = setting("{email}", forms.text, "User name of HTTP Basic", example='"admin"')
    csrf_path: str = setting(
        "", forms.optional(http_forms.url_path), "Path that is asked for the CSRF token before the login"
    )
    csrf_from: str = setting(
        "",
        forms.optional(http_forms.csrf_place),
        "Where the CSRF token is: `cookie:name`, `header:Name`, `field:name` of a hidden form field,"
        " or a path into JSON",
        example='"cookie:csrftoken"',
    )
    csrf_send: str = setting(
        "",
        forms.optional(http_forms.csrf_carrier),
        "The header that carries the CSRF token of requests that change something",
        example='"X-CSRFToken: {csrf}"',
    )
