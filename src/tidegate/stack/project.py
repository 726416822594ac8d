"""One Compose project through testcontainers, which knows no project names, no progress and no interrupt."""

from __future__ import annotations

import hashlib
import subprocess
import warnings
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.stack.commands import outside, run, without_project
from tidegate.stack.containers import containers
from tidegate.stack.plan import files

if TYPE_CHECKING:
    from testcontainers.compose import DockerCompose


def checkout_name(root: Path) -> str:
    """The same for every run in this checkout; what scripts/test names its images by, so that both share them."""
    return "tidegate-" + hashlib.sha256(f"{root.resolve()}\n".encode()).hexdigest()[:8]


def command(project: str, file: Path) -> list[str]:
    """How every command of the project begins."""
    return ["docker", "compose", "-p", project, *(part for name in files(file) for part in ("-f", name))]


def variables(root: Path, given: Mapping[str, str]) -> dict[str, str]:
    """What the compose file is filled in with: the settings' own sources, and the checkout's images."""
    return {"STACK_IMAGES": checkout_name(root)} | without_project(given)


def tag(names: Mapping[str, str]) -> None:
    """Gives each image a further name; the start says which one is missing when that was not possible."""
    for image, name in names.items():
        run(["docker", "image", "tag", image, name], env=outside())


def opened(project: str, file: Path, env: Mapping[str, str], service: str, look: Callable[[], None]) -> DockerCompose:
    """The testcontainers view of the project; `start()` raises what `look` raises, or CalledProcessError."""
    with warnings.catch_warnings():  # of other people's imports; the suite may make errors of them
        warnings.simplefilter("ignore")
        from testcontainers.compose import DockerCompose

    class Project(DockerCompose):
        @cached_property
        def compose_command_property(self) -> list[str]:
            return command(project, file)

        def _run_command(self, cmd: str | list[str], context: str | None = None) -> subprocess.CompletedProcess[bytes]:
            assert isinstance(cmd, list)
            done = run(cmd, folder=context or str(self.context), env=env, look=look)
            output, errors = done.stdout.encode(), done.stderr.encode()
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, cmd, output, errors)
            return subprocess.CompletedProcess(cmd, 0, output, errors)

    return Project(file.parent, services=[service], wait=False)


# The project goes by its labels: that needs no file, which may be gone or changed. Compose's own `--rmi` would then
# take the checkout's images as well, so only the names go that are the project's.
_DOWN = """
[ -z "${1:-}" ] || rm -rf "$1"
docker compose -p "$0" down --volumes --remove-orphans -t 5
images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "reference=$0-*")
[ -z "$images" ] || docker image rm $images
"""


def down(project: str, raw: str = "") -> list[str]:
    """The command that removes all of a project, and the private folder with what was told of it."""
    return ["sh", "-ec", _DOWN, project, raw]


def take_down(project: str, look: Callable[[], None]) -> str:
    """Removes the project; what Compose said, when something is left."""
    for _ in range(3):  # the engine may still be making a container that an interrupted start asked for
        done = run(down(project), env=outside(), look=look)
        if done.returncode == 0 and not containers(project):
            return ""
    return done.stderr.strip() or "its containers come back"
