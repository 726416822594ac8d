"""How to look at a stack that stays, and how to take all of it away."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from tidegate.stack import snapshot
from tidegate.stack.commands import outside, run
from tidegate.stack.containers import Container

PSQL = 'psql -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"'


def kept(project: str, address: str, database: snapshot.Database | None, found: Sequence[Container]) -> list[str]:
    """A line for each thing to look at; each can be typed as it is."""
    lines = [f"API       {address or 'gone'}"]
    if database and "psql" in database.restores:
        lines.append(f"database  docker exec -it {database.id[:12]} sh -c {shlex.quote(PSQL)}")
    lines += [
        f"log       docker logs {one.id[:12]}  # {one.service}" for one in sorted(found, key=lambda it: it.service)
    ]
    return [*lines, f"away      {away(project)}"]


def away(project: str) -> str:
    """The command that leaves nothing of it: the images' names are those that this project alone has."""
    command = ["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference={project}-*"]
    names = run(command, env=outside()).stdout.split()
    down = f"docker compose -p {project} down --volumes --remove-orphans"
    return f"{down} && docker image rm {' '.join(sorted(names))}" if names else down


def not_stopped(red: Path) -> list[str]:
    """Says that there was no failure to stop at, where the tests did not leave the sign of one."""
    return [] if red.exists() else ["it was green this time, so nothing was stopped at the failure"]
