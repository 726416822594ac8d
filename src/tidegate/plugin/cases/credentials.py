"""Credentials that an API must not accept, made from those that it does."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from tidegate.session.login import Session


def carried(session: Session, *, spoilt: bool) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The headers and the query with which a request shows this session, or one like it that nobody has."""
    headers = dict(session.unsafe)
    if spoilt:
        headers = {name: _spoilt(name, text) for name, text in headers.items()}
    name, _, value = session.query.partition("=")
    return headers, [(unquote(name), tampered(unquote(value)) if spoilt else unquote(value))] if name else []


def tampered(token: str) -> str:
    """The token with one character changed, in the middle of its last part, since ends may mean nothing."""
    at = (token.rfind(".") + 1 + len(token)) // 2
    return f"{token[:at]}{'A' if token[at : at + 1] != 'A' else 'B'}{token[at + 1 :]}"


def _spoilt(name: str, text: str) -> str:
    if name.lower() == "cookie":
        pairs = (pair.partition("=") for pair in text.split("; "))
        return "; ".join(f"{key}={tampered(value)}" for key, _, value in pairs)
    scheme, space, token = text.rpartition(" ")
    # Another name, since a wrong password may lock the account.
    return f"{scheme} {_nobody(token)}" if scheme.lower() == "basic" else f"{scheme}{space}{tampered(token)}"


def _nobody(token: str) -> str:
    try:
        account = base64.b64decode(token)
    except binascii.Error:
        return tampered(token)
    return base64.b64encode(b"no-such-" + account).decode()
