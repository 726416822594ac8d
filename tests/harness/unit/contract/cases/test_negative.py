"""The cases of a document: which there are, what each sends, and which statuses it expects."""

from __future__ import annotations

from typing import Any

import pytest

from tidegate.contract.cases import Case, negative_cases, sample
from tidegate.contract.cases.expected import why
from tidegate.contract.cases.negative import json_of
from tidegate.contract.document import Document

Plain = dict[str, Any]
PROBLEM: Plain = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}


def document(paths: Plain, **more: Any) -> Document:
    return Document.of({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, **more})


def cases(paths: Plain, **more: Any) -> dict[str, Case]:
    return {case.name: case for case in negative_cases(document(paths, **more))}


def post(schema: Plain, *statuses: str, media: str = "application/json", required: bool = True) -> Plain:
    body = {"required": required, "content": {media: {"schema": schema}}}
    return {"/things": {"post": {"requestBody": body, "responses": dict.fromkeys(statuses or ("201",), PROBLEM)}}}


def fields(**properties: Plain) -> Plain:
    return {"type": "object", "properties": properties, "required": [*properties]}


def bodies(schema: Plain) -> dict[str, Any]:
    """The wrong bodies of a schema, by what is wrong."""
    every = cases(post(schema))
    [operation] = {case.operation.name: case.operation for case in every.values()}.values()
    media = json_of(operation)
    assert media is not None
    assert media.schema is not None
    right = sample(media.schema)
    return {name.removeprefix("POST /things "): case.body(right) for name, case in every.items() if case.edits}


def test_each_field_is_left_out_of_another_type_and_beyond_its_limits() -> None:
    found = bodies(
        fields(name={"type": "string", "minLength": 2, "maxLength": 4}, size={"type": "integer", "maximum": 9})
    )
    assert found == {
        "wrong type body": "not an object",
        "missing name": {"size": 1},
        "wrong type name": {"name": {"not": "a text"}, "size": 1},
        "too long name": {"name": "sampx", "size": 1},
        "too short name": {"name": "x", "size": 1},
        "missing size": {"name": "samp"},
        "wrong type size": {"name": "samp", "size": "not a number"},
        "above maximum size": {"name": "samp", "size": 10},
    }


def test_a_field_inside_what_may_be_absent_gets_what_is_around_it() -> None:
    inner = {
        "type": "object",
        "properties": {"at": {"type": "integer"}},
        "required": ["at"],
        "additionalProperties": False,
    }
    schema = {"type": "object", "properties": {"deep": inner, "list": {"type": "array", "items": inner, "maxItems": 2}}}
    found = bodies(schema)
    assert found["missing deep/at"] == {"deep": {}}
    assert found["wrong type list/0/at"] == {"list": [{"at": "not a number"}]}
    assert found["extra field in deep"] == {"deep": {"at": 1, "not_in_the_document": "x"}}
    assert found["too many list"] == {"list": [{"at": 1}] * 3}


def test_what_the_schema_allows_after_all_is_no_case() -> None:
    loose = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    odd = {"enum": ["b", "not-in-the-enum"]}
    parts = {"a": loose, "b": {}, "c": {"type": "number", "readOnly": True}, "d": odd}
    found = bodies({"type": "object", "properties": parts})
    assert [*found] == ["wrong type body"]


