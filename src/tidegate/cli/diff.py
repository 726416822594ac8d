"""`tidegate diff`."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidegate.cli.notes import printable

if TYPE_CHECKING:
    from tidegate.evidence.bundle import Bundle
    from tidegate.evidence.compare import Point

SHOWN, WIDTH = 8, 160
HEADS = {"worse": "worse here:", "better": "better here:", "else": "also:"}


def run(args: argparse.Namespace) -> int:
    """Says what is otherwise in the second run: 1 when something is worse, else 0."""
    from tidegate.evidence.bundle import open_bundle
    from tidegate.evidence.compare import WORSE, compare

    then, now = open_bundle(Path(args.then)), open_bundle(Path(args.now))
    print(_cut(f"there  {_head(then, args.then)}"), _cut(f"here   {_head(now, args.now)}"), sep="\n")
    points = compare(then, now)
    for way, found in groupby(points, key=lambda point: point.way):
        print(f"\n{HEADS[way]}")
        _show([*found])
    worse = sum(point.way == WORSE for point in points)
    print(f"\n{worse} worse" if worse else "\nnothing is worse")
    return 1 if worse else 0


def _head(bundle: Bundle, name: str) -> str:
    told = bundle.run
    git: Any = told.get("git")
    commit = f"{str(git.get('commit'))[:10]} ({git.get('branch') or 'no branch'})" if isinstance(git, dict) else ""
    dirty = " with changes of its own" if isinstance(git, dict) and git.get("dirty") else ""
    verdict, count = told.get("verdict") or "cut off", len(bundle.tests())
    return f"{name}: {verdict}, {count} test{'s' * (count != 1)}{f', commit {commit}{dirty}' if commit else ''}"


def _show(points: list[Point]) -> None:
    for kind, alike in groupby(points, key=lambda point: point.kind):
        found = [*alike]
        for point in found[:SHOWN]:
            print(_cut(f"  {kind:<14} {point.what}"))
            if point.said:
                print(_cut(f"  {'':<14}   {' '.join(point.said.split())}"))
        if len(found) > SHOWN:
            print(f"  {kind:<14} … and {len(found) - SHOWN} more")


def _cut(line: str) -> str:
    line = printable(line)
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
