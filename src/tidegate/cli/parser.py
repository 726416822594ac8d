"""How a command line is read: as argparse does, but of what is wrong the command's own help is named."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from tidegate.errors import UsageError

_WRONG = re.compile(r"(?:invalid choice: '([^']*)'|unrecognized arguments: (\S+))")
HIDDEN = ("collect",)  # which nobody types


class Parser(argparse.ArgumentParser):
    """One of `tidegate` or of one of its commands."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse exits here, and so do we
        """Says it, what was perhaps meant, and where to look."""
        self.print_usage(sys.stderr)
        wrong = _WRONG.search(message)
        meant = get_close_matches((wrong[1] or wrong[2]).partition("=")[0], self._words(), 1) if wrong else []
        perhaps = f"; did you mean {meant[0]}?" if meant else ""
        said = re.sub(rf", '(?:{'|'.join(HIDDEN)})'", "", message)
        print(f"tidegate: {said}{perhaps}\n  next: {self.prog} --help", file=sys.stderr)
        raise SystemExit(UsageError.exit_code)

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """What argparse makes of it; a word too many is the fault of the command that does not take it."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unrecognized arguments: {' '.join(sorted(left, key=lambda word: not word.startswith('-')))}")
        return found, left

    def _words(self) -> Iterable[str]:
        options = [*self._option_string_actions]
        return [
            *options,
            *(str(each) for action in self._actions for each in action.choices or () if each not in HIDDEN),
        ]
