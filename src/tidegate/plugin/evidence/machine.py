"""What a run goes on: the interpreter, what is installed, and what the machine gives to it."""

from __future__ import annotations

import locale
import os
import platform
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

_CGROUP = Path("/sys/fs/cgroup")


def machine() -> dict[str, Any]:
    """As it stands in run.json."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cpus": _cpus(),
        "memory": _memory(),
        "tz": _zone(),
        "locale": ".".join(filter(None, locale.getlocale())) or "C",
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """What is installed, by the names of its folders: to read all metadata takes a hundred times as long."""
    found: dict[str, str] = {}
    for folder in sys.path:
        with suppress(OSError):
            for name in os.listdir(folder or "."):
                if name.endswith(".dist-info"):
                    dist, version = named(name)
                    found.setdefault(dist, version)
    return dict(sorted(found.items()))


def named(folder: str) -> tuple[str, str]:
    """The distribution and the version that such a folder is named after (PyPA, recording installed projects)."""
    name, _, version = folder.removesuffix(".dist-info").rpartition("-")
    return name.lower().replace("_", "-"), version


def _cpus() -> float:
    """How many it may use: a limit of its container counts."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    quota, _, period = _limit("cpu.max").partition(" ")
    return min(count, round(int(quota) / int(period), 2)) if quota.isdigit() and period.isdigit() else count


def _memory() -> int | None:
    """Bytes that it may use."""
    limit, found = _limit("memory.max"), 0
    with suppress(ValueError, OSError, AttributeError):
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(found or int(limit), int(limit)) if limit.isdigit() else found or None


def _limit(name: str) -> str:
    try:
        return (_CGROUP / name).read_text().strip()
    except OSError:
        return ""


def _zone() -> str:
    place = os.path.realpath("/etc/localtime")
    named = place.partition("zoneinfo/")[2]
    offset = time.strftime("%z")
    return f"{time.tzname[0]} ({offset}{f', {named}' if named else ''})"


def is_container() -> bool:
    """Whether this is no machine of its own."""
    return any(Path(sign).exists() for sign in ("/.dockerenv", "/run/.containerenv"))
