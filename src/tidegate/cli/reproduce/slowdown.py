"""A slower and less even machine, since some failures need one."""

from __future__ import annotations

import os
import time
from typing import Any

from tidegate.stack.commands import outside, run
from tidegate.stack.containers import containers

STALL = 0.25  # seconds


class Slowdown:
    """The services of a project with a part of the CPUs that the recorded run had, standing still now and then."""

    def __init__(self, project: str, cpus: Any) -> None:
        self._ids = [one.id for one in containers(project) if one.state == "running"]
        there = float(cpus) if isinstance(cpus, (int, float)) and cpus > 0 else 2.0
        self._all = float(os.cpu_count() or 1)
        self._docker("update", f"--cpus={max(0.1, min(there, self._all) / 4):.2f}", *self._ids)

    def shake(self) -> None:
        """One of them stands still for a moment."""
        if self._ids:
            self._ids.append(one := self._ids.pop(0))
            try:
                self._docker("pause", one)
                time.sleep(STALL)
            finally:
                self._docker("unpause", one)

    def stop(self) -> None:
        """As before."""
        self._docker("update", f"--cpus={self._all:.2f}", *self._ids)

    def _docker(self, *words: str) -> None:
        run(["docker", *words], env=outside())
