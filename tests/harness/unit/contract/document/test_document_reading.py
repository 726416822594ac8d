from __future__ import annotations

import json
from typing import Any

import pytest
from document_makers import fetching, read, whole

from tidegate.contract.document import Document, read_document
from tidegate.errors import DocumentError

THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}


def answer(schema: object) -> dict[str, object]:
    return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}


def refused(files: dict[str, str] | str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read(files)
    lines = str(caught.value).splitlines()
    assert [line[:8] for line in lines[1:]] == ["  seen: ", "  next: "]
    return lines


def test_json_and_yaml_are_the_same_document() -> None:
    plain = whole({"/things": answer(THING)})
    as_yaml = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /things:
    get:
      responses:
        200:
          description: ""
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}
"""
    assert read(json.dumps(plain)).plain == read(as_yaml).plain == plain


def test_yaml_dates_stay_text_and_anchors_may_be_used_twice() -> None:
    document = read("""
openapi: 3.1.0
info: {title: T, version: 2024-01-31}
paths: {}
components:
  schemas:
    Day: &day {type: string, enum: [2024-01-31, 2024-01-31T10:00:00Z, on]}
    Other: &day {type: string, const: 2024-02-01}
    Last: *day
""")
    schemas = document.plain["components"]["schemas"]
    assert document.plain["info"]["version"] == "2024-01-31"
    assert schemas["Day"]["enum"] == ["2024-01-31", "2024-01-31T10:00:00Z", True]
    assert schemas["Last"] == {"type": "string", "const": "2024-02-01"}


def test_aliases_that_make_millions_of_a_few_values_are_refused() -> None:
    steps = [f"b{at}: &b{at} [{', '.join([f'*b{at - 1}'] * 9)}]" for at in range(1, 7)]
    bomb = "\n".join(["openapi: 3.0.3", "paths: {}", "b0: &b0 [0, 1, 2, 3, 4, 5, 6, 7, 8]", *steps])
    assert "its aliases make more than 1,000,000 values of 7" in refused(bomb)[1]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read("\ufeff" + json.dumps(whole())).title == "T"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ('{\n  "openapi": "3.0.0",\n  ]', "line 3"),
        ("openapi: 3.0.0\npaths: [\n", "line 3"),
        ("\x00", "api.yaml"),
        ("<html><body>Not found</body></html>", "<html>"),
        ("[1, 2]", "[1, 2]"),
        ("", "null"),
        ("{}", "api.yaml"),
        ("openapi: 4.0.0", "version 4.0.0"),
        ("swagger: '1.2'\napis: []", "version 1.2"),
        ("openapi: 3.0.0\npaths: [1]", "[1] (array)"),
        ("openapi: 3.0.0\npaths: {/a: {get: here}}", '"here" (string)'),
        ("openapi: 3.0.0\npaths: {/a: {get: {responses: []}}}", "[] (array)"),
        ("openapi: 3.0.0\npaths: {/a: {parameters: {a: 1}}}", '{"a": 1} (object)'),
        ("openapi: 3.0.0\ncomponents: {schemas: {A: {properties: [1]}}}", "[1] (array)"),
    ],
)
def test_what_is_no_document_is_told_in_three_lines_with_what_was_seen(text: str, seen: str) -> None:
    assert seen in refused(text)[1]


def test_a_wrong_type_is_told_with_its_place() -> None:
    text = "openapi: 3.0.0\npaths:\n  /a/{b}: {get: {responses: {200: {content: {application/json: 5}}}}}"
    assert "#/paths/~1a~1{b}/get/responses/200/content/application~1json" in refused(text)[0]


@pytest.mark.parametrize("missing", ["#/components/schemas/Gone", "gone.yaml", "other.yaml#/Gone", "#Gone"])
def test_a_reference_into_nothing_is_told_with_the_place_where_it_stands(missing: str) -> None:
    files = {"api.yaml": json.dumps(whole({"/a": answer({"$ref": missing})})), "other.yaml": "There: {}"}
    text = "\n".join(refused(files))
    assert "#/paths/~1a/get/responses/200/content/application~1json/schema" in text
    assert missing in text


def test_references_that_lead_back_to_themselves_are_an_error_and_those_through_a_field_are_not() -> None:
    circle = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    lines = refused(
        json.dumps(whole({"/a": answer({"$ref": "#/components/schemas/A"})}, components={"schemas": circle}))
    )
    assert "#/components/schemas/B -> " in lines[1]
    tree = {"T": {"type": "object", "properties": {"below": {"$ref": "#/components/schemas/T"}}}}
    assert read(json.dumps(whole(components={"schemas": tree}))).operations == ()


def test_a_document_that_cannot_be_had_is_told_with_the_reason_and_what_fetch_says_itself_is_passed_on() -> None:
    def refuse(url: str) -> bytes:
        raise DocumentError("503 it is")

    with pytest.raises(DocumentError, match=r"cannot be had\.\n  seen: http://h/api\.json: FileNotFoundError"):
        read_document(fetching({}), "http://h/api.json")
    with pytest.raises(DocumentError, match="503 it is"):
        read_document(refuse, "api.json")


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
