"""Answers made from a document by its own words, without the package's own reading of its schemas."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from foreign_scalars import Impossible, number_for, text_for

WRONG: dict[str, Any] = {
    "string": {"not": "text"},
    "integer": "no number",
    "number": "no number",
    "boolean": "no truth",
    "array": "no list",
    "object": "no object",
}
JOINED = ("allOf", "oneOf", "anyOf")


class Maker:
    """Makes answers; `leaves` are the places of the last one whose type is beyond doubt."""

    def __init__(self, document: Mapping[str, Any], seed: int = 0) -> None:
        self.document = document
        self.random = random.Random(seed)
        self.leaves: list[tuple[tuple[str | int, ...], str]] = []
        self._heirs = self._inheritance()

    def answer(self, schema: Any) -> Any:
        """A value of a schema of the document."""
        self.leaves = []
        return self._value(schema, (), 0, sure=True)

    def spoiled(self, value: Any) -> Any:
        """The last answer with one value of another type; Impossible where there is no sure place."""
        if not self.leaves:
            raise Impossible
        path, kind = self.random.choice(self.leaves)
        return _replaced(value, path, WRONG[kind])

    def _follow(self, node: Any) -> Any:
        for _ in range(50):
            if not (isinstance(node, Mapping) and isinstance(node.get("$ref"), str)):
                return node
            found: Any = self.document
            for token in node["$ref"].removeprefix("#/").split("/"):
                found = self._follow(found)
                token = unquote(token).replace("~1", "/").replace("~0", "~")
                found = found[int(token)] if isinstance(found, list) else found[token]
            node = found
        raise Impossible

    def _inheritance(self) -> dict[int, list[tuple[str, Any]]]:
        found: dict[int, list[tuple[str, Any]]] = {}
        for name, node in ((self.document.get("components") or {}).get("schemas") or {}).items():
            for part in node.get("allOf") or [] if isinstance(node, Mapping) else []:
                found.setdefault(id(self._follow(part)), []).append((name, node))
        return found

    def _parts(self, node: Any, depth: int = 0) -> list[Mapping[str, Any]]:
        """A schema with all that is joined to it by allOf."""
        node = self._follow(node)
        if node is False or depth > 20:
            raise Impossible
        if not isinstance(node, Mapping):
            return []
        return [node, *(part for each in node.get("allOf") or [] for part in self._parts(each, depth + 1))]

    def _value(self, node: Any, path: tuple[str | int, ...], depth: int, sure: bool) -> Any:
        if depth > 12:
            raise Impossible
        parts = self._parts(node)
        for part in list(parts):
            for key in ("oneOf", "anyOf"):
                if part.get(key):
                    return self._branch(part, key, parts, path, depth)
        for part in parts[:1]:
            if heirs := self._named(part):
                name, heir = self.random.choice(heirs)
                made = self._joined(self._parts(heir), path, depth, sure=False)
                return made | {part["discriminator"]["propertyName"]: name} if isinstance(made, dict) else made
        return self._joined(parts, path, depth, sure)

    def _named(self, part: Mapping[str, Any]) -> list[tuple[str, Any]]:
        found = part.get("discriminator")
        if not isinstance(found, Mapping):
            return []
        field, mapping = str(found.get("propertyName")), found.get("mapping") or {}
        names = {str(ref).rpartition("/")[2]: name for name, ref in mapping.items()}
        heirs = [each for each in self._heirs.get(id(part), []) if not (each[1].get("oneOf") or each[1].get("anyOf"))]
        called = [(heir.get("x-ms-discriminator-value") or names.get(name, name), heir) for name, heir in heirs]
        return [(name, heir) for name, heir in called if self._may(part, field, name) and self._may(heir, field, name)]

    def _branch(self, part: Mapping[str, Any], key: str, parts: list[Any], path: Any, depth: int) -> Any:
        """A value of one of the branches, with what stands beside them."""
        branches = [each for each in part[key] if (self._follow(each) or {}).get("type") != "null"]
        branch = self.random.choice(branches or part[key])
        beside = [{k: v for k, v in each.items() if k not in JOINED} for each in parts]
        made = self._value({"allOf": [*beside, branch]}, path, depth + 1, sure=False)
        found = part.get("discriminator")
        if isinstance(found, Mapping) and isinstance(made, dict) and "$ref" in branch:
            target = branch["$ref"].rpartition("/")[2]
            names = {str(ref).rpartition("/")[2]: name for name, ref in (found.get("mapping") or {}).items()}
            field, name = found["propertyName"], names.get(target, target)
            if not self._fixed(branch, field):
                made[field] = name
            elif field in made and made[field] != name:
                made[field] = self._allowed(branch, field, name)
        self.leaves = [each for each in self.leaves if each[0][: len(path)] != path]
        return made

    def _fixed(self, branch: Any, name: str) -> bool:
        """Whether a branch says itself which values a field may have."""
        fields = [(part.get("properties") or {}).get(name) for part in self._parts(branch)]
        return any("enum" in part or "const" in part for each in fields if each for part in self._parts(each))

    def _allowed(self, branch: Any, field: str, name: str) -> str:
        if not self._may(branch, field, name):
            raise Impossible
        return name

    def _may(self, branch: Any, field: str, name: str) -> bool:
        """Whether a field may bear a name by all that a branch is made of."""
        nodes = [each for part in self._parts(branch) if (each := (part.get("properties") or {}).get(field))]
        enums = [part["enum"] for node in nodes for part in self._parts(node) if "enum" in part]
        return all(name in each for each in enums)

    def _joined(self, parts: list[Mapping[str, Any]], path: Any, depth: int, sure: bool) -> Any:
        for part in parts:
            if "const" in part:
                return part["const"]
        enums = [part["enum"] for part in parts if part.get("enum")]
        if enums:
            both = [each for each in enums[0] if all(each in other for other in enums) and _typed(each, parts)]
            if not both:
                raise Impossible
            return self.random.choice(both)
        kind = self._kind(parts)
        firm = [part.get("type") for part in parts]
        if any(isinstance(each, str) and {each, kind} not in ({kind}, {"integer", "number"}) for each in firm):
            raise Impossible
        nullable = any(part.get("nullable") or part.get("x-nullable") for part in parts)
        odd = any(key in part for part in parts for key in ("not", "if", "discriminator"))
        if sure and kind in WRONG and kind in firm and not nullable and not odd:
            self.leaves.append((path, kind))
        return getattr(self, f"_{kind}")(parts, path, depth, sure)

    def _kind(self, parts: list[Mapping[str, Any]]) -> str:
        for part in parts:
            given = part.get("type")
            given = next((each for each in given if each != "null"), "null") if isinstance(given, list) else given
            if given in (*WRONG, "null"):
                return str(given)
        if any("properties" in part or "additionalProperties" in part for part in parts):
            return "object"
        return "array" if any("items" in part for part in parts) else "string"

    def _object(self, parts: list[Mapping[str, Any]], path: Any, depth: int, sure: bool) -> Any:
        fields: dict[str, list[Any]] = {}
        for part in parts:
            for name, each in (part.get("properties") or {}).items():
                fields.setdefault(name, []).append(each)
        for part in parts:  # what one part says of fields that only another one names
            if part.get("additionalProperties") is False:
                for name in set(fields) - set(part.get("properties") or {}):
                    fields[name].append(False)
            if isinstance(part.get("additionalProperties"), Mapping):
                for name in set(fields) - set(part.get("properties") or {}):
                    fields[name].append(part["additionalProperties"])
        required = {name for part in parts if isinstance(part.get("required"), list) for name in part["required"]}
        made: dict[str, Any] = {}
        for name, nodes in fields.items():
            if any(part.get("writeOnly") for node in nodes for part in self._parts(node)):
                continue
            if name in required or (depth < 4 and self.random.random() < 0.8):
                kept = len(self.leaves)
                try:
                    node = nodes[0] if len(nodes) == 1 else {"allOf": nodes}
                    made[name] = self._value(node, (*path, name), depth + 1, sure)
                except Impossible:
                    del self.leaves[kept:]
                    if name in required:
                        raise
        rest = next((part["additionalProperties"] for part in parts if "additionalProperties" in part), True)
        for name in sorted(required - set(made) - set(fields)):
            made[name] = self._value(rest if rest is not True else {}, (*path, name), depth + 1, sure=False)
        most = min(int(part.get("maxProperties", 10**6)) for part in parts)
        if len(made) > most:
            raise Impossible
        wanted = max([int(part.get("minProperties") or 0) for part in parts] or [0])
        if not fields and isinstance(rest, Mapping) and depth < 6:
            wanted = max(wanted, 1)
        for number in range(wanted - len(made)):
            made[f"extra{number}"] = self._value(
                rest if rest is not True else {}, (*path, f"extra{number}"), depth + 1, False
            )
        return made

    def _array(self, parts: list[Mapping[str, Any]], path: Any, depth: int, sure: bool) -> Any:
        low = max(int(part.get("minItems") or 0) for part in parts)
        given = [part["items"] for part in parts if "items" in part]
        if any(isinstance(each, list) for each in given) or any("prefixItems" in part for part in parts):
            raise Impossible
        items = given[0] if len(given) == 1 else {"allOf": given}
        made: list[Any] = []
        count = low or (1 if depth < 6 else 0)
        if any(part.get("maxItems") == 0 for part in parts):
            count = 0
        for number in range(count):
            kept = len(self.leaves)
            try:
                value = self._value(items, (*path, number), depth + 1, sure)
            except Impossible:
                del self.leaves[kept:]
                if len(made) >= low:
                    break
                raise
            if value in made and any(part.get("uniqueItems") for part in parts):
                raise Impossible
            made.append(value)
        return made

    def _string(self, parts: list[Mapping[str, Any]], *_: Any) -> Any:
        return text_for(parts, self.random)

    def _integer(self, parts: list[Mapping[str, Any]], *_: Any) -> Any:
        return int(number_for(parts, self.random, whole=True))

    def _number(self, parts: list[Mapping[str, Any]], *_: Any) -> Any:
        return number_for(parts, self.random)

    def _boolean(self, *_: Any) -> Any:
        return self.random.random() < 0.5

    def _null(self, *_: Any) -> Any:
        return None


def _typed(value: Any, parts: list[Mapping[str, Any]]) -> bool:
    """Whether a value of an enumeration is of the type beside it."""
    kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict}
    if isinstance(value, str):
        long = any(len(value) > part.get("maxLength", 10**6) for part in parts)
        if long or any(not re.search(part["pattern"], value) for part in parts if part.get("pattern")):
            return False
    given = [part["type"] for part in parts if isinstance(part.get("type"), str) and part["type"] in kinds]
    return all(value is None or isinstance(value, kinds[each]) for each in given)  # type: ignore[arg-type]


def _replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, list):
        return [_replaced(each, path[1:], new) if index == path[0] else each for index, each in enumerate(value)]
    return {name: _replaced(each, path[1:], new) if name == path[0] else each for name, each in value.items()}
