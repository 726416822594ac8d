"""The operations of a document, ready to be set beside those of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidegate.contract.drift.side import Plain, Side, mapping
from tidegate.contract.lock import server_path

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_NAME = re.compile(r"\{([^{}]*)\}")
_IGNORED = ("accept", "content-type", "authorization")  # as header parameters (OpenAPI 3.1, 4.8.12.2)

Key = tuple[str, str]
Alternative = frozenset[tuple[str, str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One operation. `key` is the same whatever the parameters of the path are called."""

    method: str
    path: str
    plain: Plain
    item: Plain
    side: Side

    @property
    def key(self) -> Key:
        """What identifies it."""
        return self.method, _NAME.sub("{}", self.path)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> dict[Key, Plain]:
        """Its parameters, by place and name; those of the path by their position in it."""
        order = {name: str(at) for at, name in enumerate(_NAME.findall(self.path))}
        found = {}
        for given in (*_list(self.item.get("parameters")), *_list(self.plain.get("parameters"))):
            plain = self.side.resolve(given)
            place, name = str(plain.get("in")), str(plain.get("name"))
            if place == "header" and name.lower() in _IGNORED:
                continue
            found[place, {"path": order.get(name, name), "header": name.lower()}.get(place, name)] = plain
        return found

    @property
    def body(self) -> Plain:
        """What it takes."""
        return self.side.resolve(self.plain.get("requestBody"))

    @property
    def answers(self) -> dict[str, Plain]:
        """What it answers, by status."""
        every = mapping(self.plain.get("responses"))
        return {str(status).upper(): self.side.resolve(each) for status, each in every.items() if not _own(status)}

    @property
    def security(self) -> frozenset[Alternative]:
        """The ways to be let in, each a set of (name, what it is, scopes); an empty one: nobody is asked."""
        plain = self.plain.get("security", self.side.root.get("security"))
        ways = [each for each in _list(plain) if isinstance(each, Mapping)]
        return frozenset(map(self._alternative, ways)) or frozenset({frozenset()})

    def _alternative(self, plain: Plain) -> Alternative:
        schemes = mapping(mapping(self.side.root.get("components")).get("securitySchemes"))
        found = set()
        for name, scopes in plain.items():
            scheme = self.side.resolve(schemes.get(name))
            words = [str(scheme.get(word, "")).lower() for word in ("type", "scheme", "in", "name")]
            found.add((str(name), " ".join(filter(None, words)), tuple(sorted(map(str, _list(scopes))))))
        return frozenset(found)

    @property
    def bases(self) -> frozenset[str]:
        """The paths below which it answers."""
        for plain in (self.plain, self.item, self.side.root):
            if servers := _list(plain.get("servers")):
                return frozenset(server_path(server) for server in servers if isinstance(server, Mapping))
        return frozenset({""})


def readings(side: Side) -> dict[Key, Reading]:
    """Every operation of a document."""
    return {each.key: each for each in _readings(side)}


def _readings(side: Side) -> Iterator[Reading]:
    for path, given in mapping(side.root.get("paths")).items():
        item = side.resolve(given)
        for method in METHODS:
            if isinstance(plain := item.get(method), Mapping):
                yield Reading(method.upper(), str(path), plain, item, side)


def media(plain: Plain) -> dict[str, Any]:
    """Schemas by media type, which has no parameters and no capitals here (RFC 9110, 8.3.1)."""
    found = {}
    for name, each in mapping(plain.get("content")).items():
        found[str(name).partition(";")[0].strip().lower()] = mapping(each).get("schema", True)
    return found


def _own(status: Any) -> bool:
    return str(status).startswith("x-")


def _list(plain: Any) -> list[Any]:
    return plain if isinstance(plain, list) else []
