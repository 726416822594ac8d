"""`tidegate doctor`: whether the settings fit the API that runs, one line a check."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from tidegate.adopt import docker, openapi
from tidegate.adopt.ailing import ended, hints, listens_elsewhere, other_path
from tidegate.adopt.detect import document as document_in
from tidegate.adopt.live import Fetch, document
from tidegate.adopt.roundtrip import Example, Misfit, round_trip
from tidegate.adopt.things import resources as described
from tidegate.errors import ApiNotHealthy, SettingsError, TidegateError
from tidegate.settings import Resource, Settings

OK, FAILED, SKIPPED = "ok", "FAILED", "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how it went, what it was about, what was seen and, after a failure, what to change."""

    state: str
    check: str
    text: str
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a session does for the doctor; nothing is asked of the API before it is called."""

    health: Callable[[], str]
    login: Callable[[], str]
    example: Callable[[Resource], AbstractContextManager[Example]]
    fetch: Fetch
    listening: Callable[[str], list[tuple[str, int]] | None]  # addresses and ports inside of a container
    why_no_writes: str  # empty: tests may write to this server
    refusals: tuple[type[Exception], ...]


def examine(settings: Settings, session: Session) -> Iterator[Finding]:
    """The checks that need settings, in an order in which each failure explains those after it."""
    is_there, said = docker.engine()
    yield Finding(OK if is_there else SKIPPED, "engine", said)
    for check in (_port, _health):
        finding = check(settings, session)
        yield finding
        if finding.code:
            for name in ("login", *(resource.name for resource in settings.resources)):
                yield Finding(SKIPPED, name, "the API cannot be asked")
            return
    login = _try("login", session.login, session)
    yield login
    for resource in settings.resources:
        yield (
            Finding(SKIPPED, resource.name, "nobody is logged in")
            if login.code
            else _resource(resource, settings, session)
        )
    yield _document(settings, session)


def _port(settings: Settings, _session: Session) -> Finding:
    url = urlsplit(settings.base_url)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.create_connection((url.hostname or "", port), timeout=settings.client.connect_timeout).close()
    except OSError as error:
        why = ended(settings) or ("start the API (docker compose up --detach), or set API_BASE_URL to where it listens")
        text = f"{url.hostname}:{port} takes no connection ({error}): {why}"
        return Finding(FAILED, "port", text, ApiNotHealthy.exit_code)
    return Finding(OK, "port", f"{url.hostname}:{port} takes connections")


def _health(settings: Settings, session: Session) -> Finding:
    found = _try("health", session.health, session)
    more = hints(settings, session.fetch) if not found.code else ""
    if found.code == ApiNotHealthy.exit_code:
        more = other_path(settings, session.fetch) or listens_elsewhere(settings, session.listening)
    return replace(found, text=f"{found.text}; {more}") if more else found


def _try(check: str, ask: Callable[[], str], session: Session) -> Finding:
    try:
        return Finding(OK, check, ask())
    except TidegateError as error:
        return Finding(FAILED, check, _in_one_line(str(error)), error.exit_code)
    except session.refusals as error:
        return Finding(FAILED, check, _in_one_line(str(error)), ApiNotHealthy.exit_code)


def _resource(resource: Resource, settings: Settings, session: Session) -> Finding:
    if session.why_no_writes:
        return Finding(SKIPPED, resource.name, session.why_no_writes)
    if not resource.body:
        return Finding(SKIPPED, resource.name, f"set body in [tool.tidegate.resources.{resource.name}] to try a record")
    try:
        with session.example(resource) as example:
            return Finding(OK, resource.name, round_trip(example, settings.prefix, session.refusals))
    except Misfit as error:
        return Finding(FAILED, resource.name, str(error), SettingsError.exit_code)
    except session.refusals as error:
        text = f"{_in_one_line(str(error))}: its parent, {resource.parent}, cannot be made"
        return Finding(FAILED, resource.name, text, SettingsError.exit_code)


def _document(settings: Settings, session: Session) -> Finding:
    found: tuple[str, Any] | None = document(session.fetch)
    offered = openapi.offer(found[1], found[0]) if found else document_in(settings.root)
    if not offered:
        return Finding(
            SKIPPED, "document", "no OpenAPI document at a usual path of the API, and none in the repository"
        )
    paths = {resource.path.rstrip("/") for resource in settings.resources}
    missing = [
        name
        for name, table in described(offered).items()
        if not any(str(table.get("path", f"/{name}")).rstrip("/").endswith(path) for path in paths)
    ]
    more = f"; not declared as resources: {', '.join(missing)}" if missing else ""
    return Finding(OK, "document", f"{offered.source} describes {len(offered.operations)} operations{more}")


def _in_one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())
