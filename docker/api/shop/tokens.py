"""Access tokens: signed, with an end."""

from datetime import UTC, datetime, timedelta

import jwt

from shop.fields import parse_id

ALGORITHM = "HS256"


def issue_token(user_id: int, secret: str, seconds: int) -> str:
    """A token that names the user until it expires."""
    now = datetime.now(UTC)
    claims = {"sub": str(user_id), "iat": now, "exp": now + timedelta(seconds=seconds)}
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(token: str, secret: str) -> int | None:
    """The id of the user that the token names; None when it is forged, expired or not a token."""
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], options={"require": ["sub", "iat", "exp"]})
    except (jwt.InvalidTokenError, ValueError, OverflowError):
        return None
    return parse_id(claims["sub"])
