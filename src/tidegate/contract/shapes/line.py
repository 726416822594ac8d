"""One line of the lock of shapes: what stands at one place of an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

FEW, SOME, MANY = range(3)
_SEEN = ("seen in few answers", "seen in some answers", "")
_FORMS = ("uuid", "date-time", "date", "email", "uri")
_KINDS = ("array", "boolean", "integer", "map", "null", "number", "object", "string")
_CHOICE = re.compile(r"one of ([A-Za-z_-]+(?:, [A-Za-z_-]+)*)")


@dataclass(frozen=True, slots=True)
class Line:
    """`kinds` are JSON types, and `map` for an object whose keys are data; `form` is the format of all its texts.

    `words` is the whole set of its texts, empty when there is none. `optional`: objects were seen without it.
    `evidence` is how much was seen: nothing rare is ruled out by a few answers. `texts` are the words that a run saw,
    whether they are all or not, None when some text was no word; the file does not have them.
    """

    kinds: frozenset[str]
    form: str = ""
    words: frozenset[str] = frozenset()
    optional: bool = False
    evidence: int = FEW
    texts: frozenset[str] | None = field(default=None, compare=False)

    @property
    def types(self) -> str:
        """What a value there is: `email | null`."""
        text = f"one of {', '.join(sorted(self.words))}" if self.words else self.form or "string"
        return " | ".join(text if kind == "string" else kind for kind in sorted(self.kinds))

    def __str__(self) -> str:
        """As it stands in the file: `email | null; optional`."""
        return "; ".join(filter(None, (self.types, "optional" if self.optional else "", _SEEN[self.evidence])))


def line_of(text: str) -> Line:
    """The line that a text says; ValueError for one that says nothing."""
    said, *words = text.split("; ")
    kinds, form, choice = set(), "", frozenset[str]()
    for part in said.split(" | "):
        if part in _KINDS:
            kinds.add(part)
            continue
        kinds.add("string")
        found = _CHOICE.fullmatch(part)
        if found:
            choice = frozenset(found[1].split(", "))
        elif part in _FORMS:
            form = part
        else:
            raise ValueError(f"no type of a value: {part}")
    optional = "optional" in words
    rest = [word for word in words if word != "optional"] or [""]
    if len(rest) > 1 or rest[0] not in _SEEN:
        raise ValueError(f"nothing that is said of a field: {'; '.join(rest)}")
    return Line(frozenset(kinds), form, choice, optional, _SEEN.index(rest[0]))
