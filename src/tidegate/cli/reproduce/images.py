"""The images that a run had, if this machine has or can get them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tidegate.cli.reproduce.progress import Progress
from tidegate.evidence.bundle import Bundle
from tidegate.stack.commands import outside, run

_ID = re.compile(r"sha256:[0-9a-f]{64}")
_DIGEST = re.compile(r"[a-z0-9][a-z0-9._/:-]{0,200}@sha256:[0-9a-f]{64}")


def same_images(services: Mapping[str, Any], bundle: Bundle, project: str, said: Progress) -> dict[str, str]:
    """For each service whose image can be had as it was, a name of this project for it."""
    found: dict[str, str] = {}
    recorded = bundle.stack.get("services")
    if not isinstance(recorded, dict):
        return found
    for service in services:
        there = recorded.get(service)
        image = _had(there if isinstance(there, dict) else {}, bool(services[service].get("build")), said)
        name = f"{project}-{service}:there"
        if image and run(["docker", "image", "tag", image, name], env=outside()).returncode == 0:
            found[service] = name
    return found


def _had(service: Mapping[str, Any], is_built: bool, said: Progress) -> str:
    image = service.get("image_id")
    if isinstance(image, str) and _ID.fullmatch(image) and _here(image):
        return image
    digests = service.get("digests")
    for digest in digests if isinstance(digests, list) else ():
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest) or is_built:
            continue
        if _here(digest) or said.during(f"pulling {digest}", ["docker", "pull", "--quiet", digest]).returncode == 0:
            return digest
    return ""


def _here(image: str) -> bool:
    return run(["docker", "image", "inspect", "--format", "{{.Id}}", image], env=outside()).returncode == 0
