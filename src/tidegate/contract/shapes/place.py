"""The lines of a lock as a tree, so that an answer is held to them in one walk."""

from __future__ import annotations

from dataclasses import dataclass, field

from tidegate.contract.shapes.line import MANY, SOME, Line
from tidegate.contract.shapes.settled import Lines

_ANYTHING = Line(frozenset({"null"}))


@dataclass(slots=True)
class Place:
    """What is locked of one place of an answer, and of what is below it; `inner` is all items of a list or map."""

    pointer: str
    line: Line
    fields: dict[str, Place] = field(default_factory=dict)
    inner: Place | None = None
    steady: frozenset[str] = frozenset()

    @property
    def lacks_some(self) -> bool:
        """Whether objects here were seen without some of their fields."""
        return len(self.steady) < len(self.fields)

    @property
    def is_well_known(self) -> bool:
        """Whether there was an object in many answers, and no field of it only in a few: hardly one was missed."""
        seen = [each.line.evidence for each in self.fields.values()]
        return any(self.fields[name].line.evidence == MANY for name in self.steady) and min(seen) >= SOME


def place_of(lines: Lines) -> Place:
    """The root of the tree."""
    places: dict[str, Place] = {}
    for pointer in sorted(lines, key=lambda each: each.count("/")):
        place = places[pointer] = Place(pointer, lines[pointer])
        above, _, step = pointer.rpartition("/")
        if not pointer or above not in places:  # by hand, a line may be taken out and those below it left
            continue
        if step == "*":
            places[above].inner = place
        else:
            places[above].fields[step.replace("~2", "*").replace("~1", "/").replace("~0", "~")] = place
    for place in places.values():
        place.steady = frozenset(name for name, each in place.fields.items() if not each.line.optional)
    return places.get("") or Place("", _ANYTHING)
