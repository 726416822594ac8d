"""How much is covered, as exact ratios."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    covered: int = 0
    total: int = 0

    @property
    def percent(self) -> Fraction:
        """The share, exactly; of nothing, everything is covered."""
        return Fraction(100 * self.covered, self.total) if self.total else Fraction(100)

    @property
    def complete(self) -> bool:
        """Whether all of it is covered."""
        return self.covered == self.total

    def __add__(self, other: Share) -> Share:
        return Share(self.covered + other.covered, self.total + other.total)

    def __str__(self) -> str:
        return f"{self.covered}/{self.total}" if self.total else "-"


def shown(percent: Fraction) -> str:
    """With one decimal and never rounded up: 100.0 says that all is covered."""
    tenths = percent.numerator * 10 // percent.denominator
    return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What is covered of a resource, or of all: operations called, answers, refusals, and what requests can have."""

    operations: Share = Share()
    positive: Share = Share()
    negative: Share = Share()
    input: Share = Share()

    @property
    def overall(self) -> Share:
        """All points together; that an operation was called is none of its own."""
        return self.positive + self.negative + self.input

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.operations + other.operations,
            self.positive + other.positive,
            self.negative + other.negative,
            self.input + other.input,
        )
