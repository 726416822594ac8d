"""What pytest leaves of a secret when it cuts a long value, or leaves out what two values share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

CUT = "..."
_END = 6  # characters at an end of a secret that, next to a cut, are taken for it
_PIECE, _GRAM = 16, 12  # characters of a secret that are taken for it anywhere, and those that find them
_APART = _PIECE - _GRAM + 1  # every piece that is long enough holds one of the grams that stand so far apart
_FURTHEST = 4096  # from a cut
# Such a secret is nothing but itself; an URL or a path shares pieces with much that may be shown.
_OPAQUE = re.compile(r"[\w.~+=-][\w.~+/=-]{22,}[\w.~+/=-]", re.ASCII)
_SIGNED = re.compile(r"eyJ[\w-]+\.")  # a web token's head is the same in all of a kind


class _Places:
    """Secrets by parts of them."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[str, ...]] = {}

    def add(self, part: str, secret: str) -> None:
        self._of[part] = (*self._of.get(part, ()), secret)

    def remove(self, part: str, secret: str) -> None:
        left = tuple(each for each in self._of.pop(part, ()) if each != secret)
        if left:
            self._of[part] = left

    def at(self, part: str) -> tuple[str, ...]:
        return self._of.get(part, ())


class Ends:
    """The ends and the pieces of secrets; with `most`, of so many of the latest."""

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._known: dict[str, None] = {}
        self._shared: re.Pattern[str] | None = None
        self._heads, self._tails, self._grams = _Places(), _Places(), _Places()

    def share(self, shared: re.Pattern[str]) -> None:
        """Takes for no part of a secret what matches: values that may be shown have it as well."""
        self._shared = shared
        self._heads, self._tails, self._grams = _Places(), _Places(), _Places()
        for value in self._known:
            self._each(value, _Places.add)

    def add(self, value: str) -> None:
        """Takes over a secret."""
        self._known[value] = None
        self._each(value, _Places.add)
        if len(self._known) > self._most > 0:
            first = next(iter(self._known))
            del self._known[first]
            self._each(first, _Places.remove)

    def _each(self, value: str, do: Callable[[_Places, str, str], None]) -> None:
        for own in self._shared.split(value) if self._shared else (value,):
            for form in {own, repr(own)[1:-1]}:
                if len(form) > _END:
                    do(self._heads, form[:_END], form)
                    do(self._tails, form[-_END:], form)
            if _OPAQUE.fullmatch(own):
                for gram in {*_grams(own)}:
                    do(self._grams, gram, own)

    def within(self, text: str) -> Iterator[tuple[int, int]]:
        """Where parts of secrets stand in the text."""
        if self._known:
            yield from self._pieces(text)
            yield from self._at_cuts(text)

    def _at_cuts(self, text: str) -> Iterator[tuple[int, int]]:
        """Where an end of a secret stands beside a cut, as in `'k7Qz2mWv9Xc4...b6Yd3Hs5Jf0Ga'`."""
        at = text.find(CUT)
        while at >= 0:
            if head := self._head(text[max(0, at - _FURTHEST) : at]):
                yield at - head, at
            after = at + len(CUT)
            if tail := self._tail(text[after : after + _FURTHEST].partition(CUT)[0]):
                yield after, after + tail
            at = text.find(CUT, after)

    def _pieces(self, text: str) -> Iterator[tuple[int, int]]:
        """Where long pieces of a secret stand."""
        at = 0
        while at <= len(text) - _GRAM:
            found = max((_stretch(text, at, value) for value in self._grams.at(text[at : at + _GRAM])), default=None)
            if found and found[1] - found[0] >= _PIECE:
                yield found
                at = found[1]
            else:
                at += 1

    def _head(self, part: str) -> int:
        """How many characters at the end of `part` are the start of a secret."""
        for at in range(len(part) - _END + 1):
            if any(form.startswith(part[at:]) for form in self._heads.at(part[at : at + _END])):
                return len(part) - at
        return 0

    def _tail(self, part: str) -> int:
        """How many characters at the start of `part` are the end of a secret."""
        for at in range(len(part) - _END, -1, -1):
            if any(form.endswith(part[: at + _END]) for form in self._tails.at(part[at : at + _END])):
                return at + _END
        return 0


def _grams(value: str) -> Iterator[str]:
    head = _SIGNED.match(value)
    first = head.end() if head and value.count(".") == 2 else 0
    grams = (value[at : at + _GRAM] for at in range(first, len(value) - _GRAM + 1, _APART))
    return (gram for gram in grams if len({*gram}) > 2)  # filling stands in what is no secret, too


def _stretch(text: str, at: int, value: str) -> tuple[int, int]:
    """The piece of `value` around a gram that is in `text` at `at`."""
    best = (at, at + _GRAM)
    inside = value.find(text[at : at + _GRAM])
    while inside >= 0:
        before = after = 0
        while before < min(at, inside) and text[at - before - 1] == value[inside - before - 1]:
            before += 1
        start, end = at + _GRAM, inside + _GRAM
        while start + after < len(text) and end + after < len(value) and text[start + after] == value[end + after]:
            after += 1
        best = max(best, (at - before, at + _GRAM + after), key=lambda piece: piece[1] - piece[0])
        inside = value.find(text[at : at + _GRAM], inside + 1)
    return best
