"""JSON and YAML files of a repository, read leniently: what cannot be read is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST = 5_000_000
IGNORED = {"node_modules", "vendor", "dist", "build", "target", "site-packages", "tests", "test", "__pycache__"}


def read(path: Path) -> Any:
    """The content of a JSON or YAML file; None when it is neither, or too large to be a description."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        return parsed(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None


def parsed(text: str) -> Any:
    """The value that JSON or YAML text stands for; None when it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    import yaml  # type: ignore[import-untyped]

    try:
        # Tags of other tools, such as Compose's !reset, stand for their plain values.
        class Lenient(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
            pass

        Lenient.add_multi_constructor("", lambda _loader, _tag, _node: None)
        return yaml.load(text, Loader=Lenient)  # noqa: S506  a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def text_of(path: Path) -> str:
    """The text of a file; empty when there is none, or none that can be read."""
    try:
        return path.read_text(encoding="utf-8-sig") if path.stat().st_size <= LARGEST else ""
    except (OSError, UnicodeDecodeError):
        return ""


def walk(root: Path, depth: int = 4) -> Iterator[Path]:
    """The files of a repository in a steady order, without what tools put there and without its tests."""
    try:
        entries = sorted(root.iterdir(), key=lambda path: (path.is_dir(), path.name))
    except OSError:
        return
    for path in entries:
        if path.is_symlink() or path.name in IGNORED or path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif depth > 1 and path.is_dir() and not (path / "pyvenv.cfg").exists():
            yield from walk(path, depth - 1)
