"""`tidegate report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tidegate.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """Writes the page and says where it is."""
    print(written(Path(args.bundle), Path(args.output) if args.output else None))
    return 0


def written(source: Path, to: Path | None = None) -> Path:
    """The page of a bundle; it is always made anew, since one that came with a bundle can be anything."""
    from tidegate.evidence.bundle import open_bundle
    from tidegate.evidence.report import write_report

    bundle = open_bundle(source)
    to = to or (None if source.is_dir() else source.with_suffix(".html"))
    try:
        return write_report(bundle, to)
    except OSError as error:
        said = (
            f"the page cannot be written\n  seen: {error.filename}: {error.strerror}\n  next: tidegate report --output"
        )
        raise UsageError(f"{said} FILE, in a folder that you can write to") from None
