"""One of the two documents of a comparison: its references, and which of its parts are as in the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

Plain = Mapping[str, Any]


class Side:
    """A document as plain data, whose local references can be followed (RFC 6901; OpenAPI 3.1, 4.8.23)."""

    def __init__(self, root: Plain) -> None:
        self.root = root
        self.views: dict[str, Any] = {}
        self._found: dict[str, Any] = {}

    def target(self, ref: str) -> Any:
        """What a reference leads to; an empty schema, which says nothing, where it leads nowhere."""
        if ref not in self._found:
            self._found[ref] = self._look_up(ref)
        return self._found[ref]

    def follow(self, plain: Any) -> tuple[str, Any]:
        """The last reference of a chain, empty when there is none, and what it leads to."""
        last, seen = "", set()
        while isinstance(plain, Mapping) and isinstance(ref := plain.get("$ref"), str) and len(plain) == 1:
            if ref in seen:
                return last, {}
            seen.add(ref)
            last, plain = ref, self.target(ref)
        return last, plain

    def resolve(self, plain: Any) -> Plain:
        """An object that may be given as a reference, where words beside the reference mean nothing."""
        if isinstance(plain, Mapping) and isinstance(plain.get("$ref"), str):
            plain = self.follow({"$ref": plain["$ref"]})[1]
        return mapping(plain)

    def _look_up(self, ref: str) -> Any:
        found: Any = self.root
        for part in ref.removeprefix("#").split("/")[1:]:
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                return {}
        return found


def mapping(plain: Any) -> Plain:
    """The value where it is an object, else an empty one."""
    return plain if isinstance(plain, Mapping) else {}


def references(plain: Any) -> Iterator[str]:
    """Every reference within."""
    waiting = [plain]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(ref := each.get("$ref"), str):
                yield ref
            waiting.extend(value for value in each.values() if isinstance(value, (dict, list, tuple)))
        elif isinstance(each, (list, tuple)):
            waiting.extend(value for value in each if isinstance(value, (dict, list, tuple)))


class Pair:
    """Two documents; knows cheaply of most equal parts that they are equal."""

    def __init__(self, old: Plain, new: Plain) -> None:
        self.old, self.new = Side(old), Side(new)
        self._differs: dict[str, bool] = {}
        self._changed: set[str] = set()
        self._find_differences()

    def same(self, old: Any, new: Any) -> bool:
        """Whether both are written alike, and so is everything that they refer to."""
        return bool(old == new) and not any(self._differs.get(ref, False) for ref in references(old))

    def alike(self, ref: str) -> bool:
        """Whether both documents write what is there alike."""
        return ref not in self._changed

    def _find_differences(self) -> None:
        """Marks the references that lead to a difference, however far away."""
        used_by: dict[str, set[str]] = {}
        waiting = [(ref, "") for ref in references(self.old.root)]
        changed = []
        while waiting:
            ref, user = waiting.pop()
            known = used_by.get(ref)
            used_by.setdefault(ref, set()).add(user)
            if known is not None:
                continue
            target = self.old.target(ref)
            if target != self.new.target(ref):
                changed.append(ref)
                self._changed.add(ref)
            waiting.extend((inner, ref) for inner in references(target))
        while changed:
            ref = changed.pop()
            if ref and not self._differs.get(ref):
                self._differs[ref] = True
                changed.extend(used_by.get(ref, ()))
