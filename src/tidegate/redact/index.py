"""Finding any of thousands of values in a text, in a time that does not grow with their number.

A text is looked at in pieces of a few characters, every few characters; of each value some pieces are known, so many
that wherever the value stands, one of them is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tidegate.redact.spellings import spellings
from tidegate.redact.views import oddly_escaped, views

Span = tuple[int, int]


class Pieces:
    """Pieces of `width` characters of some spellings; a text's are taken at every `step`th character."""

    def __init__(self, width: int, step: int) -> None:
        self._width, self._step = width, step
        self._cut = re.compile(f"(?s).{{{width}}}")
        self._values: dict[str, str | list[str]] = {}

    @property
    def shortest(self) -> int:
        """The length of the shortest spelling that can be found so."""
        return self._width + self._step - 1

    def add(self, value: str, spelling: str) -> None:
        """Takes over a value in one of its spellings."""
        for piece in self._rarest(spelling):
            known = self._values.setdefault(piece, value)
            if isinstance(known, list):
                known.append(value)
            elif known != value:
                self._values[piece] = [known, value]

    def candidates(self, text: str) -> set[str]:
        """The values that may stand in the text."""
        if not self._values:
            return set()
        pieces = self._cut.findall(text)
        for start in range(self._step, self._width, self._step):
            pieces += self._cut.findall(text, start)
        if self._values.keys().isdisjoint(pieces):
            return set()
        found = (self._values[piece] for piece in self._values.keys() & pieces)
        return {value for known in found for value in ([known] if isinstance(known, str) else known)}

    def _rarest(self, spelling: str) -> list[str]:
        """The pieces from one place on, by which few other values are found: many begin alike."""
        last, width = len(spelling) - self.shortest, self._width
        best, least = list[str](), 0
        for part in (2, 4, 3, 1, 0):
            start = last * part // 4
            pieces = [spelling[at : at + width] for at in range(start, start + self._step)]
            if self._values.keys().isdisjoint(pieces):
                return pieces
            crowd = sum(len(known) for piece in pieces if isinstance(known := self._values.get(piece), list))
            if not best or crowd < least:
                best, least = pieces, crowd
        return best


class Index:
    """Where in a text the values stand, however they are spelled."""

    _FEW = 12  # short values, which are found faster each by itself

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._alone: dict[str, None] = {}
        self._short, self._long = Pieces(4, 2), Pieces(6, 6)
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Takes over a value."""
        forms = _apart(spellings(value))
        shortest = min(map(len, forms))
        if shortest < self._short.shortest or (shortest < self._long.shortest and len(self._alone) < self._FEW):
            self._alone[value] = None
            return
        pieces = self._long if shortest >= self._long.shortest else self._short
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
        return {*self._alone, *self._short.candidates(text), *self._long.candidates(text)}


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
