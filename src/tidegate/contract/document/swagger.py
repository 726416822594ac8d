"""A document of Swagger 2.0 in the form of OpenAPI 3.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidegate.contract.document import pointers
from tidegate.contract.document.grammar import METHODS

_SECTIONS = {"definitions": "schemas", "parameters": "parameters", "responses": "responses"}
_STYLES = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "tsv": ("tabDelimited", False),
}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_NOT_SCHEMA = ("name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "schema", "headers")


def converted(old: Mapping[str, Any]) -> dict[str, Any]:
    """The same document as 3.0; `x-swagger` keeps the version."""
    new = {key: value for key, value in old.items() if key in ("info", "tags", "externalDocs", "security")}
    new |= {"openapi": "3.0.3", "x-swagger": str(old.get("swagger")), "servers": _servers(old)}
    new["paths"] = {
        path: item if path.startswith("x-") else _item(item, old) for path, item in _mapping(old.get("paths")).items()
    }
    shared = _mapping(old.get("parameters"))
    new["components"] = {
        "schemas": _mapping(old.get("definitions")),
        "parameters": {name: _parameter(each) for name, each in shared.items() if _plain(each, old)},
        "requestBodies": {name: _body([each], old, old) for name, each in shared.items() if not _plain(each, old)},
        "responses": {name: _answer(each, old, old) for name, each in _mapping(old.get("responses")).items()},
        "securitySchemes": {n: _scheme(each) for n, each in _mapping(old.get("securityDefinitions")).items()},
    }
    found: dict[str, Any] = _referring(new)
    return found


def _servers(old: Mapping[str, Any]) -> list[dict[str, str]]:
    path = str(old.get("basePath") or "")
    if not old.get("host"):
        return [{"url": path}] if path else []
    return [{"url": f"{scheme}://{old['host']}{path}"} for scheme in old.get("schemes") or ["https"]]


def _item(item: Any, old: Mapping[str, Any]) -> Any:
    """A path; what its parameters say of the body goes to each operation."""
    shared = _mapping(item).get("parameters") or []
    bodies = [each for each in shared if not _plain(each, old)]
    made: dict[str, Any] = {key: value for key, value in _mapping(item).items() if key not in METHODS}
    if shared:
        made["parameters"] = [_parameter(each) for each in shared if _plain(each, old)]
    for method in METHODS:
        if isinstance(_mapping(item).get(method), Mapping):
            made[method] = _operation(item[method], bodies, old)
    return made


def _operation(node: Mapping[str, Any], bodies: list[Any], old: Mapping[str, Any]) -> dict[str, Any]:
    gone = ("parameters", "consumes", "produces", "schemes", "responses")
    made = {key: value for key, value in node.items() if key not in gone}
    own = node.get("parameters") or []
    made["parameters"] = [_parameter(each) for each in own if _plain(each, old)]
    inner = [each for each in own if not _plain(each, old)]
    taken = {(str(found.get("in")), str(found.get("name"))) for found in (_followed(each, old) for each in inner)}
    for each in bodies:  # an operation's own form takes the place of the body that its path has, and the other way
        place, name = (str(_followed(each, old).get(key)) for key in ("in", "name"))
        if not taken or (place == "formData" and any(one == place and other != name for one, other in taken)):
            inner.append(each)
    if inner:
        made["requestBody"] = _body(inner, node, old)
    answers = _mapping(node.get("responses")).items()
    made["responses"] = {
        status: each if status.startswith("x-") else _answer(each, node, old) for status, each in answers
    }
    if schemes := node.get("schemes"):
        made["servers"] = _servers({**old, "schemes": schemes})
    return made


def _followed(node: Any, old: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter or response behind its references, which all lead to the root's own sections by now."""
    for _ in range(20):
        ref = _mapping(node).get("$ref")
        if not isinstance(ref, str):
            break
        node = old
        for token in pointers.split(ref.removeprefix("#")):
            node = pointers.step(node, token)
    return _mapping(node)


