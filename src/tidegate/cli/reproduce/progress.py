"""What is said while something takes its time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from tidegate.redact import mask
from tidegate.stack.commands import Finished, outside, run

AGAIN = 10.0  # seconds until it is said that the same still goes on


class Progress:
    """Lines to a person: each with the seconds since the beginning."""

    def __init__(self, write: Callable[[str], object] = lambda line: print(line, file=sys.stderr, flush=True)) -> None:
        self._write, self._begin = write, monotonic()
        self._told, self._doing = self._begin, ""

    def __call__(self, line: str) -> None:
        """Says it at once."""
        self._told = monotonic()
        self._write(f"reproduce: {mask(line)} ({self._told - self._begin:.0f} s)")

    def goes_on(self, doing: str) -> None:
        """Says it after a second of nothing else, and then every few seconds."""
        since = monotonic() - self._told
        if since < 1 or (since < AGAIN and doing == self._doing):
            return
        self._doing = doing
        self(f"{doing} ...")

    def during(
        self,
        doing: str,
        command: Sequence[str],
        *,
        folder: Path | str = "/",
        env: dict[str, str] | None = None,
        look: Callable[[], None] = lambda: None,
    ) -> Finished:
        """The finished command, with a line when it takes longer than a second."""

        def looks() -> None:
            look()
            self.goes_on(doing)

        return run(command, folder=folder, env=env or outside(), look=looks)
