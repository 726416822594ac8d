"""`tidegate` as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def environment(**env: str) -> dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**outer, "COLUMNS": "100", "NO_COLOR": "1", **env}


def tidegate(root: Path, *args: str, **env: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error, whole."""
    command = [sys.executable, "-m", "tidegate", *args]
    done = subprocess.run(
        command, cwd=root, env=environment(**env), capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.replace(str(root), "ROOT"), done.stderr.replace(str(root), "ROOT")
