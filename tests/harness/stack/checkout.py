"""A copy of the repository with containers of its own, and what `docker compose` says about it."""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
# One name for all copies of one repository: their content is the same, so each image is built once.
IMAGES = "tidegate-harness-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
COPIED = (
    "compose.yaml",
    "contract",
    "docker",
    "src",
    "scripts",
    "pyproject.toml",
    "pytest.ini",
    "README.md",
    ".env.test",
    ".dockerignore",
)
OURS = ("API_", "COMPOSE_", "DB_", "MIGRATE_", "STACK_", "TIDEGATE_")
LIMIT = 300.0  # seconds for one command; a build with cold caches on a busy machine takes a while


@dataclass
class Checkout:
    """The copy, the project name of its containers and the variables that it runs with."""

    folder: Path
    project: str
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment without settings of the stack, and then ours."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return outside | {"COMPOSE_PROJECT_NAME": self.project, "STACK_IMAGES": IMAGES} | self.variables

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """The command's end and output, standard error after standard output."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            stdin=subprocess.DEVNULL,
        )

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`docker compose` with these arguments."""
        return self.run("docker", "compose", *arguments)

    def tests(self, *arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """The test container with these pytest arguments, against the stack as it stands."""
        return self.compose("run", "--rm", "--no-deps", "-T", *options, "tests", "-p", "no:randomly", *arguments)

    def config(self) -> dict[str, Any]:
        """What Compose makes of the files: every service, by name."""
        answer = self.compose("--profile", "*", "config", "--format", "json")
        assert answer.returncode == 0, answer.stderr
        services: dict[str, Any] = json.loads(answer.stdout)["services"]
        return services

    def write(self, path: str, text: str) -> None:
        """A file of the copy, made or replaced."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def containers(self) -> list[str]:
        """The names of all containers of this project, also of stopped ones and of `run`."""
        label = f"label=com.docker.compose.project={self.project}"
        return self.run("docker", "ps", "--all", "--filter", label, "--format", "{{.Names}}").stdout.split()

    def take_down(self) -> None:
        """Remove every container and network of this project."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "3")


def copy(folder: Path, project: str, **variables: str) -> Checkout:
    """A copy of the repository in `folder`, without tidegate's own tests."""
    unwanted = shutil.ignore_patterns(".venv", "__pycache__", "harness")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=unwanted)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=unwanted)
    (folder / "artifacts").mkdir()
    return Checkout(folder, f"{project}-{os.getpid()}", variables)
