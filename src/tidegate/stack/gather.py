"""Keeps what Docker says of a stack while it stands, as it comes, in a private folder."""

from __future__ import annotations

import json
from pathlib import Path

from tidegate.settings import Settings
from tidegate.stack import facts, logs, project
from tidegate.stack.commands import outside, run, together
from tidegate.stack.containers import PROJECT
from tidegate.stack.plan import compose_file
from tidegate.stack.running import Running


def gather(running: Running, settings: Settings, *, told: str = "", stage: str = "") -> None:
    """Writes facts and logs of the stack, to be called before it is taken down; never fails for want of one."""
    if not running.raw:
        return
    raw = Path(running.raw)
    about = {"kind": running.kind, "started": str(not told).lower(), "stage": stage, "folder": str(settings.root)}
    if running.kind == "compose":
        about |= _of_compose(running.project, settings, raw)
    lines = (f"{key}={value}\n" for key, value in about.items() if value)
    (raw / facts.ABOUT).write_text("".join(lines), encoding="utf-8")
    (raw / facts.TOLD).write_text(told, encoding="utf-8")


def _of_compose(name: str, settings: Settings, raw: Path) -> dict[str, str]:
    env = project.variables(settings.root, settings.variables)
    file = compose_file(settings.root, settings.stack.compose_file)
    config, engine, version, ids = together(
        [*project.command(name, file), "--profile", "*", "config", "--format", "json"] if file else ["true"],
        ["docker", "version", "--format", "{{.Server.Version}}"],
        ["docker", "compose", "version", "--short"],
        ["docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={PROJECT}={name}"],
        env=env | outside(),
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
