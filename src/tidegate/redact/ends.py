"""What pytest leaves of a secret when it cuts a long value, or leaves out what two values share."""

from __future__ import annotations

import re
from collections.abc import Iterator

CUT = "..."
_END = 6  # characters at an end of a secret that, next to a cut, are taken for it
_PIECE, _GRAM = 16, 12  # characters of a secret that are taken for it anywhere, and those that find them
_APART = _PIECE - _GRAM + 1  # every piece that is long enough holds one of the grams that stand so far apart
_FURTHEST = 4096  # from a cut
# Such a secret is nothing but itself; an URL or a path shares pieces with much that may be shown.
_OPAQUE = re.compile(r"[\w.~+=-][\w.~+/=-]{22,}[\w.~+/=-]", re.ASCII)
_SIGNED = re.compile(r"eyJ[\w-]+\.")  # a web token's head is the same in all of a kind
_PIECED = 2_000  # secrets whose pieces are known, the latest


class Ends:
    """The ends and the pieces of secrets."""

    def __init__(self) -> None:
        self._heads: dict[str, set[str]] = {}
        self._tails: dict[str, set[str]] = {}
        self._grams: dict[str, set[str]] = {}
        self._pieced: dict[str, None] = {}

    def add(self, value: str) -> None:
        """Takes over a secret."""
        forms = {value, repr(value)[1:-1]}
        for form in forms:
            if len(form) > _END:
                self._heads.setdefault(form[:_END], set()).add(form)
                self._tails.setdefault(form[-_END:], set()).add(form)
        if _OPAQUE.fullmatch(value):
            self._pieced[value] = None
            for gram in _grams(value):
                self._grams.setdefault(gram, set()).add(value)
            if len(self._pieced) > _PIECED:
                self._forget(next(iter(self._pieced)))

    def at_cuts(self, text: str) -> Iterator[tuple[int, int]]:
        """Where an end of a secret stands beside a cut, as in `'k7Qz2mWv9Xc4...b6Yd3Hs5Jf0Ga'`."""
        at = text.find(CUT)
        while at >= 0:
            if head := self._head(text[max(0, at - _FURTHEST) : at]):
                yield at - head, at
            after = at + len(CUT)
            if tail := self._tail(text[after : after + _FURTHEST].partition(CUT)[0]):
                yield after, after + tail
            at = text.find(CUT, after)

    def pieces(self, text: str) -> Iterator[tuple[int, int]]:
        """Where long pieces of a secret stand."""
        at = 0
        while self._grams and at <= len(text) - _GRAM:
            found = max(
                (_stretch(text, at, value) for value in self._grams.get(text[at : at + _GRAM], ())), default=None
            )
            if found and found[1] - found[0] >= _PIECE:
                yield found
                at = found[1]
            else:
                at += 1

    def _head(self, part: str) -> int:
        """How many characters at the end of `part` are the start of a secret."""
        for at in range(len(part) - _END + 1):
            if any(form.startswith(part[at:]) for form in self._heads.get(part[at : at + _END], ())):
                return len(part) - at
        return 0

    def _tail(self, part: str) -> int:
        """How many characters at the start of `part` are the end of a secret."""
        for at in range(len(part) - _END, -1, -1):
            if any(form.endswith(part[: at + _END]) for form in self._tails.get(part[at : at + _END], ())):
                return at + _END
        return 0

    def _forget(self, value: str) -> None:
        del self._pieced[value]
        for gram in _grams(value):
            if known := self._grams.get(gram):
                known.discard(value)
                if not known:
                    del self._grams[gram]


def _grams(value: str) -> Iterator[str]:
    head = _SIGNED.match(value)
    first = head.end() if head and value.count(".") == 2 else 0
    return (value[at : at + _GRAM] for at in range(first, len(value) - _GRAM + 1, _APART))


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
