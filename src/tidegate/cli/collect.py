"""`tidegate collect`: puts what the outside of the tests has seen beside what the tests have left."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.errors import TidegateError, UsageError

if TYPE_CHECKING:
    from tidegate.settings import Settings


def add(commands: Any) -> argparse.ArgumentParser:
    """The command's own arguments; nobody types it, so no list of commands shows it."""
    collect: argparse.ArgumentParser = commands.add_parser("collect")
    collect.add_argument("raw", metavar="RAW", help="the private folder with what Docker said")
    return collect


def run(args: argparse.Namespace) -> int:
    """Writes what can be written, and says what cannot."""
    raw = Path(args.raw)
    if not raw.is_dir():
        raise UsageError(f"there is no folder {raw}\n  next: scripts/test makes it, and removes it again")
    for line in collected(raw, _settings()):
        print(line, file=sys.stderr)
    return 0


def _settings() -> Settings:
    """The settings; the defaults for those that are the very reason why a run did not start."""
    from tidegate.settings import Settings, load

    try:
        return load()
    except TidegateError:
        return Settings()


def collected(raw: Path, settings: Settings) -> list[str]:
    """Completes the bundle from the raw folder; returns what is missing, in words."""
    from tidegate.evidence.collect import Collection, known_secrets
    from tidegate.evidence.finish import finish
    from tidegate.stack.facts import read

    stack = read(raw)
    collection = Collection(raw, settings, known_secrets(raw, settings, stack), stack)
    collection.write()
    finish(collection, settings)
    return collection.missing