def test_a_type_that_may_be_null_is_taken_for_the_other_one() -> None:
    found = bodies(fields(note={"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]}))
    assert found["too long note"] == {"note": "samx"}


@pytest.mark.parametrize(
    ("declared", "kind", "expected"),
    [
        (["201", "400", "422"], "missing a", (400, 422)),
        (["201", "422"], "missing a", (422,)),
        (["201"], "missing a", (400, 422)),
        (["201", "default"], "missing a", (400, 422)),
        (["201", "4XX"], "wrong media type", (415,)),
        (["201", "400"], "wrong media type", (415, 400)),
        (["201"], "wrong media type", (415, 400, 422)),
        (["201", "413"], "too long a", (413,)),
        (["201", "400", "415"], "no body", (400, 415)),
        (["201", "400"], "no body", (400, 415)),
        (["201", "401", "429"], "missing a", (401, 400, 422)),
        (["201", "400", "401"], "missing a", (400,)),
        (["201", "409"], "wrong media type", (409, 415, 400, 422)),
        (["201", "404"], "wrong type a", (404, 400, 422)),
    ],
)
def test_the_documented_status_that_fits_is_expected_and_the_usual_ones_where_none_is(
    declared: list[str], kind: str, expected: tuple[int, ...]
) -> None:
    paths = post(fields(a={"type": "string", "maxLength": 3}), *declared)
    assert cases(paths)[f"POST /things {kind}"].statuses == expected


def test_a_status_about_who_asks_or_which_record_is_meant_refuses_no_body_where_that_is_not_at_fault() -> None:
    [(_, item)] = post(fields(a={"type": "string"}), "201", "401", "403", "404", "409").items()
    item["post"]["security"] = [{"key": []}]
    found = cases({"/things/{id}": item})
    assert found["POST /things/{id} missing a"].statuses == (409, 400, 422)
    assert found["POST /things/{id} unknown id"].statuses == (404,)


@pytest.mark.parametrize(
    ("declared", "kind", "said"),
    [
        (["201", "422"], "POST /things missing a", ", as its document says."),
        (["201", "401"], "POST /things missing a", ", as its document says."),
        (["201", "default"], "POST /things missing a", ", as its document says."),
        (["201"], "POST /things missing a", "; the document says nothing of it: one of 400, 422 is usual."),
        (["201", "405"], "PUT /things wrong method", ", as HTTP says (RFC 9110, 15.5.6)."),
        (["201"], "PUT /things wrong method", ", as HTTP says (RFC 9110, 15.5.6)."),
    ],
)
def test_it_is_told_who_says_how_a_request_must_be_refused(declared: list[str], kind: str, said: str) -> None:
    assert why(cases(post(fields(a={"type": "string"}), *declared))[kind]) == said


@pytest.mark.parametrize(
    ("media", "wrong"),
    [
        ("application/json", "text/plain"),
        ("text/*", "application/xml"),
        ("*/*", None),
        ("multipart/form-data", "text/plain"),
    ],
)
def test_another_media_type_is_one_that_the_operation_does_not_take(media: str, wrong: str | None) -> None:
    found = cases(post({"type": "object"}, media=media))
    assert {case.media for case in found.values() if case.media} == ({wrong} - {None})
    assert ("POST /things malformed JSON" in found) == (media in ("application/json", "*/*"))


@pytest.mark.parametrize(
    ("security", "asked"),
    [([{"key": []}], True), ([{"key": []}, {"other": []}], True), ([{"key": []}, {}], False), ([], False)],
)
def test_who_asks_matters_only_where_somebody_must(security: list[Plain], asked: bool) -> None:
    found = cases({"/things": {"get": {"security": security, "responses": {"200": PROBLEM, "403": PROBLEM}}}})
    kinds = {"GET /things no token", "GET /things tampered token", "GET /things expired token"}
    assert (kinds <= {*found}, kinds & {*found}) == (asked, kinds if asked else set())
    assert {found[name].statuses for name in kinds if asked} == ({(403,)} if asked else set())


def test_a_method_is_wrong_only_where_no_path_that_fits_has_it_and_no_delete_goes_to_a_collection() -> None:
    answer = {"responses": {"200": PROBLEM}}
    found = cases(
        {
            "/things": {"get": answer},
            "/things/{id}": {"get": answer, "patch": answer},
            "/things/search": {"post": answer},
        }
    )
    assert {name for name in found if "wrong method" in name} == {
        *(f"{method} /things wrong method" for method in ("POST", "PUT", "PATCH")),
        *(f"{method} /things/{{id}} wrong method" for method in ("PUT", "DELETE")),
        "PUT /things/search wrong method",
    }


def test_no_id_is_unknown_to_a_put_that_makes_what_it_names() -> None:
    def names(*statuses: str, makes: bool = False) -> set[str]:
        paths = {"/things/{id}": {"put": {"responses": dict.fromkeys(statuses, PROBLEM)}}}
        return {case.kind for case in negative_cases(document(paths), lambda _operation: makes)}

    assert {"unknown", "malformed"} <= names("200", "404")
    assert not {"unknown", "malformed"} & names("201")
    assert not {"unknown", "malformed"} & names("200", makes=True)


def test_parameters_are_left_out_of_another_type_and_beyond_their_limits() -> None:
    def parameter(name: str, schema: Plain, *, place: str = "query", required: bool = False) -> Plain:
        return {"name": name, "in": place, "schema": schema, "required": required}

    parameters = [
        parameter("size", {"type": "integer", "minimum": 1, "maximum": 5}),
        parameter("kind", {"type": "array", "items": {"enum": ["a", "b"]}}),
        parameter("flag", {"anyOf": [{"type": "boolean"}, {"type": "null"}]}),
        parameter("text", {"type": "string", "maxLength": 2}, required=True),
        parameter("X-Tenant", {"type": "string"}, place="header", required=True),
        parameter("Accept", {"type": "integer"}, place="header", required=True),
    ]
    found = cases({"/things": {"get": {"parameters": parameters, "responses": {"200": PROBLEM}}}})
    assert {
        case.name.removeprefix("GET /things "): [*case.parameters.values()]
        for case in found.values()
        if case.parameters
    } == {
        "wrong type query size": ["not-a-number"],
        "below minimum query size": ["0"],
        "above maximum query size": ["6"],
        "not in enum query kind": ["not-in-the-enum"],
        "wrong type query flag": ["not-a-boolean"],
        "missing query text": [None],
        "too long query text": ["xxx"],
        "missing header X-Tenant": [None],
    }


def test_a_document_with_references_to_itself_has_an_end() -> None:
    tree = {
        "type": "object",
        "properties": {"child": {"$ref": "#/components/schemas/Tree"}, "size": {"type": "integer"}},
    }
    found = cases(post({"$ref": "#/components/schemas/Tree"}), components={"schemas": {"Tree": tree}})
    assert "POST /things wrong type child/child/child/size" in found
    assert len(found) < 100
