"""Why an API may not be healthy, as far as Compose and its other paths say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tidegate.adopt import docker
from tidegate.adopt.live import HEALTH, Fetch
from tidegate.settings import Settings

NOWHERE = "/tidegate-asks-for-a-path-that-is-not-there"
DEPTH = 2


def ended(settings: Settings) -> str:
    """What Compose says of the API's container where its port is closed; nothing when that says nothing."""
    found = docker.container(settings) if docker.is_sought(settings) else None
    if found is None:
        return ""
    stack = settings.stack
    if found.state in ("exited", "dead", "restarting"):
        lines = " | ".join(filter(None, (" ".join(line.split()) for line in docker.last_lines(settings))))
        wrote = f"its last lines: {lines}" if lines else "it wrote nothing"
        return f"the container of {stack.service} has ended with code {found.code}; {wrote}"
    if found.ports and stack.port not in found.ports:
        ports = ", ".join(map(str, found.ports))
        return f"{stack.service} publishes its port {ports}, not {stack.port}: set API_PORT to the one it listens on"
    return ""


def other_path(settings: Settings, fetch: Fetch) -> str:
    """A usual health path that answers, where the one that is set is not there or not for strangers."""
    if "://" in settings.health.path or not 300 <= fetch(settings.health.path).status < 500:
        return ""
    if fetch(NOWHERE).status == 200:
        return ""  # it says yes to anything
    found = next((path for path in HEALTH if path != settings.health.path and fetch(path).status == 200), None)
    return f"{found} answers 200: set API_HEALTH_PATH to that" if found else ""


def listens_elsewhere(settings: Settings, listening: Callable[[str], list[tuple[str, int]] | None]) -> str:
    """On which ports the API's container listens instead of the one that is published."""
    found = docker.container(settings) if docker.is_sought(settings) else None
    sockets = listening(found.id) if found and found.state == "running" else None
    if not sockets:
        return ""
    stack = settings.stack
    here = {address for address, port in sockets if port == stack.port}
    if not here:
        ports = ", ".join(map(str, sorted({port for _, port in sockets})))
        said = f"the container of {stack.service} listens on port {ports}, not {stack.port}"
        return f"{said}: set API_PORT, and publish that"
    if here == {"127.0.0.1"}:
        return f"the container of {stack.service} listens on its own loopback alone: let it listen on 0.0.0.0"
    return ""


def hints(settings: Settings, fetch: Fetch) -> str:
    """What else a good answer of the health path says, which no setting looks at yet."""
    health = settings.health
    if health.flags or health.kind != "http" or "://" in health.path:
        return ""
    try:
        body = json.loads(fetch(health.path).text)
    except (ValueError, RecursionError):
        return ""
    place = next(_flags(body), None)
    return f'the gate can also wait for its flags: flags = "{place}" in [tool.tidegate.health]' if place else ""


def _flags(value: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The paths of the objects of which every value is true or false."""
    if not isinstance(value, dict) or not value or len(path) > DEPTH:
        return
    if all(isinstance(inner, bool) for inner in value.values()):
        yield ".".join(path) or "."
    for name, inner in value.items():
        if str(name).isidentifier():
            yield from _flags(inner, (*path, name))
