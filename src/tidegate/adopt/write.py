"""Putting planned files into a repository: never over somebody's work without a yes, and never half a file."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tidegate.adopt.planned import Planned
from tidegate.errors import UsageError
from tidegate.redact import MASK
from tidegate.settings.model import SECRET_NAME

UNCHANGED, NEW, ADDS, DIFFERS = "unchanged", "new", "extends", "differs"
SHOWN = 40

Say = Callable[[str], None]
Confirm = Callable[[str, bool], bool]  # a question and what is done without an answer


def put(root: Path, files: list[Planned], say: Say, confirm: Confirm) -> int:
    """Writes what is new and what is agreed to; returns how many files differ and were kept as they are."""
    kept = 0
    for file in files:
        state = compare(root, file)
        if state in (ADDS, DIFFERS):
            say(f"{state:<10} {file.path}")
            for line in difference(root, file):
                say(f"    {line}")
            question = f"Write this to {file.path}?" if state == ADDS else f"Overwrite {file.path}?"
            if not confirm(question, state == ADDS):
                say(f"{'kept':<10} {file.path}")
                kept += 1
                continue
            say(f"{'written':<10} {file.path}")
        else:
            say(f"{state:<10} {file.path}")
        if state != UNCHANGED:
            write(root, file)
    return kept


def compare(root: Path, file: Planned) -> str:
    """What writing the file would mean."""
    path = root / file.path
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return NEW
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}\n  next: move it away, then run init again"
        ) from None
    if there == file.content:
        return UNCHANGED
    return ADDS if file.adds else DIFFERS


def difference(root: Path, file: Planned) -> Iterator[str]:
    """The lines of a diff from what is there to what would be."""
    try:
        before, after = (data.decode().splitlines() for data in ((root / file.path).read_bytes(), file.content))
    except UnicodeDecodeError:
        yield "(a file that init makes anew)" if file.adds else "(not text)"
        return
    lines = [_hidden(line) for line in difflib.unified_diff(before, after, "there", "new", lineterm="", n=2)]
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"… and {len(lines) - SHOWN} lines more"


def _hidden(line: str) -> str:
    """The line; of a variable that its name calls a secret, without the value."""
    found = re.match(r"([ +-](?:export )?\s*(\w+)\s*=).", line)
    return f"{found[1]}{MASK}" if found and SECRET_NAME.search(found[2]) and found[2].isupper() else line


def write(root: Path, file: Planned) -> None:
    """Writes one file at once: whoever looks sees the old one or the new one."""
    path = (root / file.path).resolve()
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o777 if file.executable else 0o666
        part.unlink(missing_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(file.content)
        os.replace(part, path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}\n  next: mend that, then run init again"
        ) from None
    finally:
        part.unlink(missing_ok=True)
