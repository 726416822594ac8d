"""Which path of the document a called one is (OpenAPI 3.1, 4.8.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

_NAME = re.compile(r"\{([^{}]*)\}")


class Entry(NamedTuple):
    """A path of the document: as it stands there, how literal it is, its parameters.

    `query` is what a call must have in its query, `asked` the names there that give values to further parameters.
    """

    text: str
    rank: tuple[int, ...]
    names: tuple[str, ...]
    query: frozenset[tuple[str, str]]
    asked: tuple[tuple[str, str], ...]


class Match(NamedTuple):
    """A path that fits, with the values of its parameters, decoded."""

    entry: Entry
    values: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    template: list[tuple[re.Pattern[str] | None, _Node]] = field(default_factory=list)
    ends: list[Entry] = field(default_factory=list)


class Paths:
    """A document's paths, found by their segments."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._top = _Node()
        self._wide: list[tuple[re.Pattern[str], Entry]] = []
        for text in texts:
            self._add(text)

    def _add(self, text: str) -> None:
        path, _, query = text.partition("#")[0].partition("?")
        names = tuple(name.strip("+*").partition("=")[0] for name in _NAME.findall(path))
        segments = path.removeprefix("/").split("/")
        rank = tuple(_rank(segment) for segment in segments)
        pairs = parse_qsl(query, keep_blank_values=True)
        fixed = frozenset(pair for pair in pairs if not _NAME.search("=".join(pair)))
        asked = tuple((found[1], name) for name, value in pairs if (found := _NAME.search(value)))
        entry = Entry(text, rank, names, fixed, asked)
        if re.search(r"\{[+*]|[+*]\}", path):  # a parameter that spans slashes, as some generators write it
            self._wide.append((re.compile(_pattern(path.removeprefix("/"), "(.+)")), entry))
            return
        node = self._top
        for segment in segments:
            node = _child(node, segment)
        node.ends.append(entry)

    def matches(self, path: str, query: str = "") -> list[Match]:
        """Every path that fits, the one with most literal text first; those that ask for a query only with it."""
        raw = path.removeprefix("/")
        segments = [unquote(segment) for segment in raw.split("/")]
        found = [Match(entry, values) for entry, values in _walk(self._top, segments, 0, ())]
        for pattern, entry in self._wide:
            if fits := pattern.fullmatch(raw):
                found.append(Match(entry, tuple(unquote(value) for value in fits.groups())))
        if len(found) == 1 and not found[0].entry.query:
            return found
        asked = frozenset(parse_qsl(query, keep_blank_values=True))
        fitting = [each for each in found if each.entry.query <= asked]
        given = {key for key, _ in asked}
        return sorted(fitting, key=lambda each: _order(each.entry, given))


def _order(entry: Entry, given: set[str]) -> tuple[int, int, list[int]]:
    """What comes first: a path whose query the call has, then the more literal one, then the one that is so earlier."""
    missing = sum(1 if key in given else -1 for _, key in entry.asked)
    return -len(entry.query) - missing, -sum(entry.rank), [-each for each in entry.rank]


def _rank(segment: str) -> int:
    """How literal a segment is: wholly, in part, not at all."""
    if "{" not in segment:
        return 1000
    return min(len(_NAME.sub("", segment)), 99)


def _child(node: _Node, segment: str) -> _Node:
    if not _NAME.search(segment):
        return node.literal.setdefault(unquote(segment), _Node())
    pattern = None if _NAME.fullmatch(segment) else re.compile(_pattern(segment, "(.+?)"), re.DOTALL)
    for known, child in node.template:
        if known == pattern:
            return child
    node.template.append((pattern, _Node()))
    return node.template[-1][1]


def _pattern(text: str, value: str) -> str:
    parts = _NAME.split(text)
    return "".join(value if index % 2 else re.escape(unquote(part)) for index, part in enumerate(parts))


def _walk(
    node: _Node, segments: list[str], at: int, values: tuple[str, ...]
) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    if at == len(segments):
        for entry in node.ends:
            yield entry, values
        return
    segment = segments[at]
    literal = node.literal.get(segment)
    if literal is not None:
        yield from _walk(literal, segments, at + 1, values)
    for pattern, child in node.template if segment else ():
        if pattern is None:
            yield from _walk(child, segments, at + 1, (*values, segment))
        elif found := pattern.fullmatch(segment):
            yield from _walk(child, segments, at + 1, (*values, *found.groups()))


def named(match: Match, query: str) -> Mapping[str, str]:
    """The values by the names of their parameters."""
    found = dict(zip(match.entry.names, match.values, strict=False))
    if match.entry.asked:
        given = dict(parse_qsl(query, keep_blank_values=True))
        found |= {name: given[key] for name, key in match.entry.asked if key in given}
    return found
