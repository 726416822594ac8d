"""What this process tells whoever gathers evidence outside, in a private folder that both of them have."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE, LOOK = 10.0, 0.02  # seconds for a snapshot of the database, and between two looks for it


class Handshake:
    """Tells the secrets, by which the outside's files are masked, and when tests begin and the first one has failed."""

    def __init__(self, folder: Path, report: Callable[[str], None]) -> None:
        self._folder, self._report = folder, report
        self._secrets: int | None = None
        self._over = False

    def begin(self) -> None:
        """Says that the API is healthy and no test has begun: what the database holds now is what tests begin with."""
        try:
            (self._folder / "ready").touch()
        except OSError as error:
            self._cannot("ready", error)

    def await_baseline(self) -> None:
        """Returns when that is kept, where the outside keeps it."""
        end = time.monotonic() + PATIENCE
        while (self._folder / "baseline-pending").exists() and time.monotonic() < end:
            time.sleep(LOOK)

    def tell(self, secret: str) -> None:
        """Tells one value, which is then in a file that nobody else may read, and that is thrown away."""
        line = json.dumps(secret).encode() + b"\n"
        try:
            if self._secrets is None:
                flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
                self._secrets = os.open(self._folder / "secrets", flags, 0o600)
            os.write(self._secrets, line)
        except OSError as error:
            self._cannot("secrets", error)

    def fail(self) -> None:
        """Says that a test has failed, and waits until what it has left in the database is kept; once in a run."""
        if self._over:
            return
        self._over = True
        try:
            os.close(os.open(self._folder / "red", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:  # another process was the first
            return
        except OSError as error:
            self._cannot("red", error)
            return
        end = time.monotonic() + PATIENCE
        while not (self._folder / "snapshot-done").exists() and time.monotonic() < end:
            time.sleep(LOOK)

    def _cannot(self, name: str, error: OSError) -> None:
        self._report(f"{name} cannot be written for the outside: {error.strerror}")
