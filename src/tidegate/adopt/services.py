"""How a repository starts its API: its compose file, its Dockerfile, and what they say about port, health and admin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate.adopt.documents import read, text_of, walk

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml",
             "docker-compose.override.yaml")  # fmt: skip
NAMES = ("api", "web", "app", "backend", "server", "service", "rest")
OURS = "docker/stack.yaml"  # which only our own compose file includes
STORES = re.compile(r"postgres|mysql|mariadb|mongo|redis|rabbit|kafka|elastic|memcached|minio|mailhog|mailpit|adminer")
EMAIL = re.compile(r"(ADMIN|SUPERUSER|ROOT|SEED)\w*_(E?MAIL|USER(NAME)?|LOGIN)$")
PASSWORD = re.compile(r"(ADMIN|SUPERUSER|ROOT|SEED)\w*_PASS(WORD|WD)?$")
HEALTH_URL = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d+)?(/[^\s\"'|;)\\]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The part of a repository's own files that starts the API."""

    file: str
    name: str = "api"
    folder: str = "."
    port: int | None = None
    health: str | None = None
    admin: tuple[str, str] | None = None
    networks: tuple[str, ...] = ()


def compose_service(root: Path) -> Service | None:
    """The service of the repository's compose file that looks most like an API."""
    file = foreign_compose_file(root)
    document = read(root / file) if file else None
    services = document.get("services") if isinstance(document, dict) else None
    if not file or not isinstance(services, dict):
        return None
    ranked = sorted((_rank(name, raw), name) for name, raw in services.items() if isinstance(raw, dict))
    if not ranked or ranked[0][0] >= len(NAMES) + 2:
        return None
    return _described(root, file, ranked[0][1], services[ranked[0][1]])


def foreign_compose_file(root: Path) -> str | None:
    """The compose file that Compose finds by itself, unless it is one that init wrote."""
    file = next((name for name in COMPOSE_FILES if (root / name).is_file()), None)
    return None if file is None or OURS in text_of(root / file) else file


def _rank(name: str, raw: Mapping[str, Any]) -> int:
    """How little a service looks like the API: stores least of all, what is built here before what is pulled."""
    if STORES.search(f"{name} {raw.get('image', '')}".lower()) and "build" not in raw:
        return len(NAMES) + 2
    named = NAMES.index(name) if name in NAMES else len(NAMES)
    return named if "build" in raw else named + 1


def _described(root: Path, file: str, name: str, raw: Mapping[str, Any]) -> Service:
    build = raw.get("build")
    folder = str(build.get("context", ".")) if isinstance(build, dict) else str(build or "")
    dockerfile = dockerfile_in(root, folder) if folder else None
    variables = _variables(raw.get("environment"))
    port = next(_ports(raw), None) or _number(variables.get("PORT")) or (dockerfile.port if dockerfile else None)
    health = HEALTH_URL.search(str(raw.get("healthcheck", "")))
    return Service(
        file=file,
        name=name,
        folder=folder or ".",
        port=port,
        health=health[1] if health else dockerfile.health if dockerfile else None,
        admin=admin_of(variables) or (dockerfile.admin if dockerfile else None),
        networks=tuple(str(network) for network in raw.get("networks") or ()),
    )


def _variables(raw: Any) -> dict[str, str]:
    """A service's environment, with the defaults of what Compose would fill in."""
    pairs = raw.items() if isinstance(raw, dict) else (str(item).partition("=")[::2] for item in raw or ())
    return {str(name): _filled(value) for name, value in pairs if value is not None}


def _ports(raw: Mapping[str, Any]) -> Iterator[int]:
    for item in [*(raw.get("ports") or ()), *(raw.get("expose") or ())]:
        target = item.get("target") if isinstance(item, dict) else _filled(item).rpartition(":")[2].partition("/")[0]
        if number := _number(target):
            yield number


def _number(raw: Any) -> int | None:
    text = _filled(raw)
    return int(text) if re.fullmatch(r"\d{2,5}", text) else None


def _filled(raw: Any) -> str:
    """A value as it is when nobody sets its variables."""
    return re.sub(r"\$\{\w+(?::?-([^}]*))?\}", r"\1", str(raw))


def dockerfile_service(root: Path) -> Service | None:
    """The repository's Dockerfile: at the top, or the only one."""
    if found := dockerfile_in(root, "."):
        return found
    others = [path for path in walk(root, 3) if path.name == "Dockerfile"]
    folders = [str(path.parent.relative_to(root)) for path in others]
    return dockerfile_in(root, folders[0]) if len(folders) == 1 else None


def dockerfile_in(root: Path, folder: str) -> Service | None:
    """What the Dockerfile of a folder says."""
    file = Path(folder) / "Dockerfile"
    text = text_of(root / file)
    if not text:
        return None
    exposed = re.search(r"(?im)^\s*EXPOSE\s+(\d+)", text)
    variables = dict(re.findall(r"(?im)(?:^\s*ENV\s+|\s)([A-Z_]+)=\"?([^\s\"\\]+)", text))
    health = HEALTH_URL.search(text)
    return Service(
        file=str(file),
        folder=folder,
        port=int(exposed[1]) if exposed else _number(variables.get("PORT")),
        health=health[1] if health else None,
        admin=admin_of(variables),
    )


def admin_of(variables: Mapping[str, str]) -> tuple[str, str] | None:
    """E-mail (or name) and password of the admin that an environment seeds."""
    names = sorted((name for name in variables if EMAIL.search(name)), key=lambda name: "MAIL" not in name)
    passwords = [name for name in variables if PASSWORD.search(name)]
    if not names or not passwords or not (variables[names[0]] and variables[passwords[0]]):
        return None
    return variables[names[0]], variables[passwords[0]]
