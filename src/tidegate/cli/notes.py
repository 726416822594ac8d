"""How a command shows what is worth knowing while it works."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.settings import Settings


def noting(settings: Settings) -> Callable[[str], None]:
    """Shows each note when it is new, with secrets masked."""
    from tidegate.redact import mask

    shown: set[str] = set()

    def note(line: str) -> None:
        line = mask(line, settings.secrets)
        if line not in shown:
            shown.add(line)
            print(f"tidegate: note: {line}", file=sys.stderr, flush=True)

    return note


def printable(line: str) -> str:
    """What a terminal takes for nothing but text, of what somebody else may have written."""
    return line if line.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
