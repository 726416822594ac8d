"""The exchanges of a process on disk, each before the test goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tidegate.lines import line_of
from tidegate.records import Exchange


class Writer:
    """Writes exchanges into `<folder>/exchanges-<run>.jsonl`; `report` hears once when that fails."""

    def __init__(self, folder: Path, run: str, report: Callable[[str], None]) -> None:
        self.path = folder / f"exchanges-{run}.jsonl"
        self._run, self._report = run, report
        self._file: int | None = None
        self._mend = b""
        self._failed = False

    def write(self, exchange: Exchange) -> None:
        """Writes one exchange, which is masked."""
        line = self._mend + line_of(exchange, self._run)
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            written = os.write(self._file, line)
            if written != len(line):
                self._mend = b"\n"  # ends the cut line, so that it does not take the next with it
                raise OSError(0, "only a part of the line was written")
            self._mend = b""
        except OSError as error:
            self._tell(error)

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _tell(self, error: OSError) -> None:
        if not self._failed:
            self._failed = True
            reason = error.strerror or str(error)
            self._report(f"exchanges are missing in {self.path.name}, which could not be written: {reason}")
