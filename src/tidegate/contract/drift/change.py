"""What a comparison of two documents finds."""

from __future__ import annotations

from dataclasses import dataclass

_SHOWN = 3  # operations that are named beside the first


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two documents, and whether a client that was right before can now fail.

    `where` is as in a finding: `200 body /items/*/name`. `also` names the further operations that it concerns, where
    they share a schema. `operation` is empty for what concerns the document as a whole.
    """

    operation: str
    where: str
    text: str
    breaking: bool
    also: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line."""
        at = ": ".join(part for part in (f"{self.operation} {self.where}".strip(), self.text) if part)
        rest = len(self.also) - _SHOWN
        also = ", ".join(self.also[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
        return f"{at} (also {also})" if also else at


def order(change: Change) -> tuple[bool, str, str, str]:
    """What breaks comes first."""
    return not change.breaking, change.operation, change.where, change.text
