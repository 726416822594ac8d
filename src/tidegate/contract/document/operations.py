"""The operations of a document, with what they inherit (OpenAPI 3.1, 4.8.9 and 4.8.10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.contract.document.grammar import METHODS
from tidegate.contract.document.normal import Direction
from tidegate.contract.model import Answer, Media, Operation, Parameter, RequestBody, Scheme

_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_NOTHING: Mapping[str, Any] = {}  # one, since objects are known by their identity
_IGNORED = ("accept", "content-type", "authorization")


class Reader:
    """Turns the objects of a self-contained document into operations; shared ones are read once."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.requests = Direction(document, answers=False)
        self.answers = Direction(document, answers=True)
        self._parameters: dict[int, Parameter | None] = {}
        self._answers: dict[tuple[int, str], Answer] = {}

    def operations(self) -> Iterator[Operation]:
        """Each operation, in the order of the document."""
        for path, item in _mapping(self.document.get("paths")).items():
            if not path.startswith("x-"):
                for method, operation in methods(item):
                    yield self._operation(method, path, item, operation)

    def _operation(self, method: str, path: str, item: Mapping[str, Any], node: Mapping[str, Any]) -> Operation:
        security = node["security"] if isinstance(node.get("security"), list) else self.document.get("security")
        return Operation(
            method=method,
            path=path,
            id=str(node.get("operationId") or ""),
            tags=tuple(str(tag) for tag in _list(node.get("tags"))),
            parameters=self._merged(item.get("parameters"), node.get("parameters")),
            body=self._body(node.get("requestBody")),
            answers=tuple(self._answer(str(status), each) for status, each in _responses(node)),
            security=tuple(frozenset(map(str, each)) for each in _list(security) if isinstance(each, Mapping)),
            deprecated=node.get("deprecated") is True,
        )

    def _merged(self, shared: Any, own: Any) -> tuple[Parameter, ...]:
        """An operation's own parameter replaces that of the path with the same place and name."""
        found: dict[tuple[str, str], Parameter] = {}
        for node in [*_list(shared), *_list(own)]:
            parameter = self._parameter(node)
            if parameter:
                found[parameter.place, parameter.name] = parameter
        return tuple(found.values())

    def _parameter(self, node: Any) -> Parameter | None:
        node = self.answers.follow(node)
        if id(node) not in self._parameters:
            self._parameters[id(node)] = self._read_parameter(node)
        return self._parameters[id(node)]

    def _read_parameter(self, node: Any) -> Parameter | None:
        place = node.get("in") if isinstance(node, Mapping) else None
        name = node.get("name") if isinstance(node, Mapping) else None
        if place not in (*_STYLES, "querystring") or not isinstance(name, str):
            return None
        if place == "header" and name.lower() in _IGNORED:
            return None
        return self._valued(name, str(place), node, self.requests)

    def _valued(self, name: str, place: str, node: Mapping[str, Any], schemas: Direction) -> Parameter:
        media, schema = "", node.get("schema")
        for media, each in _mapping(node.get("content")).items():  # noqa: B007  exactly one by the specification
            schema = self.answers.follow(each).get("schema")
            break
        if node.get("allowEmptyValue") is True and isinstance(schema, Mapping):
            schema = {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
        style = str(node.get("style") or _STYLES.get(place, "form"))
        return Parameter(
            name=name,
            place=place,
            required=node.get("required") is True,
            schema=schemas.schema(schema),
            style=style,
            explode=node["explode"] if isinstance(node.get("explode"), bool) else style == "form",
            deprecated=node.get("deprecated") is True,
            media=media,
        )

    def _body(self, node: Any) -> RequestBody | None:
        node = self.answers.follow(node)
        if not isinstance(node, Mapping):
            return None
        return RequestBody(node.get("required") is True, self._media(node.get("content"), self.requests))

    def _media(self, content: Any, schemas: Direction) -> tuple[Media, ...]:
        found = []
        for name, node in _mapping(content).items():
            each = _mapping(self.answers.follow(node))
            found.append(Media(name.strip().lower(), schemas.schema(each.get("schema")), _example(each, self.answers)))
        return tuple(found)

    def _answer(self, status: str, node: Any) -> Answer:
        node = _mapping(self.answers.follow(node))
        if (id(node), status) not in self._answers:
            headers = [
                self._valued(name, "header", _mapping(self.answers.follow(each)), self.answers)
                for name, each in _mapping(node.get("headers")).items()
                if name.lower() != "content-type"
            ]
            media = self._media(node.get("content"), self.answers)
            self._answers[id(node), status] = Answer(status, media, tuple(headers))
        return self._answers[id(node), status]

    def schemes(self) -> Mapping[str, Scheme]:
        """The security schemes by name."""
        declared = _mapping(_mapping(self.document.get("components")).get("securitySchemes"))
        return {name: _scheme(name, _mapping(self.answers.follow(node))) for name, node in declared.items()}


def methods(item: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The methods of a path item, those with names of their own too (OpenAPI 3.2)."""
    for method in METHODS:
        if isinstance(_mapping(item).get(method), Mapping):
            yield method.upper(), item[method]
    for method, operation in _mapping(_mapping(item).get("additionalOperations")).items():
        if isinstance(operation, Mapping):
            yield method, operation


def _responses(node: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = _mapping(node.get("responses")).items()
    return [(status, each) for status, each in found if not status.startswith("x-")]


def _scheme(name: str, node: Mapping[str, Any]) -> Scheme:
    kind = str(node.get("type") or "")
    if kind == "apiKey":
        return Scheme(name, kind, str(node.get("in") or "header"), str(node.get("name") or ""))
    if kind == "mutualTLS":
        return Scheme(name, kind, "tls", "")
    return Scheme(name, kind, form=str(node.get("scheme") or "bearer").lower())


def _example(node: Mapping[str, Any], schemas: Direction) -> Any:
    if "example" in node:
        return node["example"]
    for each in _mapping(node.get("examples")).values():
        found = schemas.follow(each)
        if isinstance(found, Mapping) and "value" in found:
            return found["value"]
    return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else _NOTHING


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
