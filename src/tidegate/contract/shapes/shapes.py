"""Shapes that a run learns, and those that are locked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tidegate.contract.shapes.accept import updated
from tidegate.contract.shapes.line import line_of
from tidegate.contract.shapes.place import Place, place_of
from tidegate.contract.shapes.plain import from_plain, to_plain
from tidegate.contract.shapes.seen import Seen, add, join
from tidegate.contract.shapes.settled import Lines, settled
from tidegate.errors import DocumentError

NAME = "shapes.json"
_FORMAT = 1


class Shapes:
    """What answers look like, by operation and status, learned from those that green tests saw.

    The same answers give the same shapes in whatever order they are learned, and however many workers learn them.
    `allowed` says whether a word of an answer may be kept: not when it is a secret.
    """

    def __init__(self, allowed: Callable[[str], bool] = lambda _: True) -> None:
        self._allowed = allowed
        self._seen: dict[str, Seen] = {}

    def learn(self, operation: str, status: int, value: Any) -> None:
        """Adds an answer: the value of its JSON body."""
        add(self._seen.setdefault(f"{operation} {status}", Seen()), [value], self._allowed)

    def merge(self, other: Shapes) -> None:
        """Adds what another worker or shard learned."""
        for name, seen in other._seen.items():
            self._seen[name] = join(self._seen.get(name, Seen()), seen)

    def __bool__(self) -> bool:
        return bool(self._seen)

    def to_text(self) -> str:
        """All that was learned, for whoever goes on learning: another process, or `accept`. It is no lock."""
        seen = {name: to_plain(seen) for name, seen in sorted(self._seen.items())}
        return json.dumps({"format": _FORMAT, "seen": seen}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Shapes:
        """The shapes of `to_text`; ValueError for any other text."""
        made, plain = cls(), json.loads(text)
        if not isinstance(plain, dict) or plain.get("format") != _FORMAT or not isinstance(plain.get("seen"), dict):
            raise ValueError(f"no learned shapes of format {_FORMAT}")
        made._seen = {name: from_plain(seen) for name, seen in plain["seen"].items()}
        return made

    def settled(self) -> dict[str, Lines]:
        """What can be said of each answer. Of an operation that never succeeded nothing is: there may be none."""
        good = {name.rpartition(" ")[0] for name in self._seen if name.rpartition(" ")[2] < "4"}
        return settled({name: seen for name, seen in self._seen.items() if name.rpartition(" ")[0] in good})


class LockedShapes:
    """Shapes to which answers are held: a line for each place of each answer, by operation and status."""

    def __init__(self, answers: Mapping[str, Lines] | None = None) -> None:
        self.answers = dict(answers or {})
        self._places: dict[str, Place] = {}

    def place(self, name: str) -> Place | None:
        """What is locked of an answer, named by operation and status; None when nothing is."""
        if name not in self._places and name in self.answers:
            self._places[name] = place_of(self.answers[name])
        return self._places.get(name)

    def updated(self, learned: Shapes) -> LockedShapes:
        """These with what a run learned, which wins where it contradicts them; what it did not see stays."""
        found = dict(self.answers)
        for name, lines in learned.settled().items():
            found[name] = updated(found[name], lines) if name in found else lines
        return LockedShapes(found)

    def to_text(self) -> str:
        """The text of the lock: a line for each field, sorted, the same for the same shapes."""
        answers = {name: {at: str(line) for at, line in lines.items()} for name, lines in self.answers.items()}
        plain = {"format": _FORMAT, "answers": answers}
        return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def of_text(cls, text: str) -> LockedShapes:
        """The shapes of `to_text`; ValueError for any other text."""
        plain = json.loads(text)
        if not isinstance(plain, dict) or plain.get("format") != _FORMAT or not isinstance(plain.get("answers"), dict):
            raise ValueError(f"no shapes of format {_FORMAT}")
        answers = plain["answers"].items()
        return cls({name: {at: line_of(text) for at, text in lines.items()} for name, lines in answers})


def read_shapes(path: Path) -> LockedShapes | None:
    """The locked shapes; None where there are none yet."""
    try:
        return LockedShapes.of_text(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError) as error:
        raise DocumentError(
            f"The lock of the shapes cannot be read: {path}\n"
            f"  seen: {error}\n"
            "  next: take it from version control again, or remove it, run the tests, and: tidegate contract accept"
        ) from None
