"""What takes longer or shorter than in another run, where that is neither chance nor another machine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

FEWEST = 12  # of each side; less says nothing
OPERATIONS = 4  # from so many on, what they have in common is taken for the machine
SURE = 4.5  # standard deviations of what chance does: of hundreds of operations some reach three
RATIO, LEAST = 1.5, 5.0  # and what a difference has to be, in milliseconds, for anybody to care


@dataclass(frozen=True, slots=True)
class Change:
    """How long something took, as medians in milliseconds: `now` for the other machine's speed corrected."""

    name: str
    then: float
    now: float
    count: int

    @property
    def slower(self) -> bool:
        """Whether it takes longer now."""
        return self.now > self.then


def changes(then: Mapping[str, Sequence[float]], now: Mapping[str, Sequence[float]]) -> tuple[float, list[Change]]:
    """How much longer everything takes, and what differs from that, the most first; times are in milliseconds."""
    names = [name for name in then if len(then[name]) >= FEWEST and len(now.get(name, ())) >= FEWEST]
    ratios = [median(now[name]) / max(median(then[name]), 0.01) for name in names]
    pace = max(median(ratios), 0.01) if len(ratios) >= OPERATIONS else 1.0
    found = [change for name in names if (change := _change(name, then[name], [each / pace for each in now[name]]))]
    return pace, sorted(found, key=lambda each: -abs(math.log(each.now / each.then)))


def _change(name: str, then: Sequence[float], now: Sequence[float]) -> Change | None:
    before, after = max(median(then), 0.01), max(median(now), 0.01)
    apart = abs(math.log(after / before)) >= math.log(RATIO) and abs(after - before) >= LEAST
    return Change(name, before, after, len(now)) if apart and abs(deviation(then, now)) >= SURE else None


def deviation(then: Sequence[float], now: Sequence[float]) -> float:
    """By how many standard deviations the ranks of `now` are above chance (Mann and Whitney, ties corrected)."""
    ranks, rank, ties = dict[float, float](), 0.0, 0.0
    for value, count in sorted(Counter([*then, *now]).items()):
        ranks[value] = rank + (count + 1) / 2
        rank += count
        ties += count**3 - count
    n, m = len(then), len(now)
    above = sum(ranks[value] for value in now) - m * (m + 1) / 2 - n * m / 2
    spread = n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1)))
    return above / math.sqrt(spread) if spread > 0 else 0.0
