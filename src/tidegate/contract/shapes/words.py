"""What a text looks like: a time, an id, an address; or one of a few words that a program chose."""

from __future__ import annotations

import re
from collections.abc import Collection

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_DATE = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:[.,]\d+)?(?:[Zz]|[+-]\d{2}:?\d{2})?"
_EMAIL = r"[^\s@,;<>/]+@[^\s@,;<>/]+\.[^\s@,;<>/.]+"
_FORMATS = {
    "uuid": re.compile(_UUID),  # RFC 9562, 4
    "date-time": re.compile(rf"{_DATE}[Tt ]{_TIME}"),  # RFC 3339, 5.6; many leave the offset out
    "date": re.compile(_DATE),
    "email": re.compile(_EMAIL),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"]+"),  # RFC 3986, 3, with an authority
}
_SIGNS = re.compile(r"[-@:]")  # each of them has one of these
_LONGEST = 300  # characters of a text that is looked at

# Ids as they stand in paths and as keys: numbers, UUIDs, hex digests, ULIDs, dates, addresses, random text.
_ID = re.compile(
    rf"\d+|{_UUID}|{_DATE}|{_EMAIL}|(?=.*\d)[0-9a-fA-F]{{8,}}|[0-7][0-9A-HJKMNP-TV-Zab-hjkmnp-tv-z]{{25}}"
    r"|(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_~+=-]{20,}|[a-z]{2,8}_(?=.*\d)[A-Za-z0-9]{8,}"
)
# Letters alone, in one case: digits mean ids and articles, capitals mean names.
_WORD = re.compile(r"[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:[_-][A-Z]+)*|[a-z]+(?:[A-Z][a-z]+)+")
_LONGEST_WORD = 24
_PERSONAL = re.compile(
    r"name|title|label|text|note|comment|descri|subject|message|slug|city|street|country|address|sku|code$|key|token"
    r"|secret|passw|credential|auth|hash|salt|otp|pin$|sign|session|nonce|cursor|phone|(?:^|_)id$",
    re.IGNORECASE,
)


def format_of(text: str) -> str:
    """The name that JSON Schema has for the form of a text, empty when it has none of ours."""
    if len(text) > _LONGEST or not _SIGNS.search(text):
        return ""
    return next((name for name, pattern in _FORMATS.items() if pattern.fullmatch(text)), "")


def has_format(text: str, name: str) -> bool:
    """Whether a text has the form of that name."""
    return have_format((text,), name)


def have_format(texts: Collection[str], name: str) -> bool:
    """Whether all of them have it."""
    return max(map(len, texts), default=0) <= _LONGEST and all(map(_FORMATS[name].fullmatch, texts))


def is_id(text: str) -> bool:
    """Whether a key or a segment of a path names one record rather than a kind of them."""
    return len(text) <= _LONGEST and bool(_ID.fullmatch(text))


def is_word(text: str) -> bool:
    """Whether a text can be one of a few that a program chooses from."""
    return len(text) <= _LONGEST_WORD and bool(_WORD.fullmatch(text))


def is_free(name: str) -> bool:
    """Whether people, or chance, fill a field of that name: its values are never kept."""
    return bool(_PERSONAL.search(name))
