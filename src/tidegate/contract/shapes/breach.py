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
from tidegate.contract.shapes.place import Place
from tidegate.contract.shapes.seen import DEEPEST, LONGEST, kind_of
from tidegate.contract.shapes.settled import step
from tidegate.contract.shapes.shapes import LockedShapes
from tidegate.contract.shapes.words import format_of, has_format
from tidegate.records import Finding

_SHOWN = 40  # characters of a word in a message


def breaches(locked: LockedShapes, operation: str, status: int, value: Any) -> Iterator[Finding]:
    """Every difference between the value of an answer's JSON body and what is locked, each place once."""
    place = locked.place(f"{operation} {status}")
    if place is None:
        return
    answer = _Answer(status)
    answer.look(place, value, 0)
    for pointer, (promised, came) in answer.found.items():
        yield Finding("changed-shape", operation, f"{status} body {pointer}".rstrip(), promised, came)


class _Answer:
    def __init__(self, status: int) -> None:
        self._error = status >= 400
        self.found: dict[str, tuple[str, str]] = {}

    def look(self, place: Place, value: Any, depth: int) -> None:
        """Holds a value to what is locked of its place, and all that is below it."""
        line, kind = place.line, kind_of(value)
        if kind == "string" and kind in line.kinds:
            if line.form or line.words:
                self._text(place.pointer, line, value)
        elif wrong := self._wrong_type(line, kind):
            self._add(place.pointer, line.types, wrong)
        elif depth > DEEPEST:
            return
        elif kind == "array" and place.inner:
            for each in value[:LONGEST]:
                self.look(place.inner, each, depth + 1)
        elif kind == "object" and place.inner and "map" in line.kinds:
            for each in list(value.values())[:LONGEST]:
                self.look(place.inner, each, depth + 1)
        elif kind == "object" and "object" in line.kinds:
            self._object(place, value, depth)

    def _add(self, pointer: str, promised: str, came: str) -> None:
        self.found.setdefault(pointer, (promised, came))

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

    def _text(self, pointer: str, line: Line, value: str) -> None:
        if not value:
            return
        if line.words and value not in line.words:
            self._add(pointer, line.types, f'"{value[:_SHOWN]}"')
        elif line.form and line.evidence >= SOME and not has_format(value, line.form):
            self._add(pointer, line.types, format_of(value) or "another text")

    def _object(self, place: Place, value: Mapping[str, Any], depth: int) -> None:
        names, known = value.keys(), place.fields
        if not names >= place.steady or not known.keys() >= names:
            self._names(place, value, sorted(place.steady - names), sorted(names - known.keys()))
        for name, each in value.items():
            if name in known:
                self.look(known[name], each, depth + 1)

    def _names(self, place: Place, value: Mapping[str, Any], gone: list[str], added: list[str]) -> None:
        """Says which fields went, came, or have another name now."""
        enough = MANY if place.lacks_some else SOME
        for name in gone:
            line, pointer = place.fields[name].line, place.fields[name].pointer
            other = next((each for each in added if _like(line, value[each])), None)
            if other is not None and line.evidence >= enough:
                added.remove(other)
                self._add(pointer, line.types, f"no such field, but {other}: renamed?")
            elif line.evidence == MANY:
                self._add(pointer, line.types, "no such field")
        if added and place.is_well_known:
            for name in added:
                self._add(place.pointer + step(name), "no such field", f"a new field: {_said(value[name])}")


def _like(line: Line, value: Any) -> bool:
    """Whether a value can be that of a field under another name."""
    kind = kind_of(value)
    if kind == "string":
        return "string" in line.kinds and (not value or format_of(value) == line.form)
    alike = {"integer": "number", "object": "map"}
    return kind in line.kinds or alike.get(kind) in line.kinds


def _said(value: Any) -> str:
    kind = kind_of(value)
    return (format_of(value) or kind) if isinstance(value, str) else kind
