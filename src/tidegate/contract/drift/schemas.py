"""What changed between two schemas, for whoever writes values of them or reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

from tidegate.contract.drift import variants
from tidegate.contract.drift.alike import uses
from tidegate.contract.drift.fields import renamed
from tidegate.contract.drift.limits import steps, types, unlike
from tidegate.contract.drift.side import Pair, Side
from tidegate.contract.drift.views import ANY, View, named_view, view

Way = Literal["request", "answer"]
_HIDDEN = {"answer": "writeOnly", "request": "readOnly"}
_WAYS: tuple[Way, ...] = ("answer", "request")
Node = tuple[str, str, Way]
_FAR = 4  # named schemas that are looked at to see whether two others are equal
_CHOICE = 10  # levels for which a choice within a choice counts
_DEEP = 40  # schemas within each other, not counting named ones: more is no document that people wrote


@dataclass(slots=True)
class Found:
    """What differs within one schema: (pointer, text, breaking), and the named schemas that it uses, where."""

    changes: dict[tuple[str, str], bool] = field(default_factory=dict)
    uses: dict[Node, str] = field(default_factory=dict)

    def add(self, pointer: str, text: str, breaking: bool) -> None:
        """Keeps a change, once."""
        self.changes[pointer, text] = breaking or self.changes.get((pointer, text), False)


class Schemas:
    """Compares pairs of schemas. A pair that both documents name is compared once for each way, however often used."""

    def __init__(self, pair: Pair, probes: int = 1, far: float = inf) -> None:
        self.pair = pair
        self.nodes: dict[Node, Found] = {}
        self._waiting: list[Node] = []
        self._probes = probes
        self._far: float = far

    def compare(self, old: Any, new: Any, way: Way, pointer: str = "") -> Found:
        """What differs between two schemas, those apart that both documents name."""
        found = Found()
        self._compare(old, new, way, pointer, found, 0)
        # Not by recursion: schemas use each other in chains of any length.
        while self._waiting and len(self.nodes) <= self._far:
            self._fill(self._waiting.pop())
        return found

    def _fill(self, node: Node) -> None:
        """Compares two named schemas; those that are written alike can differ in what they refer to alone."""
        one, other, way = node
        if one == other and self.pair.alike(one):
            with suppress(ValueError):
                for ref, pointer in list(uses(self.pair.old.target(one), _HIDDEN[way])):
                    self._compare({"$ref": ref}, {"$ref": ref}, way, pointer, self.nodes[node], 0)
                return
        views = named_view(one, self.pair.old), named_view(other, self.pair.new)
        self._views(*views, way, "", self.nodes[node], 0)

    def _compare(self, old: Any, new: Any, way: Way, pointer: str, found: Found, depth: int) -> None:
        if depth > _DEEP or self.pair.same(old, new):
            return
        (one, old), (other, new) = self.pair.old.follow(old), self.pair.new.follow(new)
        if one and other:
            node = (one, other, way)
            found.uses.setdefault(node, pointer)
            if node not in self.nodes:
                self.nodes[node] = Found()
                self._waiting.append(node)
        else:
            views = view(old, self.pair.old), view(new, self.pair.new)
            self._views(*views, way, pointer, found, depth + 1)

    def _views(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        if depth > _DEEP or (old == new and self.pair.same(list(_parts(old)), list(_parts(new)))):
            return
        self._tags(old, new, way, pointer, found)
        if old.variants or new.variants:
            self._variants(old, new, way, pointer, found, depth)
            return
        for step in types(old, new) if unlike(old, new) else steps(old, new):
            found.add(pointer, step.text, step.less if way == "request" else step.more)
        if unlike(old, new):
            return
        self._words(old, new, way, pointer, found)
        self._fields(old, new, way, pointer, found, depth)
        self._further(old, new, way, f"{pointer}/*", found, depth)
        self._items(old, new, way, pointer, found, depth)

    def _words(self, old: View, new: View, way: Way, pointer: str, found: Found) -> None:
        for word in sorted(old.opaque.keys() | new.opaque.keys()):
            if not self.equal(old.opaque.get(word), new.opaque.get(word)):
                found.add(pointer, f"`{word}` changed", True)
        if new.deprecated and not old.deprecated:
            found.add(pointer, "deprecated", False)
        if way == "request" and old.default != new.default:
            found.add(
                pointer,
                f"default changed from {old.default or 'none'} to {new.default or 'none'}",
                bool(old.default and new.default),
            )

    def _tags(self, old: View, new: View, way: Way, pointer: str, found: Found) -> None:
        for name in sorted(old.tags.keys() & new.tags.keys()):
            gone, added = old.tags[name] - new.tags[name], new.tags[name] - old.tags[name]
            if gone or added:
                before, now = (", ".join(sorted(tags)) for tags in (old.tags[name], new.tags[name]))
                breaking = bool(gone if way == "request" else added)
                found.add(pointer, f"what stands for {name} changed from {before} to {now}", breaking)

    def _fields(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        one, other = self._shown(old, self.pair.old, way), self._shown(new, self.pair.new, way)
        names = renamed(
            {name: one[name] for name in one.keys() - other.keys()},
            {name: other[name] for name in other.keys() - one.keys()},
            self.equal,
        )
        for name in sorted(one.keys() | other.keys()):
            at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in other:
                guess = f"; renamed to {names[name]}?" if name in names else ""
                found.add(
                    at,
                    ("answers no longer have it" if way == "answer" else "requests can no longer send it") + guess,
                    True,
                )
            elif name not in one:
                needed = way == "request" and name in new.required
                found.add(at, "newly required" if needed else "new", needed)
            else:
                self._presence(name in old.required, name in new.required, way, at, found)
                self._compare(one[name], other[name], way, at, found, depth)

    def _presence(self, before: bool, now: bool, way: Way, pointer: str, found: Found) -> None:
        if before and not now:
            found.add(pointer, "no longer always there" if way == "answer" else "no longer required", way == "answer")
        elif now and not before:
            found.add(pointer, "newly required" if way == "request" else "always there now", way == "request")

    def _shown(self, seen: View, side: Side, way: Way) -> dict[str, Any]:
        """The fields that a value has on this way: a server writes no `writeOnly`, a client no `readOnly`."""
        hidden = _HIDDEN[way]
        every = {**dict.fromkeys(seen.required, True), **seen.properties}
        return {name: plain for name, plain in every.items() if not _is_hidden(plain, hidden, side)}

    def _further(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        for one, other in ((old.further, new.further), *_pairs(old.named, new.named)):
            if (one is False) != (other is False):
                closed = other is False
                breaking = closed and (way == "request" or one not in (True, ANY))
                found.add(pointer, "no further fields allowed" if closed else "further fields allowed", breaking)
            elif one is not False:
                self._compare(one, other, way, pointer, found, depth)

    def _items(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        self._compare(old.items, new.items, way, f"{pointer}/*", found, depth)
        for at in range(max(len(old.first), len(new.first))):
            one = old.first[at] if at < len(old.first) else old.items
            other = new.first[at] if at < len(new.first) else new.items
            self._compare(one, other, way, f"{pointer}/{at}", found, depth)

    def _variants(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        one, other = variants.of(old, self.pair.old), variants.of(new, self.pair.new)
        pairs, gone, added = variants.paired(one, other, self.equal)
        for before, now in pairs:
            if before.named and now.named:
                self._compare(before.plain, now.plain, way, pointer, found, depth)
            else:
                self._views(before.view, now.view, way, pointer, found, depth + _CHOICE)
        for each in gone:
            found.add(pointer, f"no longer {each.said}", way == "request")
        for each in added:
            found.add(pointer, f"newly also {each.said}", way == "answer")

    def equal(self, old: Any, new: Any) -> bool:
        """Whether two schemas allow the same to whoever reads and whoever writes, as far as one can see."""
        if old is None or new is None or not self._probes or self.pair.same(old, new):
            return bool(old == new) and self.pair.same(old, new)
        probe = Schemas(self.pair, self._probes - 1, _FAR)
        for way in _WAYS:
            found = probe.compare(old, new, way)
            if probe._waiting or any(each.changes for each in (found, *probe.nodes.values())):
                return False
        return True


def _is_hidden(plain: Any, word: str, side: Side) -> bool:
    if not isinstance(plain, Mapping) or plain.get(word) is True:
        return isinstance(plain, Mapping)
    target = side.follow(plain)[1]
    if not isinstance(target, Mapping) or target.get(word) is True:
        return isinstance(target, Mapping)
    return ("$ref" in target or "allOf" in target) and word in view(target, side).hidden


def _parts(found: View) -> Iterator[Any]:
    yield from (found.properties, found.further, found.named, found.items, found.first, found.variants, found.opaque)


def _pairs(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for name in sorted(one.keys() | other.keys()):
        yield one.get(name, True), other.get(name, True)
