"""Schemas of every version as JSON Schema 2020-12, for one direction (OpenAPI 3.0, 4.7.24; 3.1, 4.8.24)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.document import discriminator, pointers
from tidegate.contract.document.dispatch import Root
from tidegate.contract.document.keywords import FORMATS, IN_PLACE, LISTS, MAPS, ONE, PLAIN, RANGES, TYPES
from tidegate.contract.document.patterns import usable
from tidegate.contract.schema import Plain, Schema

_NONE: frozenset[str] = frozenset()


class Direction:
    """The schemas of a document for answers, or for requests; made when somebody looks, each one once.

    A field that travels only the other way is not required: `writeOnly` in answers, `readOnly` in requests.
    """

    def __init__(self, document: Mapping[str, Any], answers: bool) -> None:
        self.document = document
        self.siblings = not str(document.get("openapi", "3.0")).startswith("3.0")  # of $ref, honoured since 3.1
        self.other_way = "writeOnly" if answers else "readOnly"
        self.root = Root()
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._waiting: list[str] = []
        self._made: dict[int, tuple[Any, Schema]] = {}  # by identity, which holds while the node is kept
        self._heirs: dict[int, list[str]] | None = None

    def schema(self, node: Any) -> Schema | None:
        """The schema at a place of the document; the same one each time."""
        if not isinstance(node, (Mapping, bool)):
            return None
        place = self.follow(node) if isinstance(node, Mapping) and set(node) == {"$ref"} else node
        if id(place) not in self._made:
            self._made[id(place)] = place, Schema(lambda: self.normal(node), self.root)
        return self._made[id(place)][1]

    def normal(self, node: Any) -> Plain:
        """A schema and all that it refers to, which is then in `root`."""
        made = self._one(node)
        while self._waiting:
            ref = self._waiting.pop()
            self.root["$defs"][self._names[ref]] = self._one(self.target(ref))
        return made

    def target(self, ref: str) -> Any:
        """What a reference of the document names; True where a place is no schema."""
        node: Any = self.document
        for token in pointers.split(ref.removeprefix("#")):
            node = self.follow(node)
            try:
                node = pointers.step(node, token)
            except KeyError:
                return True
        return node

    def follow(self, node: Any) -> Any:
        """Past all `$ref`s."""
        for _ in range(100):
            if not (isinstance(node, Mapping) and isinstance(node.get("$ref"), str)):
                break
            node = self.target(node["$ref"])
        return node

    def heirs(self, node: Mapping[str, Any]) -> list[str]:
        """References to the schemas that are made of this one by allOf, directly or not."""
        if self._heirs is None:
            self._heirs = discriminator.inheritance(self)
        return self._heirs.get(id(node), [])

    def _one(self, node: Any, away: frozenset[str] = _NONE) -> Plain:
        if isinstance(node, bool):
            return node
        if not isinstance(node, Mapping):
            return True
        if isinstance(node.get("$ref"), str):
            return self._referred(node, away)
        return _nullable(node, self._keywords(node, away))

    def _referred(self, node: Mapping[str, Any], away: frozenset[str]) -> Plain:
        made: dict[str, Any] = {"$ref": self.ref(node["$ref"])}
        if self.siblings:
            rest = {key: value for key, value in node.items() if key not in ("$ref", "nullable")}
            made = {**self._keywords(rest, away), **made}
        return _nullable(node, made)

    def ref(self, ref: str) -> str:
        """The reference into `root`; what it names is made in due course."""
        if ref not in self._names:
            last = pointers.split(ref.removeprefix("#"))[-1:] or ["document"]
            name = re.sub(r"[^A-Za-z0-9._-]+", "_", last[0])
            self._names[ref] = next(each for each in _numbered(name) if each not in self._taken)
            self._taken.add(self._names[ref])
            self._waiting.append(ref)
        return f"#/$defs/{self._names[ref]}"

    def _keywords(self, node: Mapping[str, Any], away: frozenset[str]) -> dict[str, Any]:
        away = away | self._away(node)
        made: dict[str, Any] = {}
        for key, value in node.items():
            if key in LISTS and isinstance(value, list) and value:
                made[key] = [self._one(each, away) for each in value]
            elif key in MAPS and isinstance(value, Mapping):
                made[key] = {name: self._one(each) for name, each in value.items()}
            elif key in ONE and isinstance(value, (Mapping, bool)):
                made[key] = self._one(value, away if key in ("if", "then", "else") else _NONE)
            elif key in PLAIN and PLAIN[key](value):
                made[key] = value
        if made.get("additionalProperties") is False:  # where no field is named the validator names none that came
            made.setdefault("properties", {})
        self._typed(node, made)
        self._items(node, made)
        self._patterns(node, made)
        self._required(made, away)
        found = discriminator.mapped(node, self)
        return {**made, "discriminator": found} if found else made

    def _away(self, node: Mapping[str, Any]) -> frozenset[str]:
        """The fields that travel only the other way, also those of parts that are joined by allOf."""
        parts: list[Any] = [node]
        seen: list[Any] = []
        names: set[str] = set()
        while parts:
            part = self.follow(parts.pop())
            if not isinstance(part, Mapping) or any(part is each for each in seen):
                continue
            seen.append(part)
            parts += part["allOf"] if isinstance(part.get("allOf"), list) else []
            fields = part.get("properties")
            for name, field in (fields if isinstance(fields, Mapping) else {}).items():
                if self._flagged(field):
                    names.add(name)
        return frozenset(names)

    def _flagged(self, field: Any) -> bool:
        if not isinstance(field, Mapping):
            return False
        if field.get(self.other_way) is True and (self.siblings or "$ref" not in field):
            return True
        found = self.follow(field)
        if not isinstance(found, Mapping):
            return False
        parts = found["allOf"] if isinstance(found.get("allOf"), list) else []
        return found.get(self.other_way) is True or any(
            isinstance(part := self.follow(each), Mapping) and part.get(self.other_way) is True for each in parts
        )

    def _required(self, made: dict[str, Any], away: frozenset[str]) -> None:
        if "required" in made:
            made["required"] = [name for name in made["required"] if name not in away]
            if not made["required"]:
                del made["required"]
        if "dependentRequired" in made:
            pairs = made["dependentRequired"].items()
            made["dependentRequired"] = {key: [name for name in names if name not in away] for key, names in pairs}

    def _typed(self, node: Mapping[str, Any], made: dict[str, Any]) -> None:
        """Type, format and limits."""
        given = node.get("type")
        named = [each for each in (given if isinstance(given, list) else [given]) if isinstance(each, str)]
        types = [each for each in dict.fromkeys(named) if each in TYPES]
        if types and "file" not in named:
            made["type"] = types if isinstance(given, list) else types[0]
        if types and None in made.get("enum", ()) and "null" not in types:  # a type beside it would make it idle
            made["type"] = [*types, "null"]
        for limit, edge in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if node.get(edge) is True and limit in made:
                made[edge] = made.pop(limit)
        form = str(node.get("format"))
        if form in FORMATS and (not types or "string" in types):
            made["format"] = form
        if form in RANGES and types and set(types) <= {"integer", "number", "null"}:
            low, high = RANGES[form]
            made.setdefault("minimum", low)
            made.setdefault("maximum", high)

    def _items(self, node: Mapping[str, Any], made: dict[str, Any]) -> None:
        """Lists, also in the form before 2020-12, where `items` of several schemas stands for the first elements."""
        items = node.get("items")
        if isinstance(items, (Mapping, bool)):
            made["items"] = self._one(items)
        elif isinstance(items, list) and items:
            made["prefixItems"] = [self._one(each) for each in items]
            if isinstance(node.get("additionalItems"), (Mapping, bool)):
                made["items"] = self._one(node["additionalItems"])

    def _patterns(self, node: Mapping[str, Any], made: dict[str, Any]) -> None:
        pattern = node.get("pattern")
        if isinstance(pattern, str) and (taken := usable(pattern)) is not None:
            made["pattern"] = taken
        named = node.get("patternProperties")
        if isinstance(named, Mapping):
            spelled = {usable(name): self._one(each) for name, each in named.items()}
            made["patternProperties"] = {name: each for name, each in spelled.items() if name is not None}
            if None in spelled:  # nobody can say which fields it covers
                made.pop("additionalProperties", None)


def _nullable(node: Mapping[str, Any], made: dict[str, Any]) -> Plain:
    """Lets null through where the document says `nullable`, whatever else stands beside it.

    By the letter an enum or an allOf beside it forbids null all the same (OpenAPI 3.0.3, 4.7.24.1); nobody means that.
    """
    if node.get("nullable") is not True and node.get("x-nullable") is not True:
        return made
    if any(key in made for key in IN_PLACE):
        return {"anyOf": [made, {"type": "null"}]}
    if "type" in made:
        types = made["type"] if isinstance(made["type"], list) else [made["type"]]
        made["type"] = types if "null" in types else [*types, "null"]
    if "enum" in made and None not in made["enum"]:
        made["enum"] = [*made["enum"], None]
    return {"anyOf": [made, {"type": "null"}]} if "const" in made else made


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1
