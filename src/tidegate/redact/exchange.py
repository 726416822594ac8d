"""An exchange without its secrets: the only form in which one is stored or shown."""

from __future__ import annotations

from dataclasses import replace

from tidegate.records import Exchange, Message
from tidegate.redact.secrets import Secrets
from tidegate.redact.text import mask


def masked_exchange(exchange: Exchange, secrets: Secrets) -> Exchange:
    """The exchange without secrets; what is no text has no body."""

    def told(message: Message) -> Message:
        headers = tuple((name, mask(value, secrets)) for name, value in message.headers)
        return replace(message, headers=headers, body=_body(message, secrets))

    return replace(
        exchange,
        url=mask(exchange.url, secrets),
        error=mask(exchange.error, secrets),
        request=told(exchange.request),
        response=told(exchange.response) if exchange.response else None,
        masked=True,
    )


def _body(message: Message, secrets: Secrets) -> bytes | None:
    if message.body is None:
        return None
    try:
        return mask(message.body.decode(), secrets).encode()
    except UnicodeDecodeError:
        return None
