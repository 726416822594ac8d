"""What a compose file says will be started for the API: read from Compose's own rendering of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.stack.failure import Failure, Stage

COMPLETED = "service_completed_successfully"
STANDARD = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDES = ("compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
             "docker-compose.override.yaml")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The API's service, and all that must stand before it does."""

    service: str
    port: int
    images: Mapping[str, str]
    one_shots: frozenset[str]
    fingerprint: str
    built: frozenset[str] = frozenset()

    def own_images(self, project: str) -> list[str]:
        """The images that are built here and named after the project."""
        return [self.images[key] for key in sorted(self.built) if self.images[key].startswith(project)]


def compose_file(root: Path, named: str) -> Path | None:
    """The compose file of the project, None when there is none; the default name stands for any standard one."""
    names = STANDARD if named == STANDARD[0] else (named,)
    return next((root / name for name in names if (root / name).is_file()), None)


def files(main: Path) -> list[str]:
    """The compose file and its override, which Compose merges by itself only while nobody names a file."""
    names = OVERRIDES if main.name in STANDARD else (f"{main.stem}.override{main.suffix}",)
    override = next((str(main.with_name(name)) for name in names if main.with_name(name).is_file()), None)
    return [str(main), *([override] if override else [])]


def read(config: Mapping[str, Any], text: str, service: str, port: int) -> Plan:
    """The plan for this service; raises Failure when the file has no such service or does not publish its port."""
    services: Mapping[str, Any] = config.get("services") or {}
    if service not in services:
        raise Failure(
            Stage.SETTINGS,
            f"there is no service {service!r}: the compose file has {', '.join(sorted(services)) or 'none'}",
            next_step="Set service in [tool.tidegate.stack] to the one that is the API.",
        )
    published = {entry["target"] for entry in services[service].get("ports") or ()}
    if port not in published:
        raise Failure(
            Stage.PORT,
            f"port {port} of {service!r} is not published; published: {_listed(published)}",
            next_step=f'Set API_PORT to the port it listens on, and publish that: ports: ["127.0.0.1::{port}"].',
        )
    found = dict(needed(services, service))
    name = config["name"]
    return Plan(
        service=service,
        port=port,
        images={key: services[key].get("image") or f"{name}-{key}" for key in found},
        one_shots=frozenset(key for key, conditions in found.items() if COMPLETED in conditions),
        built=frozenset(key for key in found if services[key].get("build")),
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
    )


def needed(services: Mapping[str, Any], service: str) -> Iterator[tuple[str, set[str]]]:
    """The service and each that is started before it, with the conditions that others wait for."""
    waiting, found = [service], {service: set[str]()}
    while waiting:
        for name, how in (services[waiting.pop()].get("depends_on") or {}).items():
            if name in services:  # else it belongs to a profile that is off
                waiting += [] if name in found else [name]
                found.setdefault(name, set()).add(how.get("condition", ""))
    yield from found.items()


def _listed(ports: set[int]) -> str:
    return ", ".join(map(str, sorted(ports))) or "none"
