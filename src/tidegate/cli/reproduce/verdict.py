"""What `tidegate reproduce` says in the end."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.errors import TidegateError

REPRODUCED, AFTER_OTHERS, NOT_REPRODUCED, IMPOSSIBLE = 0, 80, 81, 82


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


class Impossible(TidegateError):  # noqa: N818
    """The failure cannot be made again on this machine."""

    exit_code = IMPOSSIBLE

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(f"cannot be reproduced here: {why}\n  next: {next_step}")
