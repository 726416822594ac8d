"""One self-contained document of all the files that a document consists of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from tidegate.contract.document import identifiers, pointers
from tidegate.contract.document.files import Files, Place, absolute
from tidegate.contract.document.grammar import GRAMMAR, LIST, MAP, SECTIONS, SWAGGER, SWAGGER_SECTIONS
from tidegate.contract.document.trouble import wrong_type
from tidegate.errors import DocumentError

_INLINE = {"path", "callback", *(kind for kind in GRAMMAR if kind not in SECTIONS)}
"""Kinds of which no section of the components holds any, or not in every version."""


class Bundle:
    """Copies the objects of a document, and what they refer to in other files; keys become text, null nothing."""

    def __init__(self, files: Files, url: str, content: Mapping[str, Any]) -> None:
        self._files = files
        self._url = url
        self._content = content
        self._old = "swagger" in content
        self._nameless = str(content.get("openapi", "2")).startswith(("2", "3.0"))
        self._trail: list[str] = []
        self._refs: dict[tuple[str, str, str], str] = {}
        self._names: dict[tuple[str, str, str], str] = {}
        self._taken: dict[str, set[str]] = {}
        self._hoisted: dict[str, dict[str, Any]] = {}
        self._waiting: list[tuple[str, str, Place]] = []
        self._open: list[tuple[str, str]] = []

    def made(self) -> dict[str, Any]:
        """The self-contained document."""
        made: dict[str, Any] = self._object("document", self._content, self._url)
        while self._waiting:
            kind, name, place = self._waiting.pop()
            self._trail = [place.url, *pointers.split(place.pointer)]
            self._hoisted.setdefault(kind, {})[name] = self._object(kind, place.node, place.url)
        for kind, objects in sorted(self._hoisted.items()):
            section = made
            for token in self._section(kind):
                section = section.setdefault(token, {})
            section.update(sorted(objects.items()))
        return made

    def _section(self, kind: str) -> tuple[str, ...]:
        if self._old and kind in SWAGGER_SECTIONS:
            return (SWAGGER_SECTIONS[kind],)
        return "components", SECTIONS[kind]

    def _object(self, kind: str, node: Any, url: str) -> Any:
        if kind == "schema" and isinstance(node, bool):
            return node
        if node is None:
            return None if kind == "operation" else {}
        if not isinstance(node, Mapping):
            raise wrong_type(self._here(), f"an object ({kind})", node)
        if isinstance(node.get("$ref"), str) and kind != "document":
            return self._referred(kind, node, url)
        return self._fields(kind, node, url)

    def _fields(self, kind: str, node: Mapping[str, Any], url: str) -> dict[str, Any]:
        if kind == "schema":
            node, url = self._named(node, url)
        rules = SWAGGER if self._old and kind == "document" else GRAMMAR[kind]
        every = rules.get("*")
        made: dict[str, Any] = {}
        for key, value in node.items():
            name = key if isinstance(key, str) else _text(key)
            rule = rules.get(name) or (every if not name.startswith("x-") else None)
            self._trail.append(name)
            made[name] = self._ruled(rule, value, url) if rule else cleaned(value)
            if name == "discriminator" and kind == "schema" and isinstance(value, Mapping) and "mapping" in value:
                made[name] = {**made[name], "mapping": self._mapping(value["mapping"], url)}
            self._trail.pop()
        return made

    def _mapping(self, value: Any, url: str) -> dict[str, Any]:
        """The references in a mapping from where they stand; what isn't one is a name (OpenAPI 3.1, 4.8.25.2)."""
        made = cleaned(value) if isinstance(value, Mapping) else {}
        for name, ref in made.items():
            if isinstance(ref, str) and ("/" in ref or ref.endswith((".json", ".yaml", ".yml"))):
                with suppress(DocumentError):  # a name that nothing bears is no reason to refuse a document
                    made[name] = self._local("schema", self._files.place(ref, url, self._here()))
        return made

    def _named(self, node: Mapping[str, Any], url: str) -> tuple[Mapping[str, Any], str]:
        """A schema by its place alone: without the names that it has since 3.1, as references become pointers."""
        own = node.get("$id")
        if self._nameless or not ("$id" in node or "$dynamicRef" in node):
            return node, url
        made = {key: value for key, value in node.items() if key not in ("$id", "$dynamicRef")}
        found = node.get("$dynamicRef")
        if isinstance(found, str) and "$ref" not in node and (ref := identifiers.dynamic(self._files.load(url), found)):
            made["allOf"] = [*(made.get("allOf") or []), {"$ref": ref}]
        return made, absolute(url, own) if isinstance(own, str) and self._files.knows(absolute(url, own)) else url

    def _ruled(self, rule: tuple[str, str], value: Any, url: str) -> Any:
        form, kind = rule
        if form == LIST or (kind == "schema" and isinstance(value, list) and self._trail[-1] == "items"):
            return self._list(kind, value, url)
        return self._map(kind, value, url) if form == MAP else self._object(kind, value, url)

    def _list(self, kind: str, value: Any, url: str) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, list):
            raise wrong_type(self._here(), "an array", value)
        return [self._child(str(index), kind, each, url) for index, each in enumerate(value)]

    def _map(self, kind: str, value: Any, url: str) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise wrong_type(self._here(), "an object", value)
        if isinstance(value.get("$ref"), str):  # a whole map from elsewhere: no version allows it, tools do
            place = self._files.follow(value["$ref"], url, self._here())
            return self._map(kind, place.node, place.url)
        names = {key if isinstance(key, str) else _text(key): each for key, each in value.items()}
        loose = kind in ("path", "response")
        return {
            name: cleaned(each) if loose and name.startswith("x-") else self._child(name, kind, each, url)
            for name, each in names.items()
        }

    def _child(self, name: str, kind: str, value: Any, url: str) -> Any:
        self._trail.append(name)
        made = self._object(kind, value, url)
        self._trail.pop()
        return made

    def _referred(self, kind: str, node: Mapping[str, Any], url: str) -> Any:
        ref = (kind, node["$ref"], url)
        if ref not in self._refs:
            place = self._files.place(node["$ref"], url, self._here())
            if kind in _INLINE:
                return self._inlined(kind, node, place, url)
            self._refs[ref] = self._local(kind, place)
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**self._fields(kind, beside, url), "$ref": self._refs[ref]}

    def _inlined(self, kind: str, node: Mapping[str, Any], place: Place, url: str) -> Any:
        if (place.url, place.pointer) in self._open:
            return {}
        self._open.append((place.url, place.pointer))
        made = self._object(kind, place.node, place.url)
        self._open.pop()
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**made, **self._fields(kind, beside, url)}

    def _local(self, kind: str, place: Place) -> str:
        """A reference within the document: to where the object stands, or to its copy among the components."""
        if place.url == self._url and self._walked(pointers.split(place.pointer)):
            return "#" + place.pointer
        known = (kind, place.url, place.pointer)
        if known not in self._names:
            self._names[known] = self._free_name(kind, place)
            self._waiting.append((kind, self._names[known], place))
        return "#" + pointers.join([*self._section(kind), self._names[known]])

    def _walked(self, tokens: list[str]) -> bool:
        if self._old:
            return bool(tokens) and tokens[0] in SWAGGER
        rules = GRAMMAR["components"] if tokens[:1] == ["components"] else GRAMMAR["document"]
        return len(tokens) > 1 and tokens[rules is GRAMMAR["components"]] in rules

    def _free_name(self, kind: str, place: Place) -> str:
        if kind not in self._taken:
            section: Any = self._content
            for token in self._section(kind):
                section = section.get(token) or {} if isinstance(section, Mapping) else {}
            self._taken[kind] = set(section)
        name = next(each for each in _names(place) if each not in self._taken[kind])
        self._taken[kind].add(name)
        return name

    def _here(self) -> str:
        return "#" + pointers.join(self._trail)


def _names(place: Place) -> Iterator[str]:
    """Names for a copy, the shortest first."""
    tokens = pointers.split(place.pointer)[-1:]
    path = PurePosixPath(place.url)
    parts = [*tokens, path.stem, *reversed(path.parts[:-1])]
    clean = [name for part in parts if (name := re.sub(r"[^A-Za-z0-9._-]+", "_", part).strip("_"))] or ["part"]
    for length in range(1, len(clean) + 1):
        yield "_".join(reversed(clean[:length]))
    number = 2
    while True:
        yield f"{clean[0]}_{number}"
        number += 1


def cleaned(value: Any) -> Any:
    """Plain data as JSON can hold it: keys are text."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else _text(key): cleaned(each) for key, each in value.items()}
    return [cleaned(each) for each in value] if isinstance(value, list) else str(value)


def _text(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)
