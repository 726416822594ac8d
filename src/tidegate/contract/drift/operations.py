"""What changed about an operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tidegate.contract.drift.reading import Alternative, Key, Reading, media
from tidegate.contract.drift.schemas import Found, Schemas, Way
from tidegate.contract.drift.side import Plain, mapping

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


@dataclass(slots=True)
class Compared:
    """Changes of one operation that no schema has: (where, text, breaking); and what its schemas have, by place."""

    reading: Reading
    changes: list[tuple[str, str, bool]] = field(default_factory=list)
    schemas: dict[str, Found] = field(default_factory=dict)

    def add(self, where: str, text: str, breaking: bool) -> None:
        """Keeps a change."""
        self.changes.append((where, text, breaking))


class Operations:
    """Compares pairs of operations."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas

    def compare(self, old: Reading, new: Reading) -> Compared:
        """What differs between an operation and its successor."""
        found = Compared(new)
        if old.bases != new.bases:
            gone, text = old.bases - new.bases, f"base path changed from {_paths(old.bases)} to {_paths(new.bases)}"
            found.add("base path", text, bool(gone))
        if new.plain.get("deprecated") is True and old.plain.get("deprecated") is not True:
            found.add("", "deprecated", False)
        for where, text, breaking in _security(old, new):
            found.add(where, text, breaking)
        self._parameters(old, new, found)
        self._body(old.body, new.body, found)
        self._answers(old.answers, new.answers, found)
        return found

    def _schema(self, place: str, old: object, new: object, way: Way, found: Compared) -> None:
        compared = self._schemas.compare(old, new, way)
        if compared.changes or compared.uses:
            found.schemas[place] = compared

    def _parameters(self, old: Reading, new: Reading, found: Compared) -> None:
        one, other = old.parameters, new.parameters
        for key in sorted(one.keys() | other.keys()):
            before, now = one.get(key), other.get(key)
            where = f"request {key[0]} {(now or before or {}).get('name')}"
            if now is None:
                found.add(where, "removed: requests can no longer send it", key[0] != "path")
            elif before is None:
                needed = now.get("required") is True
                found.add(where, "newly required" if needed else "new", needed and key[0] != "path")
            else:
                self._parameter(key, where, before, now, found)

    def _parameter(self, key: Key, where: str, old: Plain, new: Plain, found: Compared) -> None:
        before, now = old.get("required") is True, new.get("required") is True
        if before != now:
            found.add(where, "newly required" if now else "no longer required", now)
        if new.get("deprecated") is True and old.get("deprecated") is not True:
            found.add(where, "deprecated", False)
        one, other = _form(key[0], old), _form(key[0], new)
        if one != other:
            found.add(where, f"form changed from {one} to {other}", True)
        self._schema(where, _value(old), _value(new), "request", found)

    def _body(self, old: Plain, new: Plain, found: Compared) -> None:
        if not old and not new:
            return
        before, now = old.get("required") is True, new.get("required") is True
        if not new:
            found.add("request body", "removed: requests can no longer send one", True)
        elif before != now:
            found.add("request body", "newly required" if now else "no longer required", now)
        elif not old:
            found.add("request body", "new", False)
        if old and new:
            self._media("request", media(old), media(new), "request", found)

    def _answers(self, old: dict[str, Plain], new: dict[str, Plain], found: Compared) -> None:
        explicit = any(status.startswith("2") for status in old)
        for status in sorted(old.keys() | new.keys()):
            where = status.lower() if status == "DEFAULT" else status
            now = new.get(status, new.get(f"{status[0]}XX"))
            if status not in old:
                found.add(where, "new", False)
            elif now is None:
                good = status[0] in "23" or (status == "DEFAULT" and not explicit)
                found.add(where, "no longer answered", good and not _is_spelled_out(status, new))
            else:
                self._media(where, media(old[status]), media(now), "answer", found)
                self._headers(where, mapping(old[status].get("headers")), mapping(now.get("headers")), found)

    def _media(self, where: str, old: dict[str, object], new: dict[str, object], way: Way, found: Compared) -> None:
        for name in sorted(old.keys() | new.keys()):
            if name not in new:
                found.add(
                    f"{where} body", f"{name} {'no longer taken' if way == 'request' else 'no longer answered'}", True
                )
            elif name not in old:
                found.add(f"{where} body", f"{name} is new", False)
            else:
                main = len(old) == 1 or name == "application/json"
                self._schema(f"{where} body" if main else f"{where} body ({name})", old[name], new[name], way, found)

    def _headers(self, where: str, old: Plain, new: Plain, found: Compared) -> None:
        one = {str(name).lower(): (str(name), self._schemas.pair.old.resolve(each)) for name, each in old.items()}
        other = {str(name).lower(): (str(name), self._schemas.pair.new.resolve(each)) for name, each in new.items()}
        for key in sorted((one.keys() | other.keys()) - {"content-type"}):
            name = (other.get(key) or one[key])[0]
            at = f"{where} header {name}"
            if key not in other:
                found.add(at, "answers no longer have it", True)
            elif key not in one:
                found.add(at, "new", False)
            else:
                before, now = one[key][1], other[key][1]
                if (before.get("required") is True) != (now.get("required") is True):
                    kept = now.get("required") is True
                    found.add(at, "always there now" if kept else "no longer always there", not kept)
                self._schema(at, _value(before), _value(now), "answer", found)


def _security(old: Reading, new: Reading) -> Iterator[tuple[str, str, bool]]:
    one, other = old.security, new.security
    if _kinds(one) == _kinds(other):
        return
    refused = [way for way in one if not any(_within(each, way) for each in other)]
    newly = " or ".join(sorted(map(_said, other)))
    if frozenset() in refused:
        yield "security", f"newly demanded: {newly}", True
    elif refused:
        yield "security", f"{' or '.join(sorted(map(_said, refused)))} no longer enough, but {newly}", True
    else:
        yield "security", f"now enough: {newly}", False


def _kinds(ways: frozenset[Alternative]) -> set[frozenset[tuple[str, tuple[str, ...]]]]:
    return {frozenset(each[1:] for each in way) for way in ways}


def _within(way: Alternative, other: Alternative) -> bool:
    """Whether whoever has all of `other` has all of `way`."""
    have = {kind: set(scopes) for _, kind, scopes in other}
    return all(kind in have and set(scopes) <= have[kind] for _, kind, scopes in way)


def _said(way: Alternative) -> str:
    parts = [f"{name} ({kind}{': ' + ' '.join(scopes) if scopes else ''})" for name, kind, scopes in sorted(way)]
    return " and ".join(parts) or "nothing"


def _is_spelled_out(status: str, new: dict[str, Plain]) -> bool:
    """Whether single statuses stand where a class of them was promised (OpenAPI 3.1, 4.8.16)."""
    return status.endswith("XX") and any(each.startswith(status[0]) for each in new)


def _value(plain: Plain) -> object:
    return next(iter(media(plain).values()), plain.get("schema", True))


def _form(place: str, plain: Plain) -> str:
    if content := media(plain):
        return next(iter(content))
    style = str(plain.get("style", _STYLES.get(place, "form")))
    return style + (" exploded" if plain.get("explode", style == "form") is True else "")


def _paths(bases: frozenset[str]) -> str:
    return " or ".join(sorted(base or "/" for base in bases))
