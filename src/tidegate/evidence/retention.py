"""Red runs that are kept when the next one takes their place, and what is too old to be."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

RUNS = "runs"
_OTHERS = re.compile(r"(?:exchanges|tests)-[0-9a-f]{12}.*\.jsonl")


# What is made of a run after its tests, so that of an earlier one it would stay
_AFTER = ("stack.json", "fingerprint.json", "run.har", "report.html", "summary.md", "annotations.txt", "patch.diff")


def forget_last(folder: Path) -> None:
    """Removes what is there of an earlier run that this one may not replace."""
    for path in (*(folder / name for name in _AFTER), *folder.glob("snapshots/*"), *folder.glob("logs/*.log")):
        with suppress(OSError):
            path.unlink()


def keep_run(folder: Path, run: str, keep: int) -> Path | None:
    """The zip of the bundle, when any are kept; it is there as a whole or not at all."""
    if not keep:
        return None
    import zipfile

    place = folder / RUNS
    place.mkdir(exist_ok=True)
    made, to = place / f".{run}.new", place / f"{run}.zip"
    try:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=3, strict_timestamps=False) as packed:
            for path in sorted(_of_bundle(folder, run)):
                packed.write(path, path.relative_to(folder))
        made.replace(to)
    except OSError:
        made.unlink(missing_ok=True)
        raise
    return to


def remove_old(folder: Path, keep: int) -> None:
    """Removes the oldest zips beyond `keep`, and as many of the files that killed runs have left."""
    for pattern in (f"{RUNS}/*.zip", "exchanges-*-killed.jsonl"):
        found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)
        for path in found[: max(0, len(found) - keep)]:
            path.unlink(missing_ok=True)


def _of_bundle(folder: Path, run: str) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        inner = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and (inner != folder or name != RUNS)]
        for name in files:
            foreign = inner == folder and _OTHERS.fullmatch(name) and run not in name
            if not name.startswith(".") and not foreign:
                with suppress(OSError):
                    if (inner / name).stat().st_size >= 0 and not (inner / name).is_symlink():
                        yield inner / name
