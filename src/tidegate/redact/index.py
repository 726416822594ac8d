"""Finding any of thousands of values in a text, in a time that does not grow with their number.

A text is looked at in pieces of a few bytes, every few bytes; of each value some pieces are known, so many that
wherever the value stands, one of them is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from tidegate.redact.spellings import spellings
from tidegate.redact.views import oddly_escaped, views

Span = tuple[int, int]
_NUMBERS: Mapping[int, Literal["I", "Q"]] = {4: "I", 8: "Q"}  # as which pieces of so many bytes are read, all at once


class Pieces:
    """Pieces of `width` bytes of some spellings; a text's are taken at every `step`th byte."""

    def __init__(self, width: int, step: int) -> None:
        self._width, self._step = width, step
        self._values: dict[int, str | list[str]] = {}

    @property
    def shortest(self) -> int:
        """The length of the shortest spelling that can be found so, in bytes."""
        return self._width + self._step - 1

    def add(self, value: str, spelling: bytes) -> None:
        """Takes over a value in one of its spellings."""
        for piece in self._rarest(spelling):
            known = self._values.setdefault(piece, value)
            if isinstance(known, list):
                known.append(value)
            elif known != value:
                self._values[piece] = [known, value]

    def candidates(self, text: memoryview) -> set[str]:
        """The values that may stand in the text."""
        if not self._values:
            return set()
        pieces: list[int] = []
        for start in range(0, self._width, self._step):
            whole = (len(text) - start) // self._width * self._width
            pieces += text[start : start + max(whole, 0)].cast(_NUMBERS[self._width]).tolist()
        if self._values.keys().isdisjoint(pieces):
            return set()
        found = (self._values[piece] for piece in self._values.keys() & pieces)
        return {value for known in found for value in ([known] if isinstance(known, str) else known)}

    def _rarest(self, spelling: bytes) -> list[int]:
        """The pieces from one place on, by which few other values are found: many begin alike."""
        last, width = len(spelling) - self.shortest, self._width
        best, least = list[int](), 0
        for part in (2, 4, 3, 1, 0):
            start = last * part // 4
            places = range(start, start + self._step)
            pieces = [int.from_bytes(spelling[at : at + width], sys.byteorder) for at in places]
            if self._values.keys().isdisjoint(pieces):
                return pieces
            crowd = sum(len(known) for piece in pieces if isinstance(known := self._values.get(piece), list))
            if not best or crowd < least:
                best, least = pieces, crowd
        return best


class Index:
    """Where in a text the values stand, however they are spelled."""

    _FEW = 2  # short values, which are found faster each by itself

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._alone: dict[str, None] = {}
        self._short, self._middle, self._long = self._all = Pieces(4, 2), Pieces(8, 4), Pieces(8, 8)
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Takes over a value."""
        forms = [_raw(form) for form in _apart(spellings(value))]
        shortest = min(map(len, forms))
        few = len(self._alone) < self._FEW
        if shortest < self._short.shortest or (shortest < self._middle.shortest and few):
            self._alone[value] = None
            return
        pieces = [each for each in self._all if shortest >= each.shortest][-1]
        for form in forms:
            pieces.add(value, form)

    def has(self, text: str) -> bool:
        """Whether any value stands in the text as it is."""
        return any(form in text for value in self._candidates(text) for form in spellings(value))

    def spans(self, text: str) -> list[Span]:
        """Where values stand, from the first to the last, those that meet as one."""
        found = [*self._within(text)]
        if oddly_escaped(text):
            found += [view.span(*span) for view in views(text) for span in self._within(view.text)]
        return joined(found)

    def _within(self, text: str) -> Iterator[Span]:
        for value in self._candidates(text):
            for form in spellings(value):
                at = text.find(form)
                while at >= 0:
                    yield at, at + len(form)
                    at = text.find(form, at + 1)

    def _candidates(self, text: str) -> Iterable[str]:
        raw = memoryview(_raw(text))
        return {*self._alone, *(value for each in self._all for value in each.candidates(raw))}


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _apart(forms: tuple[str, ...]) -> list[str]:
    """The spellings without those that hold another one, by which they are found as well."""
    kept: list[str] = []
    for form in reversed(forms):
        if not any(each in form for each in kept):
            kept.append(form)
    return kept


def joined(spans: list[Span]) -> list[Span]:
    """The spans in their order, those that meet as one."""
    if len(spans) < 2:
        return spans
    spans = sorted(spans)
    joined = [spans[0]]
    for start, end in spans[1:]:
        if start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
