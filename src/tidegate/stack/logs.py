"""What services wrote, each line with its time, as the engine has it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tidegate.stack.containers import SERVICE


def keep(containers: Iterable[Mapping[str, Any]], folder: Path) -> None:
    """Writes the log of each container, as `docker inspect` has them, to `<service>.log`; all at the same time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = []
    for each in containers:
        name = (each["Config"].get("Labels") or {}).get(SERVICE) or each["Name"].lstrip("/")
        with (folder / f"{name}.log").open("ab") as file:
            command = ["docker", "logs", "--timestamps", each["Id"]]
            begun.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT))
    for process in begun:
        process.wait()
