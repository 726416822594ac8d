"""What services were given where the run was red, as far as they may be given it here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.cli.reproduce import allowed
from tidegate.cli.reproduce.progress import Progress
from tidegate.evidence.bundle import Bundle
from tidegate.stack import snapshot

TESTS = "tests"  # the service that runs them


def override(
    services: Mapping[str, Any], bundle: Bundle, images: Mapping[str, str], said: Progress
) -> dict[str, dict[str, Any]]:
    """For each service its image, and the variables that differ; each is said, and so is a secret that is not here."""
    config = bundle.stack.get("config")
    recorded = config.get("services") if isinstance(config, dict) else None
    found: dict[str, dict[str, Any]] = {}
    for name, service in services.items():
        was = _environment(recorded.get(name) if isinstance(recorded, dict) else None)
        here = _environment(service)
        changed = {} if name == TESTS else allowed.differing(was, here)
        for key, value in changed.items():
            said(f"{name} gets {key}={value[:60]} as it was there, from its environment or a file of its own")
        for key in allowed.absent_secrets(was, here):
            said(f"{name} had a secret {key} there, which is not set here: export it if it matters")
        found[name] = {"environment": {key: value.replace("$", "$$") for key, value in changed.items()}}
        if name in images:
            labels = {key: value.replace("$", "$$") for key, value in snapshot.labels(service).items()}
            found[name] |= {"image": images[name], "pull_policy": "never", "labels": labels}
    return found


def _environment(service: Any) -> Mapping[str, Any]:
    found = service.get("environment") if isinstance(service, dict) else None
    return found if isinstance(found, dict) else {}
