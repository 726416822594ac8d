"""What an exchange shows to be secret, in either direction."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus, urlsplit

from tidegate.records import Exchange, Headers, Message
from tidegate.redact import fields
from tidegate.redact.names import is_about, is_secret, is_shown, may_name
from tidegate.redact.shapes import named_values

_LOGIN = re.compile(r"log[_-]?in|sign[_-]?in|token|oauth|authenticat|/sessions?/?$", re.IGNORECASE)
_OPAQUE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])[^\s@]{12,}|\S{32,}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\S+")
_ID = re.compile(r"(?:^|_)id$|[a-z]Id$|^uuid$|email|phone|avatar|image|picture|_?at$", re.IGNORECASE)
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
_COOKIE_LEAST = 8  # a shorter one, such as a language, would be taken out of everything


def lessons(exchange: Exchange, *, login: bool = False) -> Iterator[str]:
    """Values that are secret; of an answer to a login everything that may be one."""
    url = exchange.url
    if "@" in url or "?" in url or "#" in url:
        yield from _of_url(url)
    for message in filter(None, (exchange.request, exchange.response)):
        yield from _of_headers(message.headers)
        if message.body:
            yield from _of_body(message)
    if exchange.response and exchange.response.body and (login or _LOGIN.search(url.partition("?")[0])):
        answer = fields.parsed(text_of(exchange.response) or "")
        yield from (value for name, value in fields.texts(answer) if _may_be_token(name, value))


def text_of(message: Message) -> str | None:
    """The body as text; None when it is none, or nothing was kept of it."""
    if message.body is None or b"\0" in message.body[:1024]:
        return None
    charset = _CHARSET.search(message.header("Content-Type") or "")
    try:
        return message.body.decode(charset[1] if charset else "utf-8")
    except (UnicodeDecodeError, LookupError):
        return None


def _of_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for text in (parts.query, parts.fragment):
        yield from fields.form_values(text)
        yield from (unquote(found) for found in _raw_values(text))
    if parts.password:
        yield unquote(parts.password)


def _raw_values(query: str) -> Iterator[str]:
    """As `form_values`, where a plus is a plus."""
    pairs = (part.partition("=") for part in query.split("&") if "+" in part)
    yield from (value for name, _, value in pairs if is_secret(unquote_plus(name)))


def _of_headers(headers: Headers) -> Iterator[str]:
    for name, value in headers:
        if is_shown(name):
            if "?" in value or "://" in value:
                yield from _of_url(value)
            continue
        small = name.lower()
        if small in ("authorization", "proxy-authorization"):
            yield from _of_credentials(value)
        elif small == "cookie":
            yield from (each for pair in value.split(";") for each in _of_cookie(pair))
        elif small == "set-cookie":
            yield from _of_cookie(value.partition(";")[0])
        elif is_secret(name) or _OPAQUE.fullmatch(value):
            yield from {value, value.rpartition(" ")[2]}


def _of_credentials(value: str) -> Iterator[str]:
    scheme, _, credentials = value.partition(" ")
    yield credentials.strip() or scheme
    if scheme.lower() != "basic":
        return
    try:
        plain = base64.b64decode(credentials, validate=False).decode()
    except ValueError:
        return
    yield from (plain, plain.partition(":")[2])


def _of_cookie(pair: str) -> Iterator[str]:
    value = pair.partition("=")[2].strip().strip('"')
    if len(value) >= _COOKIE_LEAST:
        yield from {value, unquote(value)}


def _of_body(message: Message) -> Iterator[str]:
    kind = (message.header("Content-Type") or "").partition(";")[0].lower()
    if kind == "multipart/form-data":  # where a part that is no text stands beside those that are
        yield from fields.part_values((message.body or b"").decode("utf-8", "replace"))
        return
    text = text_of(message)
    if text is None or not may_name(text):
        return
    value = fields.parsed(text)
    if value is not None:
        yield from fields.secret_leaves(value)
        yield from (inner for _, each in fields.texts(value) if fields.says_more(each) for inner in _of_text(each))
        return
    if kind == "application/x-www-form-urlencoded":
        yield from fields.form_values(text)
    yield from _of_text(text)


def _of_text(text: str) -> Iterator[str]:
    """What a text holds, which may be JSON within JSON, or have an URL in it."""
    if (value := fields.parsed(text)) is not None:
        yield from fields.secret_leaves(value)
        return
    found: list[str] = []
    named_values(text, found.append)
    yield from (form for value in found for form in {value, unquote_plus(value)})


def _may_be_token(name: str, value: str) -> bool:
    """Whether a text in the answer to a login may be what it was all about."""
    if is_about(name) or _ID.search(name) or value.startswith(("http://", "https://")):
        return False
    return bool(_OPAQUE.fullmatch(value)) and not _TIME.fullmatch(value)
