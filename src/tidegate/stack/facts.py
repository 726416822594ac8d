"""What became of a stack, read from what Docker said of it while it stood."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tidegate.stack.containers import SERVICE

# The files of the raw folder, which `gather` or scripts/evidence has written
CONFIG, CONTAINERS, IMAGES, ABOUT, TOLD = "config.json", "containers.json", "images.json", "about", "told"
NAMED = ("networks", "volumes", "secrets", "configs")


def read(raw: Path) -> dict[str, Any]:
    """What stack.json says; whatever was not written is left out."""
    about = dict(line.split("=", 1) for line in _text(raw / ABOUT).splitlines() if "=" in line)
    config = _json(raw / CONFIG, {})
    told = _text(raw / TOLD).strip()
    found: dict[str, Any] = {"kind": about.get("kind", ""), "project": about.get("project", "")}
    found |= {"started": about.get("started") == "true", "stage": about.get("stage") or None, "told": told or None}
    found |= {"engine": about.get("engine", ""), "compose_version": about.get("compose", "")}
    images = {image["Id"]: image for image in _json(raw / IMAGES, [])}
    services = {name: _of_config(each, images) for name, each in (config.get("services") or {}).items()}
    services |= services_in(_json(raw / CONTAINERS, []), images)
    return {**found, "config": plain_config(config, about), "services": services}


def services_in(containers: Iterable[Mapping[str, Any]], images: Mapping[str, Any]) -> dict[str, Any]:
    """Each service, from what `docker inspect` says of its container and of the images."""
    found: dict[str, Any] = {}
    for each in containers:
        name = (each["Config"].get("Labels") or {}).get(SERVICE)
        if name:
            found[name] = service_of(each, images.get(each["Image"], {}))
    return dict(sorted(found.items()))


def service_of(container: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, Any]:
    """One container's image, state and health."""
    state = container["State"]
    health = state.get("Health") or {}
    checks = [
        {"at": entry.get("Start", ""), "code": entry.get("ExitCode"), "output": entry.get("Output", "").strip()}
        for entry in health.get("Log") or ()
    ]
    return {
        "image": container["Config"].get("Image", ""),
        "image_id": container["Image"],
        "digests": image.get("RepoDigests") or [],
        "state": state.get("Status", ""),
        "exit_code": state.get("ExitCode"),
        "oom_killed": bool(state.get("OOMKilled")),
        "error": state.get("Error", ""),
        "health": (health.get("Status") or "").replace("none", ""),
        "health_log": checks,
        "started": state.get("StartedAt", ""),
        "finished": state.get("FinishedAt", ""),
        "restarts": container.get("RestartCount", 0),
    }


def plain_config(config: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, Any]:
    """The configuration without what differs between two runs of the same: project, its names, the folder."""
    plain = {key: value for key, value in config.items() if key != "name"}
    for kind in NAMED:
        for each in (plain.get(kind) or {}).values():
            if isinstance(each, dict) and not each.get("external"):
                each.pop("name", None)
    for each in (plain.get("services") or {}).values():
        for name in filter(None, (about.get("images"), about.get("project"))):
            if str(each.get("image", "")).startswith(f"{name}-"):
                each["image"] = each["image"].replace(name, "checkout", 1)
    folder = about.get("folder", "")
    found: dict[str, Any] = _without(plain, folder) if len(folder) > 1 else plain
    return found


def _without(value: Any, folder: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, folder) for inner in value]
    inside = isinstance(value, str) and (value == folder or value.startswith(f"{folder}/"))
    return f".{value[len(folder) :]}" if inside else value


def _of_config(service: Mapping[str, Any], images: Mapping[str, Any]) -> dict[str, Any]:
    """A service of which no container is left: its image, when it is here."""
    name = service.get("image", "")
    tags = {name, f"{name}:latest"}
    known: Mapping[str, Any] = next((each for each in images.values() if tags & {*(each.get("RepoTags") or ())}), {})
    return {"image": name, "image_id": known.get("Id", ""), "digests": known.get("RepoDigests") or [], "state": ""}


def _json(path: Path, otherwise: Any) -> Any:
    with suppress(OSError, ValueError):
        found = json.loads(path.read_bytes())
        return found if isinstance(found, type(otherwise)) else otherwise
    return otherwise


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(encoding="utf-8", errors="replace")
    return ""
