"""The exchanges of a process on disk, each before the test goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tidegate.lines import Lines, line_of
from tidegate.records import Exchange


class Writer:
    """Writes exchanges into `<folder>/exchanges-<run>.jsonl`; `report` hears once when that fails."""

    def __init__(self, folder: Path, run: str, report: Callable[[str], None]) -> None:
        self.path = folder / f"exchanges-{run}.jsonl"
        self._run, self._lines = run, Lines(self.path, "exchanges", report)

    def write(self, exchange: Exchange) -> None:
        """Writes one exchange, which is masked."""
        self._lines.add(line_of(exchange, self._run))

    def close(self) -> None:
        """Closes the file."""
        self._lines.close()
