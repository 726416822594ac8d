"""What looks like a secret, whoever knows it: by its form, or by what stands before it."""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.redact.names import MASK, NAMED, holds, is_secret

_VALUE = (
    r"""(?:"(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|\\"(?:(?!\\").)*(?:\\"|\Z)|[\[{][^\]}]*[\]}]?"""
    r"""|[^\s,}\]"'\\]+)"""
)
# "password": "…", 'access_token': '…' and the like, whatever the value is, also as JSON inside a JSON text
_KEYED = re.compile(rf"""(["'](?P<name>{NAMED})\\?["']\s*:\s*){_VALUE}""", re.IGNORECASE | re.DOTALL)
# The same as a pair, as HTTP libraries hold and log headers: (b'Set-Cookie', b'…')
_PAIRED = re.compile(
    rf"""(\(b?["'](?P<name>{NAMED})["'],\s*)b?(?:"(?:[^"\\]|\\.)*(?:"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z))""",
    re.IGNORECASE | re.DOTALL,
)
# A parameter of an URL or of a form: ?api_key=…
_PARAMETER = re.compile(r"(?<![^?&#;\s\"'])([\w.%\[\]-]{2,64})=([^&#;\s\"'<>]+)")
# <input name="csrf_token" value="…">, in any order, and <password>…</password>
_INPUT = re.compile(r"<(?:input|meta)\b[^>]*>", re.IGNORECASE)
_NAMED = re.compile(rf"""name\s*=\s*["']?{NAMED}["'\s>]""", re.IGNORECASE)
_HELD = re.compile(r"""((?:value|content)\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_ELEMENT = re.compile(rf"(<{NAMED}(?:\s[^>]*)?>)([^<]+)(?=<)", re.IGNORECASE)
# A JSON Web Token: RFC 7519 in the compact form of RFC 7515, three base64url parts; and one of which both ends are left
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_CUT_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+)*\.\.\.[A-Za-z0-9_.-]*")
# A credential after its scheme (RFC 7235), but not a challenge, nor a sentence about authentication
_SCHEME = re.compile(r"\b(Bearer|Basic)\s+(?!realm=|authenti|authori)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)
_SCHEMES = {"earer ": ("earer ",), "asic ": ("asic ",), "B": ("BEARER ", "BASIC ")}
_USERINFO = re.compile(r"(?<=://)[^/?#@\s\"'<>]+@")  # RFC 3986, 3.2.1
# Keys of well-known services, by the starts that make them found: Stripe, GitHub, GitLab, AWS, Slack, Google, npm …
_KEY = re.compile(
    r"\b(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|whsec_[A-Za-z0-9+/=]{8,}|gh[pousr]_[A-Za-z0-9]{16,}"
    r"|github_pat_\w{16,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}"
    r"|AIza[\w-]{30,}|ya29\.[\w-]{16,}|npm_[A-Za-z0-9]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|sk-[A-Za-z0-9_-]{20,})"
)
_KEY_STARTS = {
    "k_": ("k_live_", "k_test_"),
    "gh": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    "A": ("AKIA", "ASIA", "AIza"),
    "x": ("xox", "xapp-"),
    "G": ("SG.",),
    **{start: (start,) for start in ("github_pat_", "whsec_", "glpat-", "ya29.", "npm_", "sk-")},
}
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)


def without_shapes(text: str) -> str:
    """The text without what is a secret by its form: web tokens, keys of well-known services, userinfo in URLs."""
    if "J" in text and "eyJ" in text:
        text = _JWT.sub(MASK, _CUT_JWT.sub(MASK, text))
    if "://" in text:
        text = _USERINFO.sub(f"{MASK}@", text)
    if holds(text, _KEY_STARTS):
        text = _KEY.sub(MASK, text)
    if "PRIVATE KEY" in text:
        text = _PRIVATE.sub(MASK, text)
    if holds(text, _SCHEMES):
        text = _SCHEME.sub(rf"\1 {MASK}", text)
    return text


def without_named(text: str) -> str:
    """The text without what stands under the name of a secret."""
    text = _PAIRED.sub(_without_quoted, _KEYED.sub(_without_quoted, text))
    if "=" in text:
        text = _PARAMETER.sub(lambda found: f"{found[1]}={MASK}" if is_secret(found[1]) else found[0], text)
    if "<" in text:
        text = _INPUT.sub(_without_value, _ELEMENT.sub(rf"\1{MASK}", text))
    return text


def named_values(text: str, learn: Callable[[str], None]) -> None:
    """Lets `learn` have what of a text that is no JSON stands under the name of a secret."""
    for found in _PARAMETER.finditer(text):
        if is_secret(found[1]):
            learn(found[2])
    for found in _INPUT.finditer(text):
        if _NAMED.search(found[0]) and (held := _HELD.search(found[0])):
            learn(held[2].strip("\"'"))
    for found in _ELEMENT.finditer(text):
        learn(found[2].strip())


def _without_quoted(found: re.Match[str]) -> str:
    return f'{found[1]}"{MASK}"' if is_secret(found["name"]) else found[0]


def _without_value(element: re.Match[str]) -> str:
    return _HELD.sub(rf'\1"{MASK}"', element[0]) if _NAMED.search(element[0]) else element[0]
