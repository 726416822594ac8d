"""The one place where secrets are taken out of text, before anything shows or stores it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"

# "password": "…", 'access_token': '…' and the like, whatever the value is, also as JSON inside a JSON text
_KEYED = re.compile(
    r"""(["'](?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization|cookie)[\w-]*)\\?["']\s*:\s*)"""
    r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\"(?:(?!\\").)*\\"|[\[{][^\]}]*[\]}]?|[^\s,}\]"'\\]+)""",
    re.IGNORECASE,
)
# A JSON Web Token: RFC 7519 in the compact form of RFC 7515, three base64url parts
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
# A credential after its scheme (RFC 7235), but not a challenge, nor a sentence about authentication
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+(?!realm=|authenti|authori)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets in any usual encoding, and without what looks like one."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for spelling in _spellings(secret):
            text = text.replace(spelling, MASK)
    text = _KEYED.sub(rf'\1"{MASK}"', text)
    return _SCHEME.sub(rf"\1 {MASK}", _JWT.sub(MASK, text))


def _spellings(secret: str) -> Iterable[str]:
    raw = secret.encode(errors="surrogatepass")
    found = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    found |= {text.replace("/", r"\/") for text in found}
    urls = {quote(raw, safe=""), quote_plus(raw), quote(raw)}
    found |= urls | {re.sub("%..", lambda byte: byte.group().lower(), url) for url in urls}
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        found |= {encoded, encoded.rstrip("=")}
    return sorted(found, key=len, reverse=True)
