"""A document in several files: what its references and mappings lead to, and what they may not."""

from __future__ import annotations

import json

import pytest
from document_makers import read, whole
from unit.contract.document.document_parts import answer

from tidegate.contract.document import Document, read_document
from tidegate.errors import DocumentError

FILES = {
    "v1/api.yaml": """
openapi: 3.0.3
paths:
  /things: {$ref: paths/things.yaml}
  /things/{id}: {$ref: 'paths/one.yaml#/one~1of'}
components:
  schemas:
    Owner: {type: object, properties: {name: {type: string}}}
    thing: {type: boolean}
""",
    "v1/paths/things.yaml": """
get:
  parameters: [{$ref: '../../shared.json#/parameters/limit%20of'}]
  responses:
    "200": {description: "", content: {application/json: {schema: {type: array, items: {$ref: ../thing.yaml}}}}}
    default: {$ref: '../../shared.json#/responses/Failed'}
""",
    "v1/paths/one.yaml": """
one/of:
  get: {responses: {"200": {description: "", content: {application/json: {schema: {$ref: ../thing.yaml}}}}}}
""",
    "v1/thing.yaml": """
type: object
required: [id]
properties:
  id: {type: integer}
  owner: {$ref: 'api.yaml#/components/schemas/Owner'}
  next: {$ref: thing.yaml}
""",
    "shared.json": json.dumps(
        {
            "parameters": {"limit of": {"name": "limit", "in": "query", "schema": {"$ref": "#/kinds/Count"}}},
            "responses": {"Failed": {"description": "", "headers": {"X-Why": {"$ref": "#/why"}}}},
            "why": {"schema": {"type": "string"}},
            "kinds": {"Count": {"type": "integer"}},
        }
    ),
}


def test_a_document_in_several_files_becomes_one() -> None:
    document = read(FILES, "v1/api.yaml")
    many, one = document.operations
    assert (many.name, one.name) == ("GET /things", "GET /things/{id}")
    assert many.parameters[0].schema is not None
    assert many.parameters[0].schema.resolve(many.parameters[0].schema.plain) == {"type": "integer"}
    assert many.answers[1].headers[0].name == "X-Why"
    schema = one.answers[0].media[0].schema
    assert schema is not None
    assert [breach.pointer for breach in schema.breaches({"id": 1, "next": {"id": "x", "owner": {"name": 5}}})] == [
        "/next/id",
        "/next/owner/name",
    ]
    assert sorted(document.plain["components"]["schemas"]) == ["Count", "Owner", "thing", "v1_thing"]
    assert ".yaml" not in json.dumps(document.plain)
    assert Document.of(json.loads(json.dumps(document.plain))).plain == document.plain


def test_references_to_urls_are_read_from_there() -> None:
    files = {
        "https://h.test/a/api.json": json.dumps(whole({"/a": answer({"$ref": "../kinds.json#/A"})})),
        "https://h.test/kinds.json": json.dumps({"A": {"$ref": "https://other.test/b.yaml#/B"}}),
        "https://other.test/b.yaml": "B: {type: integer}",
    }
    document = read(files, "https://h.test/a/api.json")
    schema = document.operations[0].answers[0].media[0].schema
    assert schema is not None
    assert not schema.allows("x")


def test_each_file_is_read_once() -> None:
    asked: list[str] = []
    files = {
        "api.yaml": json.dumps(whole({f"/{n}": answer({"$ref": "a.yaml#/A"}) for n in range(3)})),
        "a.yaml": "A: {}",
    }

    def fetch(url: str) -> bytes:
        asked.append(url)
        return files[url].encode()

    read_document(fetch, "api.yaml")
    assert asked == ["api.yaml", "a.yaml"]


@pytest.mark.parametrize("ref", ["file:///etc/passwd", "file:/etc/passwd#/a", "ftp://h/a"])
def test_what_an_api_sends_names_no_file_of_this_machine(ref: str) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return json.dumps(whole({"/a": answer({"$ref": ref})})).encode()

    with pytest.raises(DocumentError):
        read_document(fetch, "http://h/api.json")
    assert [url for url in asked if not url.startswith("http://h/")] == []


def test_a_mapping_leads_to_files_too() -> None:
    files = {
        "api.yaml": """
openapi: 3.0.3
paths: {/a: {get: {responses: {200: {content: {a/json: {schema: {$ref: pets.yaml#/Pet}}}}}}}}
""",
        "pets.yaml": """
Pet:
  oneOf: [{$ref: '#/Cat'}, {$ref: '#/Dog'}]
  discriminator: {propertyName: kind, mapping: {c: '#/Cat', d: 'pets.yaml#/Dog', n: nothing.yaml}}
Cat: {type: object, properties: {lives: {type: integer}}}
Dog: {type: object, properties: {lives: {type: string}}}
""",
    }
    schema = read(files).operations[0].answers[0].media[0].schema
    assert schema
    assert [breach.pointer for breach in schema.breaches({"kind": "d", "lives": 9})] == ["/lives"]
    assert schema.allows({"kind": "c", "lives": 9})
