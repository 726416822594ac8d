"""An OpenAPI document (2.0, 3.0, 3.1) as the operations that it describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from tidegate.adopt.operations import Offer, Operation, Schema

SAFE = "/{}%:@!$&'()*+,;=-._~"  # of a path; a document may hold it as people write it
METHODS = ("get", "post", "put", "patch", "delete")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
DEEPEST = 9  # a list in an envelope: object, properties, data, items, properties, field


def is_openapi(document: Any) -> bool:
    """Whether this is an OpenAPI document with paths."""
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        return False
    return str(document.get("openapi", "")).startswith("3") or str(document.get("swagger", "")) == "2.0"


def offer(document: Mapping[str, Any], source: str) -> Offer:
    """What the document describes."""
    return _Document(document).offer(source)


class _Document:
    def __init__(self, whole: Mapping[str, Any]) -> None:
        self.whole = whole
        self._known: dict[tuple[str, int], dict[str, Any]] = {}

    def offer(self, source: str) -> Offer:
        places = self.whole.get("components", {}).get("securitySchemes", {}) or self.whole.get(
            "securityDefinitions", {}
        )
        return Offer(
            operations=tuple(self._operations()),
            schemes=tuple(scheme for raw in places.values() if (scheme := self.resolved(raw))),
            base_path=self._base_path(),
            source=source,
            complete=True,
        )

    def _base_path(self) -> str:
        servers = self.whole.get("servers") or [{}]
        first = servers[0].get("url", "") if isinstance(servers, list) and isinstance(servers[0], dict) else ""
        path = urlsplit(str(first)).path or str(self.whole.get("basePath", ""))
        return "" if "{" in path else path.rstrip("/")

    def _operations(self) -> Iterator[Operation]:
        for path, raw in self.whole["paths"].items():
            item = self.resolved(raw, depth=1)
            for method in METHODS:
                operation = item.get(method)
                if isinstance(operation, dict) and isinstance(path, str):
                    yield self._operation(method, quote(path, safe=SAFE), operation, item.get("parameters") or [])

    def _operation(self, method: str, path: str, operation: Mapping[str, Any], shared: list[Any]) -> Operation:
        parameters = [self.resolved(raw) for raw in [*shared, *(operation.get("parameters") or [])]]
        body, form = self._body(operation, parameters)
        return Operation(
            method=method.upper(),
            path=path,
            fields={name: inner for name, inner in body.get("properties", {}).items() if isinstance(inner, dict)},
            required=tuple(name for name in body.get("required", ()) if isinstance(name, str)),
            form=form,
            query=tuple(str(p.get("name")) for p in parameters if p.get("in") == "query"),
            answer=self._answer(operation),
        )

    def _body(self, operation: Mapping[str, Any], parameters: list[dict[str, Any]]) -> tuple[Schema, bool]:
        """The schema of a request's body, and whether it is a form."""
        content = self.resolved(operation.get("requestBody") or {}).get("content", {})
        for kind, media in content.items():
            if "json" in kind or kind in FORMS:
                return self.resolved(media.get("schema") or {}), "json" not in kind
        in_form = [p for p in parameters if p.get("in") == "formData"]
        if in_form:
            required = [p["name"] for p in in_form if p.get("required")]
            return {"properties": {p["name"]: p for p in in_form}, "required": required}, True
        return next((self.resolved(p.get("schema") or {}) for p in parameters if p.get("in") == "body"), {}), False

    def _answer(self, operation: Mapping[str, Any]) -> Schema:
        """The schema of the answer when all is well."""
        answers = {str(status): raw for status, raw in (operation.get("responses") or {}).items()}
        for status in sorted(status for status in answers if status.startswith("2")):
            response = self.resolved(answers[status], depth=1)
            for kind, media in (response.get("content") or {}).items():
                if "json" in kind or kind == "*/*":
                    return self.resolved(media.get("schema") or {})
            return self.resolved(response.get("schema") or {})
        return {}

    def resolved(self, raw: Any, depth: int = DEEPEST) -> dict[str, Any]:
        """A part of the document with its references followed and its `allOf` joined, some levels deep."""
        reference = raw.get("$ref") if isinstance(raw, dict) else None
        if isinstance(reference, str):
            place = (reference, depth)
            if place not in self._known:
                self._known[place] = {}  # what a reference in a circle leads to
                self._known[place] = self.resolved(self._target(reference), depth)
            return self._known[place]
        if not isinstance(raw, dict) or depth <= 0:
            return raw if isinstance(raw, dict) else {}
        return {name: self._inner(value, depth - 1) for name, value in self._joined(raw, depth).items()}

    def _inner(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return self.resolved(value, depth)
        if isinstance(value, list):
            return [self.resolved(item, depth) if isinstance(item, dict) else item for item in value]
        return value

    def _joined(self, raw: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """The schema with the parts of `allOf` in it; of alternatives, the first that is not null."""
        parts = [self.resolved(part, depth - 1) for part in raw.get("allOf") or ()]
        options = [self.resolved(part, depth - 1) for part in (raw.get("anyOf") or raw.get("oneOf") or ())]
        parts += [option for option in options if option.get("type") != "null"][:1]
        found = {name: value for name, value in raw.items() if name not in ("allOf", "anyOf", "oneOf")}
        for part in parts:
            properties = {**part.get("properties", {}), **found.get("properties", {})}
            required = [*part.get("required", ()), *found.get("required", ())]
            found = {**part, **found} | ({"properties": properties, "required": required} if properties else {})
        return found

    def _target(self, reference: str) -> Any:
        found: Any = self.whole if reference.startswith("#/") else None
        for step in reference[2:].split("/"):
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
        return found
