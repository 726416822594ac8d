"""The smallest set of tests without which another one does not fail.

Whether a set makes it fail is asked by running it, on a state that is the same each time. The answer may be wrong now
and then, as that of a test which fails one time in five: so answers are weighed (Wald's sequential test), one is
enough to go on searching, several are needed to accuse, and what was found is asked for both ways: with it red,
without any one of it green.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import comb, log

Chosen = frozenset[int]

LIMIT = 150
SEARCH = (2.0, 4.0, 6.0)  # log odds to go on with, a pass each; a later one believes less
ACCUSE = 12.0  # four clear answers
FEW, SOME, MANY = 1, 4, 10  # how often both ends are asked: at first, when that surprises, when answers differ
CLEAREST = 0.97
FRESH, BY_CHANCE = 16, 0.001  # where answers differ: how often each of two is asked again, and what is no chance
APART = 0.3  # how much more often it has to be red after all others than alone


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What a search found: `tests` are needed, all of them and no other; empty when that is not sure, and `why`.

    `among` is the smallest set that was red when it was tried last. `clear`: after all others it was red each time,
    and alone never, however it is with those between.
    """

    tests: tuple[str, ...]
    among: tuple[str, ...]
    runs: int
    why: str = ""
    clear: bool = False


def shrink(predecessors: Sequence[str], is_red: Callable[[Sequence[str]], bool]) -> list[str]:
    """The smallest set of predecessors that still makes the test red, in their order; empty when that is not sure."""
    return [*search(predecessors, is_red).tests]


def search(
    predecessors: Sequence[str], is_red: Callable[[Sequence[str]], bool], limit: int = LIMIT, accuse: float = ACCUSE
) -> Shrunk:
    """What `shrink` finds, and how sure that is: by log odds of `accuse`; `is_red` is asked `limit` times at most."""
    asking = _Asking(predecessors, is_red, limit, accuse)
    try:
        found, why = _passes(asking)
    except _Spent:
        found, why = frozenset[int](), f"not settled within {limit} runs"
    return Shrunk(asking.names(found), asking.names(asking.smallest()), asking.runs, why, asking.is_clear())


class _Spent(Exception):  # noqa: N818
    pass


@dataclass(slots=True)
class _Asking:
    """Asks, remembers every answer, and weighs them."""

    order: Sequence[str]
    is_red: Callable[[Sequence[str]], bool]
    limit: int
    accuse: float
    runs: int = 0
    seen: dict[Chosen, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))  # [green, red]
    last: dict[Chosen, bool] = field(default_factory=dict)

    @property
    def everything(self) -> Chosen:
        return frozenset(range(len(self.order)))

    def names(self, chosen: Chosen) -> tuple[str, ...]:
        return tuple(self.order[index] for index in sorted(chosen))

    def smallest(self) -> Chosen:
        return min((chosen for chosen, red in self.last.items() if red), key=len, default=frozenset())

    def is_clear(self) -> bool:
        after, alone = self.seen[self.everything], self.seen[frozenset()]
        return not after[False] and not alone[True] and after[True] >= FEW + 1 and bool(alone[False])

    def once(self, chosen: Chosen) -> None:
        if self.runs >= self.limit:
            raise _Spent
        self.runs += 1
        self.last[chosen] = red = bool(self.is_red(self.names(chosen)))
        self.seen[chosen][red] += 1

    def rate(self, chosen: Chosen) -> float:
        green, red = self.seen[chosen]
        return min(max(red / max(green + red, 1), 1 - CLEAREST), CLEAREST)

    def decide(self, chosen: Chosen, odds: float, since: tuple[int, ...] = (0, 0)) -> bool:
        """Whether the set makes it red, at these log odds; by the answers that came after the first `since`."""
        after, alone = self.rate(self.everything), self.rate(frozenset())
        for_red, for_green = log(after / alone), log((1 - alone) / (1 - after))

        def weight() -> float:
            green, red = (count - before for count, before in zip(self.seen[chosen], since, strict=True))
            return red * for_red - green * for_green

        while abs(weight()) < odds:
            self.once(chosen)
        return weight() > 0

    def anew(self, chosen: Chosen) -> bool:
        """The same, sure enough to accuse, of answers got for that: those before are why it is asked at all."""
        return self.decide(chosen, self.accuse, tuple(self.seen[chosen]))

    def clash(self, found: Chosen) -> bool:
        """Whether an answer says otherwise than that these are needed, all of them and no other."""
        return any(green if chosen >= found else red for chosen, (green, red) in self.seen.items())

    def differ(self, found: Chosen, without: Chosen) -> bool:
        """Whether the one is red more often than the other, of answers asked for nothing else (Fisher's exact test)."""
        reds = [0, 0]
        for times in range(1, FRESH + 1):
            for side, chosen in enumerate((found, without)):
                self.once(chosen)
                reds[side] += self.last[chosen]
            if _chance(reds[0], reds[1], times) < BY_CHANCE:
                return True
        return False


def _chance(more: int, less: int, times: int) -> float:
    """How likely so much of a difference is between two that are red equally often."""
    reds = more + less
    ways = sum(comb(times, k) * comb(times, reds - k) for k in range(more, min(reds, times) + 1))
    return ways / comb(2 * times, reds)


def _passes(asking: _Asking) -> tuple[Chosen, str]:
    for odds in SEARCH:
        if why := _ends(asking):
            return frozenset(), why
        found = _verified(asking, _transitions(asking, odds))
        if found:
            return found, ""
        # One of the answers was wrong. How often that is so is seen best at both ends, where the truth is known.
        _ask_ends(asking, MANY)
    return frozenset(), "the same tests are red one time and green another"


def _ends(asking: _Asking) -> str:
    """Asks at both ends; says so when there is nothing to look for between them."""
    _ask_ends(asking, FEW)
    if not asking.last[asking.everything] or asking.last[frozenset()]:
        _ask_ends(asking, SOME)
    if any(all(asking.seen[chosen]) for chosen in (asking.everything, frozenset[int]())):
        _ask_ends(asking, MANY)
    after, alone = asking.rate(asking.everything), asking.rate(frozenset())
    if after - alone >= APART:
        return ""
    return "it fails alone as well" if alone > 0.5 else "it is not red after the others, or no more often than alone"


def _ask_ends(asking: _Asking, times: int) -> None:
    for chosen in (frozenset[int](), asking.everything):
        while sum(asking.seen[chosen]) < times:
            asking.once(chosen)


def _transitions(asking: _Asking, odds: float) -> Chosen:
    """A set that is red, each of which turned those after it from green to red; empty when answers clash.

    It begins with the last ones, so that whatever takes a trace away again has run as it did.
    """
    known, begin, end = frozenset[int](), 0, len(asking.order)
    while not asking.decide(known, odds):
        if known and not asking.decide(known | {*range(begin, end)}, asking.accuse):
            return frozenset()
        red, green = begin, end  # from which on they are so
        while green - red > 1:
            middle = (red + green) // 2
            if asking.decide(known | {*range(middle, end)}, odds):
                red = middle
            else:
                green = middle
        known, begin = known | {red}, red + 1
    return known


def _verified(asking: _Asking, found: Chosen) -> Chosen:
    """Those of the set that are needed, when all of them together are surely red; else nothing."""
    if not found or not asking.anew(found):
        return frozenset()
    for each in sorted(found):
        without = found - {each}
        if asking.anew(without) or (asking.clash(found) and not asking.differ(found, without)):
            return _verified(asking, without)
    return found
