"""A text as those read it who undo its escapes, and where in the text each character of it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cached_property

_DEPTH = 3  # JSON within JSON within a URL
# Backslashes as in JSON (RFC 8259, 7) and in Python's repr, percent-encoding (RFC 3986, 2.1), entities of HTML (13.5).
_ESCAPED = re.compile(
    r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|.)|(?:%[0-9a-fA-F]{2})+"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});",
    re.DOTALL,
)
# What is escaped without need, so that no usual spelling of a secret is that
_ODD = re.compile(r"\\(?:u00[2-7]|x[2-7]|U000000[2-7])|%[0-9a-fA-F]{2}|&#?\w{1,8};")
_LETTERS = {r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\b": "\b", r"\f": "\f", r"\/": "/", r"\\": "\\", r"\"": '"'}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")  # one character, escaped as two


def oddly_escaped(text: str) -> bool:
    """Whether a secret may stand in the text in a way that `spellings` does not know."""
    return ("\\" in text or "%" in text or "&" in text) and _ODD.search(text) is not None


class View:
    """What a text, or a view of one, says once its escapes are undone."""

    def __init__(self, source: View | str) -> None:
        self._above = source if isinstance(source, View) else None
        self._source: str = source.text if isinstance(source, View) else source
        plain = _ESCAPED.sub(_plain, self._source)
        self.text: str = _PAIR.sub(_joined, plain)

    @property
    def differs(self) -> bool:
        """Whether anything was escaped."""
        return self.text != self._source

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text that all began with these characters stand."""
        start, end = self._places[start], self._places[end]
        return self._above.span(start, end) if self._above else (start, end)

    @cached_property
    def _places(self) -> list[int]:
        places, halves, done = list[int](), list[str](), 0
        for found in _ESCAPED.finditer(self._source):
            places += range(done, found.start())
            halves += self._source[done : found.start()]
            at = found.start()
            for char, length in _lengths(found[0]):
                places.append(at)
                halves.append(char)
                at += length
            done = found.end()
        places += range(done, len(self._source) + 1)
        halves += self._source[done:]
        for pair in reversed([*_PAIR.finditer("".join(halves))]):
            del places[pair.start() + 1]
        return places


def views(text: str) -> Iterator[View]:
    """The text with its escapes undone, once, and as often as it goes."""
    view = View(text)
    for _ in range(_DEPTH):
        if not view.differs:
            return
        yield view
        view = View(view)


def _plain(found: re.Match[str]) -> str:
    escaped = found[0]
    if escaped[0] == "%":
        return bytes.fromhex(escaped.replace("%", "")).decode("utf-8", "surrogateescape")
    if escaped[0] == "&":
        return html.unescape(escaped)
    if len(escaped) == 2:
        return _LETTERS.get(escaped, escaped[1] if escaped[1] == "'" else escaped)
    code = int(escaped[2:], 16)
    return chr(code) if code < 0x110000 else escaped


def _lengths(escaped: str) -> Iterator[tuple[str, int]]:
    """Each character of what was escaped, and how much of it stands for that character."""
    plain = _plain(re.fullmatch(_ESCAPED, escaped))  # type: ignore[arg-type]  # it is one
    if escaped[0] == "%":
        for char in plain:
            yield char, 3 * len(char.encode("utf-8", "surrogateescape"))
    else:
        yield plain[:1], len(escaped) - len(plain) + 1
        yield from ((char, 1) for char in plain[1:])


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
