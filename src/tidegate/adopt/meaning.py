"""What operations mean: which one says that the API is well, and which one takes a login."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.adopt.operations import Offer, Operation, Schema
from tidegate.adopt.values import PLAIN

HEALTH = re.compile(r"/(health|healthz|health[-_]?check|up|ready|readyz|live|livez|ping|status|heartbeat)/?$", re.I)
LOGIN = ("login", "log-in", "log_in", "signin", "sign-in", "sign_in", "authenticate", "token", "tokens", "session",
         "sessions", "auth", "jwt")  # fmt: skip
TOKENS = ("access_token", "accessToken", "token", "access", "id_token", "idToken", "jwt", "auth_token", "authToken",
          "api_token", "plainTextToken", "key", "session_token")  # fmt: skip
NAMES = ("email", "e_mail", "username", "userName", "login", "identifier", "user", "name")
Table = dict[str, Any]


def health_path(offer: Offer) -> str | None:
    """The path that says whether the API is well; below the base path."""
    paths = [op.path for op in offer.operations if op.method == "GET" and "{" not in op.path]
    found = [path for path in paths if HEALTH.search(path) or path.endswith("/actuator/health")]
    return min(found, key=lambda path: ("health" not in path.lower(), len(path)), default=None)


def login_table(offer: Offer) -> Table | None:
    """[tool.tidegate.login] as the operations and schemes have it; None when nothing is known."""
    operation = login_operation(offer)
    if operation:
        return _of_operation(operation, offer)
    for scheme in offer.schemes:
        if table := _of_scheme(scheme):
            return table
    return {"kind": "none"} if offer.complete and offer.operations else None


def login_operation(offer: Offer) -> Operation | None:
    """The operation that takes credentials."""
    ranked = sorted(
        (LOGIN.index(last), len(op.path), op.path)
        for op in offer.operations
        if op.method == "POST" and (last := _last(op.path)) in LOGIN and _takes_password(op)
    )
    return offer.find("POST", ranked[0][2]) if ranked else None


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].lower()


def _takes_password(operation: Operation) -> bool:
    return not operation.fields or any("pass" in name.lower() for name in operation.unwrapped().fields)


def _of_operation(operation: Operation, offer: Offer) -> Table:
    table: Table = {"path": operation.path}
    if "grant_type" in operation.fields or (operation.form and {"username", "scope"} <= operation.fields.keys()):
        table = {"kind": "oauth2", **table}
    else:
        if operation.form:
            table = {"kind": "form", **table}
        if operation.fields and (body := operation.wrapped(_credentials(operation.unwrapped()))) != {
            "email": "{email}",
            "password": "{password}",
        }:
            table["body"] = body
    token = next(_token(operation.answer), None)
    if token not in (None, "access_token"):
        table["token"] = token
    if (send := _send(offer)) and send != "Authorization: Bearer {token}":
        table["send"] = send
    return table


def _credentials(operation: Operation) -> Table:
    fields = operation.fields
    user = next((name for name in NAMES if name in fields), None)
    body = {user: "{email}"} if user else {}
    for name, schema in fields.items():
        if "pass" in name.lower():
            body[name] = "{password}"
        elif name in operation.required and name != user:
            body[name] = (schema.get("enum") or [schema.get("default", "")])[0]
    return body


def _token(answer: Schema, at: str = "") -> Iterator[str]:
    """Where the answer holds a token: the likeliest name of this level, then those of the levels below."""
    properties: Mapping[str, Any] = answer.get("properties") or {}
    yield from (f"{at}{name}" for name in TOKENS if name in properties and not properties[name].get("properties"))
    for name, inner in properties.items():
        if isinstance(inner, dict) and PLAIN.fullmatch(name):
            yield from _token(inner, f"{at}{name}.")


def _send(offer: Offer) -> str | None:
    if any(scheme.get("type") != "apiKey" for scheme in offer.schemes):
        return None  # a bearer token, most likely
    others = [s for s in offer.schemes if str(s.get("name")).lower() != "authorization"]
    # In a header rather than in the query, which ends up in logs.
    best = min(
        others, key=lambda scheme: ("header", "cookie", "query").index(str(scheme.get("in", "query"))), default=None
    )
    return _carrier(best) if best and len(others) == len(offer.schemes) else None


def _carrier(scheme: Mapping[str, Any]) -> str:
    name = scheme.get("name", "X-Api-Key")
    return {"query": f"?{name}={{token}}", "cookie": f"Cookie: {name}={{token}}"}.get(
        str(scheme.get("in")), f"{name}: {{token}}"
    )


def _of_scheme(scheme: Mapping[str, Any]) -> Table | None:
    """The login of an API that has none, but a scheme that requests follow."""
    kind, named = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "basic" or (kind, named) == ("http", "basic"):
        return {"kind": "basic"}
    if kind == "apiKey":
        return {"kind": "token", "send": _carrier(scheme)}
    return {"kind": "token"} if (kind, named) == ("http", "bearer") else None
