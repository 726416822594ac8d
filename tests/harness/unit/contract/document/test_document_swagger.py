"""Documents of version 2.0 in the form of the others."""

from __future__ import annotations

import json
from typing import Any

from document_makers import found, read

from tidegate.contract.document import Document

THING = {
    "type": "object",
    "required": ["id"],
    "discriminator": "kind",
    "properties": {
        "id": {"type": "integer"},
        "kind": {"type": "string"},
        "note": {"type": "string", "x-nullable": True},
    },
}
OLD: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Old", "version": "1"},
    "host": "api.test",
    "basePath": "/v1",
    "schemes": ["https", "http"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/things": {
            "parameters": [{"$ref": "#/parameters/Body"}],
            "get": {
                "parameters": [
                    {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                    {
                        "name": "many",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "multi",
                    },
                    {"name": "pipes", "in": "query", "type": "array", "items": {}, "collectionFormat": "pipes"},
                    {"name": "X-N", "in": "header", "type": "integer", "required": True},
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "schema": {"type": "array", "items": {"$ref": "#/definitions/Thing"}},
                        "headers": {"X-Left": {"type": "integer"}},
                        "examples": {"application/json": [{"id": 1}]},
                    },
                    "default": {"$ref": "#/responses/Failed"},
                },
            },
            "post": {"produces": ["text/csv"], "responses": {"204": {}, "default": {"$ref": "#/responses/Failed"}}},
            "put": {
                "consumes": ["multipart/form-data"],
                "parameters": [
                    {"name": "name", "in": "formData", "type": "string", "required": True},
                    {"name": "file", "in": "formData", "type": "file"},
                ],
                "responses": {"200": {"schema": {"type": "file"}}},
            },
        }
    },
    "parameters": {"Body": {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Thing"}}},
    "responses": {
        "Failed": {"description": "", "schema": {"type": "object", "properties": {"why": {"type": "string"}}}}
    },
    "definitions": {"Thing": THING, "Big": {"allOf": [{"$ref": "#/definitions/Thing"}, {"required": ["size"]}]}},
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "oauth": {"type": "oauth2", "flow": "accessCode", "scopes": {}},
    },
    "security": [{"key": []}],
}


def document() -> Document:
    return read(json.dumps(OLD))


def test_version_title_and_schemes() -> None:
    made = document()
    assert (made.version, made.title) == ("2.0", "Old")
    told = {name: (each.kind, each.key, each.form) for name, each in made.schemes.items()}
    assert told["basic"] == ("http", "Authorization", "basic")
    assert told["key"][:2] == ("apiKey", "X-Key")
    assert told["oauth"][0] == "oauth2"
    assert made.operations[0].security == (frozenset({"key"}),)


def test_the_base_path_stands_before_the_paths() -> None:
    assert document().bind("GET", "http://localhost:8000/v1/things").path == "/things"
    assert document().bind("GET", "/v2/things").path == ""


def test_parameters_with_their_separators() -> None:
    get = document().bind("GET", "/v1/things").operation
    assert get
    assert [(each.name, each.place, each.style, each.explode, each.required) for each in get.parameters] == [
        ("ids", "query", "form", False, False),
        ("many", "query", "form", True, False),
        ("pipes", "query", "pipeDelimited", False, False),
        ("X-N", "header", "simple", False, True),
    ]
    assert get.parameters[0].schema
    assert get.parameters[0].schema.plain == {"type": "array", "items": {"type": "integer"}}


def test_answers_with_their_schemas_headers_and_examples() -> None:
    get, post, put = (document().bind(method, "/v1/things").operation for method in ("GET", "POST", "PUT"))
    assert get
    assert post
    assert put
    [answer, default] = get.answers
    assert answer.media[0].schema
    assert answer.media[0].range == "application/json"
    assert answer.media[0].example == [{"id": 1}]
    assert found(answer.media[0].schema, [{"id": 1, "note": None}, {"id": "x"}]) == [("/1/id", "type")]
    assert found(answer.media[0].schema, [{"id": 1, "kind": "Big"}]) == [("/0/size", "required")]
    assert answer.headers[0].schema
    assert answer.headers[0].schema.plain == {"type": "integer"}
    assert default.media[0].range == "application/json"
    assert [each.media[0].range for each in post.answers if each.media] == ["text/csv"]
    assert put.answers[0].media[0].schema
    assert put.answers[0].media[0].schema.allows("any")


def test_bodies_from_parameters_of_the_path_and_of_forms() -> None:
    post, put = (document().bind(method, "/v1/things").operation for method in ("POST", "PUT"))
    assert post
    assert put
    assert post.body
    assert post.body.required
    assert post.body.media[0].schema
    assert found(post.body.media[0].schema, {}) == [("/id", "required")]
    assert put.body
    assert [each.range for each in put.body.media] == ["multipart/form-data"]
    assert put.body.media[0].schema
    assert found(put.body.media[0].schema, {"file": "x"}) == [("/name", "required")]


def test_references_to_other_files_end_among_the_components() -> None:
    old = json.loads(json.dumps(OLD))
    old["definitions"]["Thing"]["properties"]["more"] = {"$ref": "more.json#/definitions/More"}
    files = {"a.json": json.dumps(old), "more.json": json.dumps({"definitions": {"More": {"type": "integer"}}})}
    made = read(files, "a.json")
    assert sorted(made.plain["components"]["schemas"]) == ["Big", "More", "Thing"]
    assert Document.of(made.plain).version == "2.0"
