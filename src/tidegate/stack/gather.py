"""Keeps what Docker says of a stack while it stands, as it comes, in a private folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from tidegate.settings import Settings
from tidegate.stack import facts, logs, project
from tidegate.stack.commands import run, together
from tidegate.stack.containers import PROJECT
from tidegate.stack.failure import Failure
from tidegate.stack.plan import compose_file
from tidegate.stack.running import Running, log_path


def private_folder() -> str:
    """A new folder that nobody else may look into; whoever collects from it removes it."""
    return tempfile.mkdtemp(prefix="tidegate-")


def gather(running: Running, settings: Settings, failure: Failure | None = None) -> None:
    """Writes facts and logs of a stack, before one of containers is taken down, or after a process has ended."""
    if not running.raw:
        return
    raw = Path(running.raw)
    about = {"kind": running.kind, "started": str(not failure).lower(), "folder": str(settings.root)}
    if failure:
        about["stage"] = failure.stage.value
        (raw / facts.TOLD).write_text(failure.told(""), encoding="utf-8")
    if running.kind == "compose":
        about |= _of_compose(running.project, settings, raw)
    elif (log := log_path(settings, settings.stack.service)).is_file():
        (raw / "logs").mkdir(exist_ok=True)
        shutil.move(log, raw / "logs")  # whence it comes back without what the tests have learned to be secret
    lines = (f"{key}={value}\n" for key, value in about.items() if value)
    (raw / facts.ABOUT).write_text("".join(lines), encoding="utf-8")


def _of_compose(name: str, settings: Settings, raw: Path) -> dict[str, str]:
    env = project.variables(settings.root, settings.variables)
    file = compose_file(settings.root, settings.stack.compose_file)
    config, engine, version, ids = together(
        [*project.command(name, file), "--profile", "*", "config", "--format", "json"] if file else ["true"],
        ["docker", "version", "--format", "{{.Server.Version}}"],
        ["docker", "compose", "version", "--short"],
        ["docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={PROJECT}={name}"],
        env=env,
    )
    (raw / facts.CONFIG).write_text(config.stdout, encoding="utf-8")
    if ids.stdout.strip():
        found = run(["docker", "inspect", "--type", "container", *ids.stdout.split()]).stdout
        (raw / facts.CONTAINERS).write_text(found, encoding="utf-8")
        containers = json.loads(found or "[]")
        logs.keep(containers, raw / "logs")
        images = sorted({each["Image"] for each in containers})
        (raw / facts.IMAGES).write_text(run(["docker", "image", "inspect", *images]).stdout, encoding="utf-8")
    versions = {"engine": engine.stdout.strip(), "compose": version.stdout.strip()}
    return {"project": name, "images": env["STACK_IMAGES"], **versions}
