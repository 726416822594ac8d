"""Where an answer departs from the shapes that are locked.

A wrong alarm costs more than a late one, so what a few answers cannot rule out is no breach:

- Another type is one from the first answer on (of an error from some on: its parts differ by what was wrong). A whole
  number is a number everywhere, a fraction where whole numbers alone were seen in many answers is a breach.
- A field that went while another of its type came in the same object was renamed: a breach where some were seen, if no
  field of that object is optional, else where many were: such an API leaves out fields by chance.
- A field that only went, or only came, or is null for the first time: where many answers were seen. No field counts as
  new in an object whose fields are not all well known, since there may be more.
- A text without the form that all texts had: where some were seen. A word beyond a set: wherever there is a set.
- Never: an empty list or map, an optional field that is absent, an empty text, an operation or status not seen before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.shapes.line import MANY, SOME, Line
from tidegate.contract.shapes.seen import DEEPEST, LONGEST, kind_of
from tidegate.contract.shapes.settled import Lines, step
from tidegate.contract.shapes.shapes import LockedShapes
from tidegate.contract.shapes.words import format_of
from tidegate.records import Finding

_SHOWN = 40  # characters of a word in a message


def breaches(locked: LockedShapes, operation: str, status: int, value: Any) -> Iterator[Finding]:
    """Every difference between the value of an answer's JSON body and what is locked, each place once."""
    lines = locked.answers.get(f"{operation} {status}")
    if not lines:
        return
    found = set()
    for pointer, promised, came in _Answer(lines, status).breaches("", value, 0):
        if pointer not in found:
            found.add(pointer)
            yield Finding("changed-shape", operation, f"{status} body {pointer}".rstrip(), promised, came)


_Breach = tuple[str, str, str]


class _Answer:
    def __init__(self, lines: Lines, status: int) -> None:
        self._lines = lines
        self._error = status >= 400
        self._below: dict[str, dict[str, Line]] = {}
        for pointer, line in lines.items():
            above, _, last = pointer.rpartition("/")
            if pointer and last != "*":
                self._below.setdefault(above, {})[last] = line

    def breaches(self, pointer: str, value: Any, depth: int) -> Iterator[_Breach]:
        line = self._lines.get(pointer)
        if line is None or depth > DEEPEST:
            return
        kind = kind_of(value)
        if wrong := self._wrong_type(line, kind):
            yield pointer, str(line), wrong
        elif kind == "string":
            yield from _text(pointer, line, value)
        elif kind == "array":
            for each in value[:LONGEST]:
                yield from self.breaches(f"{pointer}/*", each, depth + 1)
        elif kind == "object" and "map" in line.kinds:
            for each in list(value.values())[:LONGEST]:
                yield from self.breaches(f"{pointer}/*", each, depth + 1)
        elif kind == "object" and "object" in line.kinds:
            yield from self._object(pointer, value, depth)

    def _wrong_type(self, line: Line, kind: str) -> str:
        kinds = line.kinds
        if kind in kinds or kinds <= {"null"} or (kind == "object" and "map" in kinds):
            return ""
        if kind == "null":
            return "null" if line.evidence == MANY else ""
        if kind == "integer" and "number" in kinds:
            return ""
        if kind == "number" and "integer" in kinds:
            return "a number with a fraction" if line.evidence == MANY else ""
        return kind if line.evidence >= SOME or not self._error else ""

    def _object(self, pointer: str, value: Mapping[str, Any], depth: int) -> Iterator[_Breach]:
        known = self._below.get(pointer, {})
        present = {step(str(name))[1:]: each for name, each in value.items()}
        gone = [name for name in sorted(known) if name not in present and not known[name].optional]
        added = [name for name in sorted(present) if name not in known]
        enough = MANY if any(each.optional for each in known.values()) else SOME
        for name in gone:
            other = next((each for each in added if _like(known[name], present[each])), None)
            if other is not None and known[name].evidence >= enough:
                added.remove(other)
                yield f"{pointer}/{name}", str(known[name]), f"no such field, but {other}: renamed?"
            elif known[name].evidence == MANY:
                yield f"{pointer}/{name}", str(known[name]), "no such field"
        if _is_well_known(known):
            for name in added:
                yield f"{pointer}/{name}", "no such field", f"a new field: {_said(present[name])}"
        for name, each in present.items():
            if name in known:
                yield from self.breaches(f"{pointer}/{name}", each, depth + 1)


def _is_well_known(known: Mapping[str, Line]) -> bool:
    """Whether there was an object in many answers, and no field of it only in a few: then hardly one was missed."""
    steady = [each for each in known.values() if not each.optional]
    return any(each.evidence == MANY for each in steady) and all(each.evidence >= SOME for each in known.values())


def _like(line: Line, value: Any) -> bool:
    """Whether a value can be that of a field under another name."""
    kind = kind_of(value)
    if kind == "string":
        return "string" in line.kinds and (not value or format_of(value) == line.form)
    return (
        kind in line.kinds
        or (kind == "integer" and "number" in line.kinds)
        or (kind == "object" and "map" in line.kinds)
    )


def _text(pointer: str, line: Line, value: str) -> Iterator[_Breach]:
    if line.words and value and value not in line.words:
        yield pointer, str(line), f'"{value[:_SHOWN]}"'
    elif line.form and value and line.evidence >= SOME and (form := format_of(value)) != line.form:
        yield pointer, str(line), form or "another text"


def _said(value: Any) -> str:
    kind = kind_of(value)
    return (format_of(value) or kind) if isinstance(value, str) else kind
