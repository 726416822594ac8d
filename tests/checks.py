"""What the tests ask of an answer. A failure shows the request, the status and the body at once."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx

MESSAGE_KEYS = ("detail", "error", "errors")
# argon2, bcrypt, PBKDF2, scrypt and crypt in their usual forms; then bare digests.
HASH = re.compile(
    r"\$?(argon2|pbkdf2|scrypt|bcrypt)|\$(2[abxy]|[156y])\$|([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$", re.I
)


def expect_status(response: httpx.Response, *statuses: int) -> None:
    """Assert that an answer has one of these statuses, whatever its body is."""
    __tracebackhide__ = True
    assert response.status_code in statuses, f"expected {' or '.join(map(str, statuses))}: {seen(response)}"


def expect(response: httpx.Response, *statuses: int) -> Any:
    """The JSON of an answer that has one of these statuses; None for an answer without a body."""
    __tracebackhide__ = True
    expect_status(response, *statuses)
    if not response.content:
        return None
    kind = response.headers.get("Content-Type", "nothing")
    assert re.match(r"application/([\w.+-]+\+)?json\b", kind), f"expected JSON, not {kind}: {seen(response)}"
    return response.json()


def refused(response: httpx.Response, *statuses: int) -> None:
    """Assert that the API refuses with one of these statuses, and says why in the body."""
    __tracebackhide__ = True
    body = expect(response, *statuses)
    assert message(body), f"expected one of {', '.join(MESSAGE_KEYS)}: {seen(response)}"


def message(body: Any) -> Any:
    """What an error body says; None when it says nothing."""
    return next((body[key] for key in MESSAGE_KEYS if body.get(key)), None) if isinstance(body, dict) else None


def items(page: Any) -> list[Any]:
    """The records of a list answer, bare or under `items`."""
    found = page.get("items") if isinstance(page, dict) else page
    assert isinstance(found, list), f"expected a list, bare or under items: {page}"
    return found


def ids(page: Any) -> list[Any]:
    """The ids of a list answer."""
    return [item["id"] for item in items(page)]


def is_time(text: Any) -> bool:
    """Whether `text` is a time with its offset from UTC, as RFC 3339 writes it."""
    return isinstance(text, str) and "T" in text and datetime.fromisoformat(text).tzinfo is not None


def leaks(body: Any, secret: str, at: str = "") -> Iterator[str]:
    """The places in a body that show a password or its hash, by key or by value."""
    if isinstance(body, dict | list):
        for key, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from leaks(value, secret, f"{at}.{key}")
    elif isinstance(body, str) and "token" not in at and _secret(at, body, secret):
        yield at


def _secret(at: str, text: str, secret: str) -> bool:
    return secret in text or bool(HASH.match(text) or re.search(r"passw|hash|secret|salt", at, re.I))


def seen(response: httpx.Response) -> str:
    """The exchange in a line or two, without tokens."""
    body = re.sub(r'("access_token":\s*")[^"]+', r"\1***", response.text)
    request = response.request
    return f"{request.method} {request.url} answered {response.status_code}\n{body[:500] or '(no body)'}"
