"""Access tokens of the stub API: HS256 or opaque, by the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of base64url text without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signature(signed: str, secret: str) -> str:
    """The third part of an HS256 token."""
    return encoded(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


class Tokens:
    """Issues tokens and says whose they are."""

    def __init__(self, secret: str, *, jwt: bool) -> None:
        self._secret = secret
        self._jwt = jwt
        self._opaque: dict[str, Any] = {}

    def issue(self, user_id: int | str) -> str:
        """A new token for that user."""
        if self._jwt:
            head = encoded(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
            claims = encoded(json.dumps({"sub": str(user_id), "id": user_id, "exp": int(time.time()) + 900}).encode())
            return f"{head}.{claims}.{signature(f'{head}.{claims}', self._secret)}"
        token = f"opaque.local.{secrets.token_hex(20)}"  # as many parts as a JWT, and none
        self._opaque[token] = user_id
        return token

    def owner(self, token: str) -> Any:
        """The id of the user that a valid token belongs to, else None."""
        if not self._jwt:
            return self._opaque.get(token)
        signed, _, given = token.rpartition(".")
        if not signed.isascii() or not hmac.compare_digest(signature(signed, self._secret).encode(), given.encode()):
            return None
        claims = json.loads(decoded(signed.partition(".")[2]))
        return claims["id"] if claims["exp"] > time.time() else None
