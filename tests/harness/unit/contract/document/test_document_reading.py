"""The text of a document: JSON or YAML, and what is said of one that is none."""

from __future__ import annotations

import json

import pytest
from document_makers import fetching, read, whole
from unit.contract.document.document_parts import THING, answer, refused

from tidegate.contract.document import read_document
from tidegate.errors import DocumentError


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
