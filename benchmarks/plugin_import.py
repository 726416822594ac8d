"""What the plugin adds to every pytest run on the machine: its import, once pytest is imported, in CPU time."""

from __future__ import annotations

import subprocess
import sys

from figures import show

RUNS = 15
TIMED = "import time; {before}; t = time.process_time(); import {module}; print(time.process_time() - t)"


def seconds(before: str, module: str) -> float:
    """Seconds for one import in a fresh interpreter."""
    code = TIMED.format(before=before, module=module)
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Pytest's own import is the yardstick; the plugin may cost 15 ms beyond it."""
    pytest_alone, plugin = [], []
    for _ in range(RUNS):
        pytest_alone.append(seconds("pass", "pytest"))
        plugin.append(seconds("import pytest", "tidegate.plugin"))
    show("import pytest", pytest_alone)
    least = f"at least {min(plugin) * 1e3:.1f} ms; target: under 15 ms"
    show("import tidegate.plugin, after pytest", plugin, pytest_alone, least)


if __name__ == "__main__":
    main()