def _plain(node: Any, old: Mapping[str, Any]) -> bool:
    """Whether a parameter is not the body, nor a part of it."""
    return _followed(node, old).get("in") not in ("body", "formData")


def _parameter(node: Any) -> Any:
    if not isinstance(node, Mapping) or "$ref" in node:
        return node
    made = {key: value for key, value in node.items() if key in ("name", "in", "description", "required")}
    if node.get("allowEmptyValue") is True:
        made["allowEmptyValue"] = True
    return {**made, **_valued(node, in_query=node.get("in") == "query")}


def _valued(node: Mapping[str, Any], in_query: bool) -> dict[str, Any]:
    """The schema of a parameter or header, and how a list is written in it."""
    made: dict[str, Any] = {"schema": {key: each for key, each in node.items() if key not in _NOT_SCHEMA}}
    if node.get("type") == "array" and in_query:
        made["style"], made["explode"] = _STYLES.get(str(node.get("collectionFormat")), ("form", False))
    return made


def _body(nodes: list[Any], operation: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    found = [_followed(each, old) for each in nodes]
    consumes = [str(each) for each in operation.get("consumes") or old.get("consumes") or []]
    whole = next((each for each in found if each.get("in") == "body"), None)
    if whole is not None:
        media = {"schema": whole.get("schema", {})}
        content = {each: media for each in consumes or ["application/json"] if each not in _FORMS} or {"*/*": media}
        return {"required": whole.get("required") is True, "content": content}
    fields = {str(each.get("name")): _valued(each, in_query=False)["schema"] for each in found}
    required = [str(each.get("name")) for each in found if each.get("required") is True]
    schema: dict[str, Any] = {"type": "object", "properties": fields, **({"required": required} if required else {})}
    files = any(each.get("type") == "file" for each in found)
    forms = [each for each in consumes if each in _FORMS] or [_FORMS[files]]
    return {"required": bool(required), "content": {each: {"schema": schema} for each in forms}}


def _answer(node: Any, operation: Mapping[str, Any], old: Mapping[str, Any]) -> Any:
    if isinstance(node, Mapping) and "$ref" in node and operation.get("produces"):
        node = _followed(node, old)  # the same answer, in this operation's media types
    if not isinstance(node, Mapping) or "$ref" in node:
        return node
    made: dict[str, Any] = {key: node[key] for key in ("description",) if key in node}
    headers = _mapping(node.get("headers")).items()
    made["headers"] = {name: _valued(_mapping(each), in_query=False) for name, each in headers}
    if isinstance(node.get("schema"), (Mapping, bool)):
        examples = _mapping(node.get("examples"))
        produces = [str(each) for each in operation.get("produces") or old.get("produces") or []]
        made["content"] = {
            each: {"schema": node["schema"], **({"example": examples[each]} if each in examples else {})}
            for each in produces or ["*/*"]
        }
    return made


def _scheme(node: Any) -> Any:
    node = _mapping(node)
    if node.get("type") == "basic":
        return {"type": "http", "scheme": "basic"}
    if node.get("type") == "oauth2":
        flow = str(node.get("flow"))
        return {"type": "oauth2", "flows": {_FLOWS.get(flow, flow): {"scopes": node.get("scopes") or {}}}}
    return dict(node)


def _referring(node: Any) -> Any:
    """The same with references into the sections of 3.0."""
    if isinstance(node, Mapping):
        return {key: _moved(each) if key == "$ref" else _referring(each) for key, each in node.items()}
    return [_referring(each) for each in node] if isinstance(node, list) else node


def _moved(ref: Any) -> Any:
    if not isinstance(ref, str):
        return _referring(ref)
    for old, new in _SECTIONS.items():
        if ref.startswith(f"#/{old}/"):
            return f"#/components/{new}/{ref.removeprefix(f'#/{old}/')}"
    return ref


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
