"""What a document says of its operations and schemas, and the junk in it that is let be."""

from __future__ import annotations

import json
from typing import Any

from document_makers import read, whole

from tidegate.contract.document import Document


def test_harmless_junk_is_let_be() -> None:
    document = read("""
openapi: 3.0.3
x-anything: {$ref: nowhere}
odd: 1
tags: null
paths:
  x-note: here
  /a:
    description: null
    parameters: null
    get:
      operationId: twice
      x-code: [1]
      parameters: [{in: nowhere, name: a}, {in: header, name: Accept}]
      responses: {x-b: 1, 200: {}}
    put: {operationId: twice, responses: null, description: 5, example: {$ref: '#/nothing'}}
    post: null
components: {schemas: {A: {properties: {a: null}, example: {$ref: nowhere}, enum: [{$ref: nowhere}]}, B: null}}
""")
    assert [each.name for each in document.operations] == ["GET /a", "PUT /a"]
    assert document.operations[0].parameters == ()
    assert [each.status for each in document.operations[0].answers] == ["200"]


def test_what_an_operation_inherits_from_its_path_and_from_the_document() -> None:
    own = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    shared = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    other = {"name": "id", "in": "query", "schema": {"type": "string"}}
    item = {
        "parameters": [shared, other],
        "get": {"parameters": [own], "responses": {}, "tags": ["t"], "deprecated": True},
        "put": {"security": [], "responses": {}},
        "post": {"security": [{"key": []}, {}], "responses": {}},
    }
    schemes = {
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "bearer": {"type": "http", "scheme": "Bearer"},
        "open": {"type": "openIdConnect", "openIdConnectUrl": "/x"},
        "tls": {"type": "mutualTLS"},
    }
    parts: dict[str, Any] = {"security": [{"key": [], "bearer": []}], "components": {"securitySchemes": schemes}}
    document = Document.of(whole({"/{id}": item}, **parts))
    get, put, post = document.operations
    assert [(each.place, each.schema and each.schema.plain) for each in get.parameters] == [
        ("path", {"type": "integer"}),
        ("query", {"type": "string"}),
    ]
    assert (get.resource, get.deprecated) == ("t", True)
    assert (get.security, put.security, post.security) == (
        (frozenset({"key", "bearer"}),),
        (),
        (frozenset({"key"}), frozenset()),
    )
    told = {name: (each.kind, each.place, each.key, each.form) for name, each in document.schemes.items()}
    assert told == {
        "key": ("apiKey", "query", "k", ""),
        "bearer": ("http", "header", "Authorization", "bearer"),
        "open": ("openIdConnect", "header", "Authorization", "bearer"),
        "tls": ("mutualTLS", "tls", "", ""),
    }


def test_methods_of_version_3_2_are_known() -> None:
    item = {"query": {"responses": {}}, "additionalOperations": {"COPY": {"responses": {}}}}
    document = Document.of(whole({"/a": item}, version="3.2.0"))
    assert [each.method for each in document.operations] == ["QUERY", "COPY"]


def test_schemas_are_found_by_names_of_their_own() -> None:
    document = read("""
openapi: 3.1.0
paths: {/a: {get: {responses: {200: {content: {a/json: {schema: {$ref: '#/components/schemas/All'}}}}}}}}
components:
  schemas:
    Node:
      $id: https://names.test/node
      type: object
      properties: {next: {$ref: '#/$defs/Next'}, tag: {$ref: '#tag'}}
      $defs: {Next: {$ref: 'https://names.test/node'}, Tag: {$anchor: tag, type: integer}}
    Odd: {$id: Odd, properties: {node: {$ref: '#/components/schemas/Node'}}}
    List: {$dynamicAnchor: list, type: array, items: {$dynamicRef: '#list'}}
    All: {type: object, properties: {node: {$ref: 'https://names.test/node'}, odd: {$ref: Odd}, list: {$ref: '#list'}}}
""")
    schema = document.operations[0].answers[0].media[0].schema
    assert schema
    wrong = {"node": {"next": {"next": {"tag": "x"}}}, "odd": {"node": {"tag": "y"}}, "list": [[], [[5]]]}
    assert sorted(breach.pointer for breach in schema.breaches(wrong)) == [
        "/list/1/0/0",
        "/node/next/next/tag",
        "/odd/node/tag",
    ]
    assert "$id" not in json.dumps(document.plain)
    assert Document.of(document.plain).plain == document.plain


def test_a_generic_schema_that_several_fill_in_is_not_guessed_at() -> None:
    document = read("""
openapi: 3.1.0
paths: {/a: {get: {responses: {200: {content: {a/json: {schema: {$ref: '#/components/schemas/Numbers'}}}}}}}}
components:
  schemas:
    Page:
      properties: {items: {type: array, items: {$dynamicRef: '#item'}}}
      $defs: {any: {$dynamicAnchor: item, not: {}}}
    Numbers: {$ref: '#/components/schemas/Page', $defs: {number: {$dynamicAnchor: item, type: integer}}}
""")
    schema = document.operations[0].answers[0].media[0].schema
    assert schema
    assert schema.allows({"items": [1]})
    assert not schema.allows({"items": 1})
