"""What `tidegate reproduce` says in the end."""

from __future__ import annotations

from dataclasses import dataclass

REPRODUCED, AFTER_OTHERS, NOT_REPRODUCED = 0, 80, 81


@dataclass(frozen=True, slots=True)
class Verdict:
    """The exit code, what there is to say, and what to do next."""

    code: int
    text: str
    details: tuple[str, ...] = ()
    next_step: str = ""

    def __str__(self) -> str:
        """As it is printed."""
        lines = [self.text, *(f"  {line}" for line in self.details)]
        return "\n".join([*lines, f"  next: {self.next_step}"] if self.next_step else lines)
