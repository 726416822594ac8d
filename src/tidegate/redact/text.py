"""Text without secrets: whatever is known to be one, and whatever looks like one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

MASK = "***"

# "password": "…", 'access_token': '…' and the like, whatever the value is, also as JSON inside a JSON text
_KEYED = re.compile(
    r"""(["'](?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization|cookie)[\w-]*)\\?["']\s*:\s*)"""
    r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\"(?:(?!\\").)*\\"|[\[{][^\]}]*[\]}]?|[^\s,}\]"'\\]+)""",
    re.IGNORECASE,
)
# The same as a pair, as HTTP libraries hold and log headers: (b'Set-Cookie', b'…')
_PAIRED = re.compile(
    r"""(\(b?["'][\w-]*(?:password|secret|token|api[_-]?key|authorization|cookie)[\w-]*["'],\s*)"""
    r"""b?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""",
    re.IGNORECASE,
)
# A JSON Web Token of which pytest shows both ends
_CUT_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+)*\.\.\.[A-Za-z0-9_.-]*")
# A JSON Web Token: RFC 7519 in the compact form of RFC 7515, three base64url parts
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
# A credential after its scheme (RFC 7235), but not a challenge, nor a sentence about authentication
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+(?!realm=|authenti|authori)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)


_CUT = "..."
_END = 6  # characters at an end of a secret that, next to a cut, are taken for it
_PIECE, _GRAM = 16, 12  # characters of a secret that are taken for it anywhere, and those that find them
# Such a secret is nothing but itself; an URL or a path shares pieces with much that may be shown.
_OPAQUE = re.compile(r"[\w.~+=-][\w.~+/=-]{22,}[\w.~+/=-]", re.ASCII)


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the given secrets in any usual encoding, nor pieces of them, nor what looks like one."""
    known = frozenset(filter(None, secrets))
    for spelling in (spellings := _all_spellings(known)):
        text = text.replace(spelling, MASK)
    if _CUT in text:
        text = _without_ends(text, spellings)
    text = _without_pieces(text, _grams(known))
    text = _PAIRED.sub(rf'\1"{MASK}"', _KEYED.sub(rf'\1"{MASK}"', text))
    return _SCHEME.sub(rf"\1 {MASK}", _JWT.sub(MASK, _CUT_JWT.sub(MASK, text)))


@lru_cache(maxsize=4)  # a live log asks for each line
def _all_spellings(secrets: frozenset[str]) -> tuple[str, ...]:
    ordered = sorted(secrets, key=len, reverse=True)
    return tuple(spelling for secret in ordered for spelling in _spellings(secret))


@lru_cache(maxsize=1024)
def _spellings(secret: str) -> tuple[str, ...]:
    raw = secret.encode(errors="surrogatepass")
    found = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    found |= {text.replace("/", r"\/") for text in found}
    urls = {quote(raw, safe=""), quote_plus(raw), quote(raw)}
    found |= urls | {re.sub("%..", lambda byte: byte.group().lower(), url) for url in urls}
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        found |= {encoded, encoded.rstrip("=")}
    return tuple(sorted(found, key=len, reverse=True))


def _without_ends(text: str, spellings: Iterable[str]) -> str:
    """Masks the two ends that pytest leaves of a long value: `'k7Qz2mWv9Xc4...b6Yd3Hs5Jf0Ga'`."""
    parts = text.split(_CUT)
    long = [spelling for spelling in spellings if len(spelling) > _END]
    for at, part in enumerate(parts):
        last, first = at == len(parts) - 1, at == 0
        head = 0 if last else max((_overlap(part, spelling) for spelling in long), default=0)
        shown = part[: len(part) - head] + (MASK if head else "")
        tail = 0 if first else max((_overlap(spelling, shown) for spelling in long), default=0)
        parts[at] = (MASK if tail else "") + shown[tail:]
    return _CUT.join(parts)


def _overlap(left: str, right: str) -> int:
    """How many characters at the end of `left` are the start of `right`; 0 when they are fewer than count."""
    start, at = right[:_END], max(len(left) - len(right), 0)
    while len(start) == _END and (at := left.find(start, at)) >= 0:
        if right.startswith(left[at:]):
            return len(left) - at
        at += 1
    return 0


@lru_cache(maxsize=4)
def _grams(secrets: frozenset[str]) -> frozenset[str]:
    opaque = [secret for secret in secrets if _OPAQUE.fullmatch(secret)]
    return frozenset(secret[at : at + _GRAM] for secret in opaque for at in range(len(secret) - _GRAM + 1))


def _without_pieces(text: str, grams: frozenset[str]) -> str:
    """Masks long pieces of a secret, such as what is left when pytest leaves out what two values share."""
    shown, done = "", 0
    for start, end in _pieces(text, grams) if grams else ():
        shown, done = f"{shown}{text[done:start]}{MASK}", end
    return shown + text[done:]


def _pieces(text: str, grams: frozenset[str]) -> Iterator[tuple[int, int]]:
    at = done = 0
    while at <= len(text) - _GRAM:
        start = at
        if text[at : at + _GRAM] in grams:
            while start > done and text[start - 1 : start - 1 + _GRAM] in grams:
                start -= 1
            while text[at + 1 : at + 1 + _GRAM] in grams and at + 1 + _GRAM <= len(text):
                at += 1
            if at + _GRAM - start >= _PIECE:
                yield start, (done := at + _GRAM)
                at = done - 1
            at += 1
        else:
            at += _PIECE - _GRAM + 1  # every piece that is long enough still holds one of these
