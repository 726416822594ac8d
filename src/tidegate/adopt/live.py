"""What a running API says of itself, by reading alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from tidegate.adopt import openapi
from tidegate.adopt.documents import parsed
from tidegate.adopt.meaning import health_path, login_table
from tidegate.adopt.operations import Offer, Operation

DOCUMENTS = ("/openapi.json", "/swagger.json", "/v3/api-docs", "/api-docs", "/api/openapi.json", "/openapi.yaml",
             "/api-docs.json", "/api/schema/?format=json", "/swagger/v1/swagger.json")  # fmt: skip
HEALTH = ("/health", "/healthz", "/up", "/actuator/health", "/api/health", "/health/", "/livez", "/ping",
          "/status")  # fmt: skip
LOGINS = ("/auth/login", "/login", "/api/login", "/api/auth/login", "/api/token/", "/token", "/sessions")


class Answer(NamedTuple):
    """Status and text of an answer; status 0 when there was none."""

    status: int
    text: str


Fetch = Callable[[str], Answer]


def look(fetch: Fetch) -> Offer | None:
    """What the server at the other end of `fetch` offers; None when it does not answer at all."""
    if fetch("/").status == 0:
        return None
    found = document(fetch)
    offered = openapi.offer(found[1], found[0]) if found else Offer(source="the running API")
    added = [*_health(fetch, offered), *_login(fetch, offered)]
    return replace(offered, operations=(*offered.operations, *added))


def document(fetch: Fetch) -> tuple[str, Any] | None:
    """Path and content of the OpenAPI document that the server shows; None without one."""
    for path in DOCUMENTS:
        answer = fetch(path)
        found: Any = parsed(answer.text) if 200 <= answer.status < 300 else None
        if openapi.is_openapi(found):
            return path, found
    return None


def _health(fetch: Fetch, offered: Offer) -> Iterator[Operation]:
    """The health path, where no document names one that answers."""
    if (known := health_path(offered)) and fetch(known).status < 400:
        return
    if path := next((path for path in HEALTH if 200 <= fetch(path).status < 300), None):
        yield Operation(method="GET", path=path)


def _login(fetch: Fetch, offered: Offer) -> Iterator[Operation]:
    """The login, where no document names one: a path of the usual ones that is there, but not for reading."""
    if not offered.complete or login_table(offered) is None:
        path = next((path for path in LOGINS if fetch(path).status == 405), None)
        if path:
            yield Operation(method="POST", path=path)
