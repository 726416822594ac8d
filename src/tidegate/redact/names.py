"""Which names belong to secrets, and which headers may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

MASK = "***"

# What such a name contains, in small letters, by a part that few texts have, which is looked for first
_WORDS = {
    "ss": ("passw", "passphrase", "passcode", "session", "assertion"),
    "key": tuple(
        f"{kind}{dash}key" for kind in ("api", "access", "private", "auth", "session") for dash in ("_", "-", "")
    ),
    "ok": ("token", "cookie"),
    "cre": ("secret", "credential"),
    "auth": ("authorization",),
    "_code": ("recovery_code", "backup_code"),
    "cv": ("cvv", "cvc"),
    "sig": ("signature", 'sig"', "sig="),
    "sid": ('sid"', "sid="),
    "pin": ('pin"', "pin="),
    **{word: (word,) for word in ("pwd", "jwt", "bearer", "srf", "otp", "verifier")},
}
NAMED = (
    r"(?:[\w.-]*(?:passw|pwd|passphrase|passcode|secret|token|jwt|bearer|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|auth[_-]?key|authorization|cookie|credential|csrf|xsrf|signature|assertion|verifier|(?:recovery|backup)_code"
    r"|session[_-]?(?:id|key)\b)[\w.-]*|session|sid|pin|sig|cvv|cvc|otp)"
)
_SECRET = re.compile(NAMED, re.IGNORECASE)
# What is said about a secret and is none
_ABOUT = re.compile(
    r"(?:type|expire[sd]?|expir[ya]\w*|(?:expires?|changed?|updated|created|issued|used)[_-]?(?:in|at|on)|count|ttl"
    r"|lifetime|policy|required|enabled|disabled|valid|name|url|uri|path|endpoint|strength|length|min|max|scheme"
    r"|algorithm|status|limit|usage|age)s?$",
    re.IGNORECASE,
)
# Headers that describe a message, a connection or a limit (RFC 9110, RFC 9111, RFC 6797, Fetch), and none that is
# anybody's credentials.
SHOWN = frozenset(
    {
        *("accept", "accept-charset", "accept-encoding", "accept-language", "accept-patch", "accept-post"),
        *("accept-ranges", "age", "allow", "alt-svc", "cache-control", "connection", "content-disposition"),
        *("content-encoding", "content-language", "content-length", "content-location", "content-range"),
        *("content-security-policy", "content-type", "date", "deprecation", "etag", "expect", "expires", "host"),
        *("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "keep-alive"),
        *("last-modified", "link", "location", "max-forwards", "origin", "permissions-policy", "pragma", "prefer"),
        *("preference-applied", "proxy-authenticate", "range", "referer", "referrer-policy", "refresh", "retry-after"),
        *("server", "server-timing", "strict-transport-security", "sunset", "te", "traceparent", "trailer"),
        *("transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "vary", "via", "warning"),
        *("www-authenticate", "x-content-type-options", "x-correlation-id", "x-frame-options", "x-powered-by"),
        *("x-request-id", "request-id", "x-total-count", "x-xss-protection", "x-http-method-override"),
    }
)
_SHOWN_STARTS = ("access-control-", "cross-origin-", "ratelimit", "x-ratelimit", "x-rate-limit", "sec-fetch-")


@lru_cache(maxsize=2048)
def is_secret(name: str) -> bool:
    """Whether a field, a parameter or a header of this name holds a secret."""
    return bool(_SECRET.fullmatch(name)) and not is_about(name)


@lru_cache(maxsize=2048)
def is_about(name: str) -> bool:
    """Whether the name is that of a fact about something, such as its type."""
    return bool(_ABOUT.search(name))


@lru_cache(maxsize=512)
def is_shown(header: str) -> bool:
    """Whether everybody may see the value of this header."""
    name = header.lower()
    return name in SHOWN or name.startswith(_SHOWN_STARTS)


@lru_cache(maxsize=2)  # of a body, what is to be learned and what is to be masked
def may_name(text: str) -> bool:
    """Whether a text may hold a secret under its name; fast, and wrong only in saying yes."""
    return holds(text.lower(), _WORDS)


def holds(text: str, words: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether one of many words stands in a text; they are grouped by a part that each of a group has."""
    return any(word in text for part, some in words.items() if part in text for word in some)
