"""What fails in one place is told there, and once; a part of a form is read as what it is by default."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from planted.rows import JSON

from tidegate.contract.check import check
from tidegate.contract.document import Document
from tidegate.records import Exchange, Message

URL = "http://api.test/things"
NUMBER = {"type": "integer"}
PAGE = {"type": "object", "required": ["total"], "properties": {"total": NUMBER, "next": NUMBER}}
HIT = {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False}
LIST = {"type": "object", "properties": {"hits": {"type": "array", "items": HIT}}}
JOINED = {"allOf": [PAGE, LIST], "unevaluatedProperties": False}
NAMED = {
    "type": "object",
    "properties": {"a": NUMBER},
    "propertyNames": {"maxLength": 9},
    "additionalProperties": False,
}


def document(method: str, **operation: Any) -> Document:
    answers = operation.pop("responses", {"200": {"description": ""}})
    path = {method: {"responses": answers, **operation}}
    return Document.of({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/things": path}})


def of_answer(schema: Any, value: Any) -> list[tuple[str, str]]:
    content = {"application/json": {"schema": schema}}
    promised = document("get", responses={"200": {"description": "", "content": content}})
    answer = Message((("Content-Type", JSON),), json.dumps(value).encode())
    seen = Exchange(1, "t", "call", "", "GET", URL, Message(), 200, answer)
    return [(each.kind, each.where) for each in check(promised, promised.bind("GET", URL), seen)]


def of_parts(schema: Any, parts: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    promised = document("post", requestBody={"content": {"multipart/form-data": {"schema": schema}}})
    asked = httpx.Request("POST", URL, files=parts)
    request = Message((("Content-Type", asked.headers["Content-Type"]),), asked.read())
    seen = Exchange(1, "t", "call", "", "POST", URL, request, 200, Message())
    return [(each.kind, each.where) for each in check(promised, promised.bind("POST", URL), seen)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"total": 1, "next": 2, "hits": [{"name": "a"}]}, []),
        ({"next": 2, "hits": []}, [("invalid-body", "200 body /total")]),
        ({"total": 1, "hits": [{"name": 1}]}, [("invalid-body", "200 body /hits/*/name")]),
        ({"total": 1, "hits": [{"nam": "a"}]}, [("undocumented-field", "200 body /hits/*/nam")]),
        ({"total": 1, "hits": [], "took": 3}, [("undocumented-field", "200 body /took")]),
    ],
)
def test_a_part_that_fails_makes_its_other_fields_no_unknown_ones(value: Any, expected: list[tuple[str, str]]) -> None:
    assert of_answer(JOINED, value) == expected


def test_a_field_too_many_is_an_undocumented_one_also_where_names_have_a_form() -> None:
    assert of_answer(NAMED, {"a": 1, "b": 2}) == [("undocumented-field", "200 body /b")]


def test_each_field_of_what_is_to_be_empty_is_one_finding() -> None:
    empty = {"type": "object", "additionalProperties": False}
    assert of_answer(empty, {"a": 1, "b": 2}) == [("undocumented-field", f"200 body /{name}") for name in "ab"]


PART = {"type": "object", "required": ["by"], "properties": {"by": {"type": "string"}}}
PARTS = {"type": "object", "properties": {"meta": PART, "all": {"type": "array", "items": PART}}}


@pytest.mark.parametrize("media", [(), (JSON,)], ids=["no type", "json"])
@pytest.mark.parametrize("name", ["meta", "all"])
def test_a_part_that_is_to_be_an_object_is_json_whether_it_says_so_or_not(name: str, media: tuple[str, ...]) -> None:
    where = {"meta": "/meta/by", "all": "/all/*/by"}[name]
    assert of_parts(PARTS, [(name, (None, '{"by": "1"}', *media))]) == []
    assert of_parts(PARTS, [(name, (None, '{"by": 1}', *media))]) == [("illegal-request", f"request body {where}")]
