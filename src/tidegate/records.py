"""The data that crosses borders between stages."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Made:
    """A record that a test made through the API, as the ledger knows it.

    `gone`: the API said that it deleted it.
    """

    resource: str
    id: str
    run: str
    test: str
    marker: str | None = None
    parent: str | None = None
    gone: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the record among all resources."""
        return self.resource, self.id


@dataclass(frozen=True, slots=True)
class Removed:
    """A record that clean-up deleted; `test` is empty when nobody knows who made it."""

    path: str
    test: str = ""
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A record of ours that clean-up could not delete, and why; without an id when it is no single record."""

    path: str
    reason: str
    test: str = ""
    resource: str = ""
    id: str = ""
    parent: str | None = None


@dataclass(slots=True)
class CleanUp:
    """What a clean-up did: removed, could not remove, and what there is to say about it.

    `kept` counts marked records that stayed, by reason.
    """

    removed: list[Removed] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)

    def add(self, other: CleanUp) -> None:
        """Takes over what another clean-up did."""
        self.removed += other.removed
        self.stuck += other.stuck
        self.notes += [note for note in other.notes if note not in self.notes]
        for reason, count in other.kept.items():
            self.kept[reason] = self.kept.get(reason, 0) + count
