"""The planted API's document, in OpenAPI 3.0 and 3.1, in three files that refer to each other."""

from __future__ import annotations

import json
from typing import Any

import yaml  # type: ignore[import-untyped]

from planted.schemas import schemas

Plain = dict[str, Any]
BASE = "/api/v2"
VERSIONS = ("3.0.3", "3.1.0")


def files(version: str) -> dict[str, bytes]:
    """Each file by its path on the API: the document as JSON, what it refers to as YAML."""
    main = {
        "openapi": version,
        "info": {"title": "Planted", "version": "2"},
        "servers": [{"url": f"https://api.example.com{BASE}"}],
        "security": [{"bearer": []}],
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
                "query": {"type": "apiKey", "in": "query", "name": "api_key"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sid"},
            }
        },
    }
    shared = {"components": {"responses": responses(), "parameters": parameters()}}
    return {
        f"{BASE}/openapi.json": json.dumps(main).encode(),
        f"{BASE}/parts/shared.yaml": yaml.safe_dump(shared).encode(),
        f"{BASE}/parts/schemas.yaml": yaml.safe_dump(schemas(version)).encode(),
    }


def schema(name: str) -> Plain:
    return {"$ref": f"parts/schemas.yaml#/{name}"}


def inline(name: str) -> Plain:
    """The same from a file beside that one."""
    return {"$ref": f"schemas.yaml#/{name}"}


def shared(kind: str, name: str) -> Plain:
    return {"$ref": f"parts/shared.yaml#/components/{kind}/{name}"}


def json_of(node: Plain, media: str = "application/json") -> Plain:
    return {"content": {media: {"schema": node}}}


def answer(node: Plain | None = None, media: str = "application/json", **headers: Plain) -> Plain:
    found: Plain = {"description": "An answer"}
    if node is not None:
        found |= json_of(node, media)
    if headers:
        found["headers"] = {name.replace("_", "-"): each for name, each in headers.items()}
    return found


def query(name: str, node: Plain, **more: Any) -> Plain:
    return {"name": name, "in": "query", "schema": node, **more}


def responses() -> Plain:
    return {
        "Missing": answer(inline("Error")),
        "Refused": answer(inline("Problem"), "application/problem+json"),
        "Thing": answer(inline("Thing"), ETag={"schema": {"type": "string"}}),
    }


def parameters() -> Plain:
    return {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}}


def paths() -> Plain:
    return {**things(), **shapes(), **styles(), **odd(), **guarded()}


def things() -> Plain:
    number = {"type": "integer"}
    listed = {
        "parameters": [
            query("limit", {"type": "integer", "minimum": 1, "maximum": 100}),
            query("sort", {"type": "string", "enum": ["name", "price"]}),
            query("tag", {"type": "array", "items": {"type": "string", "minLength": 2}}),
            query("old", {"type": "string"}, deprecated=True),
        ],
        "responses": {
            "200": answer(
                schema("Page"),
                X_Total={"required": True, "schema": number},
                X_Sizes={"schema": {"type": "array", "items": number}},
                X_Reset={"schema": {"type": "string", "format": "date-time"}},
            ),
            "400": shared("responses", "Missing"),
        },
    }
    made = {
        "requestBody": {"required": True, **json_of(schema("NewThing"))},
        "responses": {
            "201": answer(schema("Thing"), Location={"required": True, "schema": {"type": "string"}}),
            "422": shared("responses", "Refused"),
        },
    }
    one: Plain = {"parameters": [shared("parameters", "Id")]}
    refused = {"404": shared("responses", "Missing"), "422": shared("responses", "Refused")}
    one["get"] = {"responses": {"200": shared("responses", "Thing"), **refused}}
    one["put"] = {
        "requestBody": {"required": True, **json_of(schema("NewThing"))},
        "responses": {"200": shared("responses", "Thing"), **refused},
    }
    one["patch"] = {
        "requestBody": {"required": True, **json_of(schema("Change"), "application/merge-patch+json")},
        "responses": {"200": shared("responses", "Thing"), **refused},
    }
    one["delete"] = {"responses": {"204": answer(), **refused}}
    found = {"responses": {"200": answer({"type": "array", "items": schema("Person")})}}
    return {"/things": {"get": listed, "post": made}, "/things/{id}": one, "/things/found": {"get": found}}


def shapes() -> Plain:
    names = ("Pet", "Animal", "Contact", "Shape", "Car", "Tree", "Strict", "Closed", "Prices", "Free", "Event", "Row")
    return {f"/shapes/{name.lower()}": {"get": {"responses": {"200": answer(schema(name))}}} for name in names}


def styles() -> Plain:
    whole = {"type": "array", "items": {"type": "integer"}}
    point = {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}
    asked = [
        query("ids", whole, explode=False),
        query("pipes", whole, style="pipeDelimited", explode=False),
        query("spaces", whole, style="spaceDelimited", explode=False),
        query("at", {**point, "additionalProperties": False}, style="deepObject"),
        query("flag", {"type": "boolean"}),
        {"name": "where", "in": "query", "content": {"application/json": {"schema": point}}},
        {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string", "format": "uuid"}},
        {"name": "X-Levels", "in": "header", "schema": whole},
        {"name": "theme", "in": "cookie", "schema": {"type": "string", "enum": ["dark", "light"]}},
    ]
    path = [
        {"name": "label", "in": "path", "required": True, "style": "label", "schema": whole},
        {"name": "matrix", "in": "path", "required": True, "style": "matrix", "schema": {"type": "integer"}},
    ]
    said = {"200": answer(schema("Person")), "422": shared("responses", "Refused")}
    return {
        "/styles": {"get": {"parameters": asked, "responses": said}},
        "/styles/{label}/{matrix}": {"get": {"parameters": path, "responses": said}},
    }


def odd() -> Plain:
    wide = {"2XX": answer(schema("Person")), "default": answer(schema("Error"))}
    file = {"description": "A file", "content": {"text/plain": {}, "image/*": {}, "application/pdf": {}}}
    return {
        "/classes": {"get": {"responses": wide}},
        "/files/{name}": {
            "get": {
                "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": file},
            }
        },
        "/count": {"get": {"responses": {"200": answer({"type": "integer", "minimum": 0}, "text/plain")}}},
        "/jobs": {"post": {"responses": {"202": answer(), "400": shared("responses", "Missing")}}},
        "/form": {
            "post": {
                "requestBody": {"required": True, **json_of(schema("Form"), "application/x-www-form-urlencoded")},
                "responses": {"200": answer(schema("Person")), "422": shared("responses", "Refused")},
            }
        },
        "/upload": {
            "post": {
                "requestBody": {"required": True, **json_of(schema("Upload"), "multipart/form-data")},
                "responses": {"200": answer(schema("Person")), "422": shared("responses", "Refused")},
            }
        },
        "/old": {"get": {"deprecated": True, "responses": {"200": answer(schema("Person")), "410": answer()}}},
    }


def guarded() -> Plain:
    said = {"200": answer(schema("Person")), "401": shared("responses", "Missing")}
    sets: dict[str, list[Plain]] = {
        "open": [],
        "key": [{"key": []}],
        "query": [{"query": []}],
        "session": [{"session": []}],
        "either": [{"key": []}, {"bearer": []}],
        "both": [{"key": [], "bearer": []}],
        "maybe": [{"bearer": []}, {}],
    }
    return {f"/guarded/{name}": {"get": {"security": each, "responses": said}} for name, each in sets.items()}
