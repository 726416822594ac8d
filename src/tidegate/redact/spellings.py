"""How a secret may be spelled where it is no longer itself."""

from __future__ import annotations

import base64
import html
import json
import re
from functools import lru_cache
from urllib.parse import quote, quote_plus

_PLAIN = re.compile(r"[\w.~-]+", re.ASCII)  # what no usual encoding changes, but base64 and hex


@lru_cache(maxsize=1024)
def spellings(secret: str) -> tuple[str, ...]:
    """All of them, longest first; of base64 (RFC 4648) what stays the same wherever in other data the secret stands."""
    forms = {secret}
    if not _PLAIN.fullmatch(secret):
        forms |= _escaped(secret) | _percent(secret)
    for form in {secret, json.dumps(secret)[1:-1]} if len(forms) > 1 else forms.copy():
        raw = form.encode(errors="surrogatepass")
        forms |= {raw.hex(), raw.hex().upper(), *_base64(raw)}
    return tuple(sorted(filter(None, forms), key=len, reverse=True))


def _escaped(secret: str) -> set[str]:
    once = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    once |= {re.sub(r"\\u[0-9a-f]{4}", lambda found: f"\\u{found[0][2:].upper()}", each) for each in once}
    forms = once | {json.dumps(each)[1:-1] for each in once} | {repr(secret)[1:-1]}
    forms |= {each.replace("/", r"\/") for each in forms}
    tagged = html.escape(secret)
    return forms | {tagged, html.escape(secret, quote=False), tagged.replace("&#x27;", "&#39;")}


def _percent(secret: str) -> set[str]:
    raw = secret.encode(errors="surrogatepass")
    forms = {quote(raw, safe=""), quote_plus(raw), quote(raw), quote(raw, safe="!'()*~")}
    forms |= {quote(each, safe="") for each in forms}
    return forms | {re.sub("%..", lambda byte: byte[0].lower(), each) for each in forms}


def _base64(raw: bytes) -> set[str]:
    forms = set[str]()
    for before in range(3):
        spelled = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        first, last = (0, 2, 3)[before], 8 * (before + len(raw)) // 6
        forms |= {whole := spelled[first:last], whole.translate(_URL), whole.replace("/", r"\/")}
    return forms


_URL = str.maketrans("+/", "-_")
