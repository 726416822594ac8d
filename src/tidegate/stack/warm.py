"""A stack that a run has left up, found again by the next one, unless it is not what would be started now."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tidegate.settings import Settings
from tidegate.stack.compose import Start
from tidegate.stack.containers import Container, containers, image_ids, inspected, why_no_engine
from tidegate.stack.failure import Failure
from tidegate.stack.listening import is_open
from tidegate.stack.plan import Plan
from tidegate.stack.project import checkout_name
from tidegate.stack.running import base_url


def kept_name(settings: Settings) -> str:
    """The project of this checkout that may be kept: there is one."""
    return f"{checkout_name(settings.root)}-kept"


def note_path(settings: Settings) -> Path:
    """Where the kept stack is described; no file, no kept stack."""
    return settings.artifacts_dir / "kept-stack.json"  # stack.json is of the run


def claim(settings: Settings) -> FileLock | None:
    """The right to use, start or take down the kept stack; None while another run has it."""
    settings.artifacts_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.artifacts_dir / "stack.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def keep(settings: Settings, plan: Plan, project: str) -> None:
    """Describes the stack, for the next run."""
    ids = [container.id for container in containers(project)]
    text = json.dumps({"fingerprint": plan.fingerprint, "containers": ids})
    note_path(settings).write_text(text, encoding="utf-8")


def forget(settings: Settings) -> None:
    """There is no kept stack any more."""
    note_path(settings).unlink(missing_ok=True)


def why_not(settings: Settings) -> str:
    """Why Compose cannot be used here; kept containers that are there are proof that it can, and found sooner."""
    return "" if inspected(_noted(settings).get("containers", [])) else why_no_engine()


def _noted(settings: Settings) -> dict[str, Any]:
    try:
        note = json.loads(note_path(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def find(start: Start) -> tuple[str, str]:
    """The address of the kept stack, or nothing and why it cannot be used.

    The images are built once more, which costs little where nothing has changed: nobody tests yesterday's API.
    """
    note = _noted(start.order.settings)
    try:
        with ThreadPoolExecutor(2) as pool:
            planned, found = pool.submit(start.planned), pool.submit(inspected, note.get("containers", []))
            built = start.build()
            plan, kept = planned.result(), found.result()
    except Failure as failure:
        return "", failure.what
    if built.returncode:
        return "", "an image cannot be built any more"
    start.share(plan)
    why = _unlike(plan, kept, note)
    if why:
        return "", why
    start.plan = plan
    port = start.api(kept).ports or {}
    return base_url(start.order.settings, port[plan.port]), ""


def _unlike(plan: Plan, kept: list[Container], note: dict[str, Any]) -> str:
    if plan.fingerprint != note.get("fingerprint"):
        return "the compose file or a setting has changed"
    images = image_ids(list(plan.images.values()))
    running = {container.service: container for container in kept}
    for service, image in plan.images.items():
        container = running.get(service)
        if container is None:
            return f"the container of {service!r} is gone"
        if container.image != images.get(image):
            return f"the image of {service!r} has changed"
        if container.health != "starting" and not container.settled:
            return f"{container}, exit code {container.code}"
    api = running[plan.service]
    if not is_open((api.ports or {}).get(plan.port, 0)):
        return f"nothing answers on the port of {plan.service!r}"
    return ""
