"""How the benchmarks show a figure: always beside its floor, measured in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def show(what: str, seconds: Sequence[float], floor: Sequence[float] | None = None, note: str = "") -> None:
    """One line: median and p95 in milliseconds, and the ratio of medians to the floor's."""
    line = (
        f"{what:<44} median {statistics.median(seconds) * 1e3:9.2f} ms   p95 {percentile(seconds, 0.95) * 1e3:9.2f} ms"
    )
    if floor:
        line += f"   {statistics.median(seconds) / statistics.median(floor):5.2f} x the floor"
    print(line + (f"   {note}" if note else ""), flush=True)
