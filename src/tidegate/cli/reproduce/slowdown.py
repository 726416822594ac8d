"""A slower and less even machine, since some failures need one."""

from __future__ import annotations

import os
import time
from typing import Any, Self

from tidegate.stack.commands import outside, run
from tidegate.stack.containers import containers

STALL = 0.25  # seconds


class Slowdown:
    """While it is entered, the services of a project have a part of the CPUs that the recorded run had.

    And stand still now and then. Unless it is `wanted`, nothing is slowed.
    """

    def __init__(self, project: str, cpus: Any, *, wanted: bool) -> None:
        self._ids = [one.id for one in containers(project) if one.state == "running"] if wanted else []
        there = float(cpus) if isinstance(cpus, (int, float)) and cpus > 0 else 2.0
        self._all = float(os.cpu_count() or 1)
        self._part = max(0.1, min(there, self._all) / 4)

    def __enter__(self) -> Self:
        """Slower from now on."""
        self._give(self._part)
        return self

    def shake(self) -> None:
        """One of them stands still for a moment."""
        if self._ids:
            self._ids.append(one := self._ids.pop(0))
            try:
                self._docker("pause", one)
                time.sleep(STALL)
            finally:
                self._docker("unpause", one)

    def __exit__(self, *_: object) -> None:
        """As before."""
        self._give(self._all)

    def _give(self, cpus: float) -> None:
        if self._ids:
            self._docker("update", f"--cpus={cpus:.2f}", *self._ids)

    def _docker(self, *words: str) -> None:
        run(["docker", *words], env=outside())
