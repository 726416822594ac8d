"""What the Docker engine of this machine says of itself, and of the stack that Compose runs here."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tidegate.settings import Settings

LIMIT = 20.0
SHOWN = 5
GIVEN = ("environment", "command line")


@dataclass(frozen=True, slots=True)
class Container:
    """The container of a service, also one that has ended; `ports` are those of its own that are published."""

    id: str
    state: str
    code: int
    ports: tuple[int, ...]


def engine() -> tuple[bool, str]:
    """Whether an engine with Compose answers, and its versions or the reason."""
    try:
        server = _said("docker", "version", "--format", "{{.Server.Version}}")
        return True, f"Docker {server}, Compose {_said('docker', 'compose', 'version', '--short')}"
    except FileNotFoundError:
        return False, "docker is not installed"
    except subprocess.CalledProcessError as error:
        return False, str(error.stderr).strip().rpartition("\n")[2] or "docker does not answer"
    except subprocess.TimeoutExpired:
        return False, f"docker did not answer within {LIMIT:g} s"


def is_sought(settings: Settings) -> bool:
    """Whether the running stack may be meant: nobody has named an API of today, or one on another machine."""
    host = urlsplit(settings.base_url).hostname
    here = host in ("localhost", "127.0.0.1", "::1", settings.stack.service)
    return here and settings.origins.get("base_url") not in GIVEN


def located(settings: Settings) -> Settings:
    """The settings, at the address of the running stack where nobody has named another."""
    stack = settings.stack
    found = is_sought(settings) and published(settings.root, stack.compose_file, stack.service, stack.port)
    path = urlsplit(settings.base_url).path or stack.base_path
    return replace(settings, base_url=f"http://{found}{path}") if found else settings


def published(root: Path, file: str, service: str, port: int) -> str | None:
    """Address and port on this machine of a service of the running stack; None without one."""
    try:
        found = _compose(root, file, "port", service, str(port))
    except (OSError, subprocess.SubprocessError):
        return None
    address, _, number = found.rpartition(":")
    return f"{'127.0.0.1' if address in ('0.0.0.0', '[::]') else address}:{number}" if number.isdecimal() else None


def container(settings: Settings) -> Container | None:
    """The container of the API, as Compose knows it; None without one."""
    stack = settings.stack
    try:
        said = _compose(settings.root, stack.compose_file, "ps", "--all", "--format", "json", stack.service)
        found = [_read(row) for line in said.splitlines() for row in _rows(json.loads(line))]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return None
    return found[0] if found else None


def last_lines(settings: Settings) -> list[str]:
    """The last lines that the API's container wrote."""
    stack = settings.stack
    command = ("logs", "--no-color", "--no-log-prefix", "--tail", str(SHOWN), stack.service)
    try:
        return re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", _compose(settings.root, stack.compose_file, *command)).splitlines()
    except (OSError, subprocess.SubprocessError):
        return []


def _rows(found: object) -> list[dict[str, object]]:
    """A line of Compose's: a container, or all of them, as older ones write it."""
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


def _read(row: dict[str, object]) -> Container:
    publishers = row.get("Publishers")
    ports = {entry["TargetPort"] for entry in publishers or () if entry.get("PublishedPort")}  # type: ignore[attr-defined]
    return Container(str(row["ID"]), str(row["State"]), int(str(row["ExitCode"])), tuple(sorted(ports)))


def _compose(root: Path, file: str, *command: str) -> str:
    # Compose finds a file of a usual name by itself, and with it what overrides it.
    named = () if re.fullmatch(r"(docker-)?compose\.ya?ml", file) else ("-f", file)
    return _said("docker", "compose", *named, *command, cwd=root)


def _said(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=LIMIT)
    return done.stdout.strip()
