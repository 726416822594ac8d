"""What changed between two schemas, for whoever writes values of them or reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tidegate.contract.drift import variants
from tidegate.contract.drift.fields import renamed
from tidegate.contract.drift.limits import steps, types, unlike
from tidegate.contract.drift.side import Pair
from tidegate.contract.drift.views import ANY, View, view

Way = Literal["request", "answer"]
Node = tuple[str, str, Way]
_DEEP = 60  # schemas within each other, not counting named ones: more is no document that people wrote


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

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.nodes: dict[Node, Found] = {}

    def compare(self, old: Any, new: Any, way: Way, pointer: str = "") -> Found:
        """What differs between two schemas, those apart that both documents name."""
        found = Found()
        self._compare(old, new, way, pointer, found, 0)
        return found

    def _compare(self, old: Any, new: Any, way: Way, pointer: str, found: Found, depth: int) -> None:
        if depth > _DEEP or self.pair.same(old, new):
            return
        (one, old), (other, new) = self.pair.old.follow(old), self.pair.new.follow(new)
        if one and other:
            node = (one, other, way)
            found.uses.setdefault(node, pointer)
            self._name(node, old, new)
        else:
            views = view(old, self.pair.old), view(new, self.pair.new)
            self._views(*views, way, pointer, found, depth + 1)

    def _name(self, node: Node, old: Any, new: Any) -> None:
        if node not in self.nodes:
            found = self.nodes[node] = Found()  # there before it is filled: it may use itself
            self._views(view(old, self.pair.old), view(new, self.pair.new), node[2], "", found, 0)

    def _views(self, old: View, new: View, way: Way, pointer: str, found: Found, depth: int) -> None:
        if old == new and self.pair.same(list(_parts(old)), list(_parts(new))):
            return
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

    def _shown(self, seen: View, side: Any, way: Way) -> dict[str, Any]:
        """The fields that a value has on this way: a server writes no `writeOnly`, a client no `readOnly`."""
        hidden = "writeOnly" if way == "answer" else "readOnly"
        every = {**dict.fromkeys(seen.required, True), **seen.properties}
        return {
            name: plain
            for name, plain in every.items()
            if not (isinstance(plain, Mapping) and hidden in view(plain, side).hidden)
        }

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
                self._views(before.view, now.view, way, pointer, found, depth + 1)
        for each in gone:
            found.add(pointer, f"no longer {each.said}", way == "request")
        for each in added:
            found.add(pointer, f"newly also {each.said}", way == "answer")

    def equal(self, old: Any, new: Any) -> bool:
        """Whether two schemas allow the same to whoever reads and whoever writes, as far as one can see."""
        if old is None or new is None or self.pair.same(old, new):
            return bool(old == new) or self.pair.same(old, new)
        probe = Schemas(self.pair)
        roots = [probe.compare(old, new, "answer"), probe.compare(old, new, "request")]
        return not any(found.changes for found in (*roots, *probe.nodes.values()))


def _parts(found: View) -> Iterator[Any]:
    yield from (found.properties, found.further, found.named, found.items, found.first, found.variants, found.opaque)


def _pairs(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for name in sorted(one.keys() | other.keys()):
        yield one.get(name, True), other.get(name, True)
