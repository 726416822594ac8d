"""What the engine says about the containers of one project."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.stack.commands import run, together

PROJECT, SERVICE = "com.docker.compose.project", "com.docker.compose.service"
OLDEST = (2, 24)  # the first Compose that reads all of compose.yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container as it is now."""

    id: str
    service: str
    image: str
    state: str
    code: int = 0
    error: str = ""
    oom: bool = False
    restarts: int = 0
    health: str = ""
    check: str = ""  # what its last health check said
    finished: str = ""
    ports: Mapping[int, int] | None = None  # its own TCP ports, and where each is on loopback

    @property
    def settled(self) -> bool:
        """Whether nothing is left to wait for: it runs and is not unwell, or it has done its work."""
        return (self.state == "running" and self.health in ("", "healthy")) or (self.state, self.code) == ("exited", 0)

    @property
    def is_starting(self) -> bool:
        """Whether it may yet settle by itself."""
        return (self.state, self.health) == ("running", "starting") or self.state == "restarting"

    def __str__(self) -> str:
        """As a progress line says it."""
        return f"{self.service} {self.health if self.state == 'running' and self.health else self.state}"


def containers(project: str) -> list[Container]:
    """Every container of the project, also those that have ended."""
    ids = run(["docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={PROJECT}={project}"])
    return inspected(ids.stdout.split())


def after_start(project: str, patience: float) -> list[Container]:
    """Every container of the project, once none of them is just starting, or the patience is over."""
    end = time.monotonic() + patience
    while any(one.is_starting for one in containers(project)) and time.monotonic() < end:
        time.sleep(0.2)
    return containers(project)


def inspected(ids: Sequence[str]) -> list[Container]:
    """Those of the containers that exist."""
    if not ids:
        return []
    return [
        _read(found) for found in json.loads(run(["docker", "inspect", "--type", "container", *ids]).stdout or "[]")
    ]


def _read(found: Mapping[str, Any]) -> Container:
    state = found["State"]
    health = state.get("Health") or {}
    checks = [entry["Output"].strip() for entry in health.get("Log") or () if entry["Output"].strip()]
    return Container(
        id=found["Id"],
        service=found["Config"]["Labels"].get(SERVICE, found["Name"].lstrip("/")),
        image=found["Image"],
        state=state["Status"],
        code=state["ExitCode"],
        error=state["Error"],
        oom=state["OOMKilled"],
        restarts=found["RestartCount"],
        health=health.get("Status", "").replace("none", ""),
        check=checks[-1] if checks else "",
        finished=state["FinishedAt"],
        ports=_ports(found["NetworkSettings"]["Ports"] or {}),
    )


def _ports(bound: Mapping[str, Sequence[Mapping[str, str]] | None]) -> dict[int, int]:
    return {
        int(inside.partition("/")[0]): int(outside[0]["HostPort"])
        for inside, outside in bound.items()
        if outside and inside.endswith("/tcp")
    }


def image_ids(names: Sequence[str]) -> dict[str, str]:
    """The id of each image that this machine has, by name."""
    unique = list(dict.fromkeys(names))
    answers = together(*(["docker", "image", "inspect", "--format", "{{.Id}}", name] for name in unique))
    return {name: answer.stdout.strip() for name, answer in zip(unique, answers, strict=True) if not answer.returncode}


def log(container: Container, *, lines: int | None = None) -> str:
    """What the container wrote, or its last lines."""
    tail = ["--tail", str(lines)] if lines else []
    return _merged(["docker", "logs", *tail, container.id])


def _merged(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return done.stdout.decode(errors="replace")


def why_no_engine() -> str:
    """Why Compose cannot be used here; nothing when it can."""
    try:
        engine, plugin = together(
            ["docker", "version", "--format", "{{.Server.Version}}"], ["docker", "compose", "version", "--short"]
        )
    except OSError:
        return "docker is not installed"
    if plugin.returncode:
        return "the docker compose plugin is not installed"
    version = plugin.stdout.strip().removeprefix("v")
    if tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) < OLDEST:
        return f"docker compose {version} is older than {OLDEST[0]}.{OLDEST[1]}"
    if engine.returncode:
        return f"the Docker engine does not answer: {(engine.stderr.strip() or 'no reason given').splitlines()[-1]}"
    return ""
