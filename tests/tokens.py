"""Tokens that an API must not accept, made from one that it does."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest


def bearer(token: str) -> dict[str, str]:
    """The header that sends a token."""
    return {"Authorization": f"Bearer {token}"}


def is_jwt(token: str) -> bool:
    """Whether a token is a JWT: three parts, of which the first two are JSON objects."""
    parts = token.split(".")
    try:
        return len(parts) == 3 and all(isinstance(_value(part), dict) for part in parts[:2])
    except ValueError:
        return False


def claims(token: str) -> dict[str, Any]:
    """What a JWT says."""
    if not is_jwt(token):
        # Without the traceback, which would show the token.
        pytest.fail("the API is held to jwt, but its token is no JWT; next: say in API_PROMISES what holds", False)
    found: dict[str, Any] = _value(token.split(".")[1])
    return found


def with_claims(token: str, **changed: Any) -> str:
    """The token with some claims changed and its old signature."""
    said = claims(token)
    head, _, signature = token.split(".")
    return f"{head}.{_part(said | changed)}.{signature}"


def signed(token: str, secret: str, **changed: Any) -> str:
    """The token with some claims changed, signed anew with `secret` (HS256)."""
    text = with_claims(token, **changed).rpartition(".")[0]
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def unsigned(token: str) -> str:
    """The token's claims under `alg: none`."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims(token))}."


def tampered(token: str) -> str:
    """The token with one character changed, in the middle of its last part."""
    # Not the last character: some of its bits mean nothing in base64url.
    at = (token.rfind(".") + 1 + len(token)) // 2
    return f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"


def _value(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
