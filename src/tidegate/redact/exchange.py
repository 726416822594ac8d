"""An exchange without its secrets: the only form in which one is stored or shown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tidegate.records import Exchange, Headers, Message
from tidegate.redact import fields
from tidegate.redact.lessons import text_of
from tidegate.redact.names import MASK, is_shown, may_name
from tidegate.redact.secrets import Secrets
from tidegate.redact.shapes import without_named, without_shapes
from tidegate.redact.text import without_spans

CUT = "… cut"
_OVER = 16_384  # characters beyond a limit that are looked at as well: a secret may begin before and end behind it
_BETWEEN = "\n\n"


def masked_exchange(
    exchange: Exchange,
    secrets: Secrets,
    *,
    headers: Iterable[str] = (),
    limit: int | None = None,
    operation: str = "",
) -> Exchange:
    """The exchange without secrets, with bodies up to `limit` bytes; what is no text has no body.

    `headers` are such as may be shown beside the usual ones; `operation` is its name, where that was learned since.
    """
    shown = frozenset(name.lower() for name in headers)
    sent, came = exchange.request, exchange.response
    told = [exchange.url, exchange.test, exchange.error, exchange.trace]
    texts = [*told, *_opened(sent.headers, shown), *(_opened(came.headers, shown) if came else ())]
    # Together, which is faster than one by one; hardly ever is there anything in them.
    if secrets.spans(_BETWEEN.join(texts)) or any(map(_looks_secret, texts)):
        texts = [_url(_without(text, secrets)) for text in texts]
    url, test, error, trace, *values = texts
    return replace(
        exchange,
        url=url,
        test=test,
        error=error,
        trace=trace,
        request=_message(sent, values[: len(sent.headers)], secrets, limit),
        response=_message(came, values[len(sent.headers) :], secrets, limit) if came else None,
        operation=operation or exchange.operation,
        masked=True,
    )


def masked_again(exchange: Exchange, secrets: Secrets) -> Exchange:
    """A masked exchange without what has turned out to be a secret since."""

    def told(message: Message) -> Message:
        headers = tuple((name, _by_value(value, secrets)) for name, value in message.headers)
        body = message.body and _by_value(message.body.decode("utf-8", "replace"), secrets).encode()
        return replace(message, headers=headers, body=body, digest=message.digest if body == message.body else "")

    return replace(
        exchange,
        url=_by_value(exchange.url, secrets),
        test=_by_value(exchange.test, secrets),
        error=_by_value(exchange.error, secrets),
        request=told(exchange.request),
        response=told(exchange.response) if exchange.response else None,
    )


def _opened(headers: Headers, shown: frozenset[str]) -> list[str]:
    """The values of headers, of those that may hold secrets what is none."""
    return [
        value if is_shown(name) or (shown and name.lower() in shown) else _closed(name, value)
        for name, value in headers
    ]


def _closed(name: str, value: str) -> str:
    """What of a header's value is no secret: the scheme of credentials, names of cookies, their attributes."""
    small = name.lower()
    if small in ("authorization", "proxy-authorization"):
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {MASK}" if space and scheme.isalpha() else MASK
    if small == "cookie":
        return "; ".join(_cookie(pair) for pair in value.split(";"))
    if small == "set-cookie":
        pair, semicolon, attributes = value.partition(";")
        return f"{_cookie(pair)}{semicolon}{attributes}"
    return MASK if value else value


def _cookie(pair: str) -> str:
    name, equals, value = pair.strip().partition("=")
    return f"{name}={MASK if value else ''}" if equals else MASK


def _message(message: Message, values: list[str], secrets: Secrets, limit: int | None) -> Message:
    headers = tuple([(name, value) for (name, _), value in zip(message.headers, values, strict=True)])
    if message.body == b"":
        return Message(headers, b"", message.size, message.digest)
    text = text_of(message)
    if text is None:
        return Message(headers, None, message.size, message.digest)
    begins = text if limit is None or len(text) <= limit + _OVER else text[: limit + _OVER]
    masked = _without(_without_secret_fields(begins, message), secrets)
    kept = masked.encode("utf-8", "replace")
    if limit is not None and len(kept) > limit:
        kept = kept[:limit].decode("utf-8", "ignore").encode() + f"{CUT}: {message.size} bytes in all".encode()
    # A digest of what holds a short secret would give it away to whoever tries all.
    return Message(headers, kept, message.size, message.digest if masked == begins else "")


def _without_secret_fields(text: str, message: Message) -> str:
    if not may_name(text):
        return text
    kind = (message.header("Content-Type") or "").partition(";")[0].lower()
    if kind == "multipart/form-data":
        return fields.without_parts(text)
    value = fields.parsed(text)
    if value is not None:
        try:
            masked = fields.without_leaves(value)
        except RecursionError:
            return without_named(text)
        return text if masked == value else json.dumps(masked, ensure_ascii=False)
    return without_named(text)


def _url(text: str) -> str:
    return without_named(text) if "=" in text else text


@lru_cache(maxsize=512)  # most headers are those of the exchange before
def _looks_secret(text: str) -> bool:
    return without_shapes(_url(text)) != text


def _without(text: str, secrets: Secrets) -> str:
    return without_shapes(_by_value(text, secrets))


def _by_value(text: str, secrets: Secrets) -> str:
    return without_spans(text, secrets.spans(text))
