"""The exchanges of all processes of a run in one file, in the order in which they began.

While a run goes, each process has a file of its own, `exchanges-<run>.jsonl`. A run that ends joins its own into
`exchanges.jsonl`, in the place of the last run's. Of a run that was killed, the next one joins what is left into
`exchanges-<run>-killed.jsonl`, which nobody removes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from tidegate.lines import exchange_of, line_of
from tidegate.redact import Secrets, masked_again
from tidegate.session.run import whole_run

JOINED = "exchanges.jsonl"
_KILLED = "-killed"
_PART = re.compile(r"exchanges-([0-9a-f]{12}(?:-gw\d+)?)\.jsonl")
_STARTED = re.compile(rb'"started": (\d+(?:\.\d+)?)')
Place = tuple[float, int, int]


def join(folder: Path, run: str, secrets: Secrets) -> Path | None:
    """The file with all exchanges of the run, whose parts are gone then; None when there are none.

    What has been learned since a line was written is taken out of it. Raises OSError, and the parts stay.
    """
    parts = sorted(path for path in folder.glob(f"exchanges-{whole_run(run)}*.jsonl") if path.name != JOINED)
    return _joined(parts, folder / JOINED, secrets) if parts else None


def keep_killed(folder: Path, is_alive: Callable[[str], bool], secrets: Secrets) -> list[Path]:
    """The files with the exchanges of runs that were killed since the last time, each run's in one."""
    runs: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("exchanges-*.jsonl")):
        if found := _PART.fullmatch(path.name):
            runs.setdefault(whole_run(found[1]), []).append(path)
    kept = []
    for run, parts in runs.items():
        if not any(is_alive(path.stem.removeprefix("exchanges-")) for path in parts):
            kept.append(_joined(parts, folder / f"exchanges-{run}{_KILLED}.jsonl", secrets))
    return kept


def _joined(parts: list[Path], to: Path, secrets: Secrets) -> Path:
    made = to.with_name(f".{to.name}.new")
    try:
        with ExitStack() as stack, made.open("wb") as written:
            files = [stack.enter_context(path.open("rb")) for path in parts]
            written.writelines(_masked(_ordered(files), secrets))
        made.replace(to)
    except OSError:
        with suppress(OSError):
            made.unlink(missing_ok=True)
        raise
    for path in parts:
        if path != to:
            path.unlink(missing_ok=True)
    return to


def _ordered(files: Sequence[BinaryIO]) -> Iterator[bytes]:
    """The whole lines of all files; one that a crash or a full disk has cut is left out."""
    places = sorted(place for number, file in enumerate(files) for place in _places(number, file))
    for _, number, offset in places:
        files[number].seek(offset)
        yield files[number].readline()


def _places(number: int, file: BinaryIO) -> Iterator[Place]:
    offset = 0
    for line in file:
        found = _STARTED.search(line[:200])
        if found and line.endswith(b"}\n"):
            yield float(found[1]), number, offset
        offset += len(line)


def _masked(lines: Iterable[bytes], secrets: Secrets) -> Iterator[bytes]:
    for line in lines:
        if not secrets.has(line.decode("utf-8", "replace")):
            yield line
            continue
        with suppress(ValueError):  # as cut as a line can be that ends well
            run, exchange = exchange_of(line)
            yield line_of(masked_again(exchange, secrets), run)
