"""Tokens that an API must not accept, made from one that it does."""

import base64
import hashlib
import hmac
import json
from typing import Any


def bearer(token: str) -> dict[str, str]:
    """The header that sends a token."""
    return {"Authorization": f"Bearer {token}"}


def is_jwt(token: str) -> bool:
    """Whether a token has the three parts of a JWT."""
    return token.count(".") == 2


def claims(token: str) -> dict[str, Any]:
    """What a JWT says."""
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def with_claims(token: str, **changed: Any) -> str:
    """The token with some claims changed and its old signature."""
    head, _, signature = token.split(".")
    return f"{head}.{_part(claims(token) | changed)}.{signature}"


def signed(token: str, secret: str, **changed: Any) -> str:
    """The token with some claims changed, signed anew with `secret` (HS256)."""
    text = with_claims(token, **changed).rpartition(".")[0]
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def unsigned(token: str) -> str:
    """The token's claims under `alg: none`."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{token.split('.')[1]}."


def tampered(token: str) -> str:
    """The token with one character changed, in the middle of its last part."""
    # Not the last character: some of its bits mean nothing in base64url.
    at = (token.rfind(".") + 1 + len(token)) // 2
    return f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
