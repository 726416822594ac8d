"""What a request carries for each parameter (OpenAPI 3.1, 4.8.12.4)."""

from __future__ import annotations

from typing import Any

import pytest
from document_makers import whole

from tidegate.contract.document import Document
from tidegate.contract.document.parameters import read_header, read_values
from tidegate.records import Exchange, Message

LIST = {"type": "array", "items": {"type": "integer"}}
OBJECT = {"type": "object", "properties": {"r": {"type": "integer"}, "g": {"type": "integer"}}}


def values(parameter: dict[str, Any], url: str = "/x/1", headers: dict[str, str] | None = None) -> list[Any]:
    """What a call carries for a parameter: nothing, or its value."""
    document = Document.of(whole({"/x/{id}": {"get": {"parameters": [parameter], "responses": {}}}}, version="3.1.0"))
    message = Message(headers=tuple((headers or {}).items()))
    exchange = Exchange(1, "t", "call", "", "GET", url, message)
    return [value for _, value in read_values(document.bind("GET", url), exchange).found]


def query(name: str = "p", **parts: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", **parts}


@pytest.mark.parametrize(
    ("schema", "parts", "text", "value"),
    [
        ({"type": "integer"}, {}, "p=5", 5),
        ({"type": "integer"}, {}, "p=five", "five"),
        ({"type": "number"}, {}, "p=5e-1", 0.5),
        ({"type": "number"}, {}, "p=5", 5),
        ({"type": "boolean"}, {}, "p=true", True),
        ({"type": "boolean"}, {}, "p=True", "True"),
        ({"type": "string"}, {}, "p=5", "5"),
        ({"type": "string"}, {}, "p=a%26b+c", "a&b c"),
        ({"type": "string"}, {}, "p=", ""),
        ({}, {}, "p=5", "5"),
        ({"type": ["integer", "null"]}, {}, "p=null", None),
        ({"anyOf": [{"type": "integer"}, {"const": "all"}]}, {}, "p=all", "all"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, {}, "p=7", 7),
        ({"type": ["integer", "string"], "pattern": "^0"}, {}, "p=07", 7),
        ({"enum": [1, 2]}, {}, "p=2", 2),
        ({"$ref": "#/paths/~1x~1{id}/get/parameters/0/x-s"}, {"x-s": {"type": "integer"}}, "p=2", 2),
        (LIST, {}, "p=1&p=2", [1, 2]),
        (LIST, {}, "p=1", [1]),
        (LIST, {"explode": False}, "p=1,2", [1, 2]),
        (LIST, {"explode": False}, "p=1%2C2", [1, 2]),
        (LIST, {"explode": False}, "p=", []),
        (LIST, {"style": "spaceDelimited", "explode": False}, "p=1%202", [1, 2]),
        (LIST, {"style": "pipeDelimited", "explode": False}, "p=1|2", [1, 2]),
        (LIST, {"style": "pipeDelimited"}, "p=1%7C2", [1, 2]),
        ({"oneOf": [{"type": "string"}, LIST]}, {}, "p=a", "a"),
        ({"oneOf": [{"type": "string"}, LIST]}, {}, "p=1&p=2", [1, 2]),
        (OBJECT, {}, "r=1&g=2", {"r": 1, "g": 2}),
        (OBJECT, {"explode": False}, "p=r,1,g,2", {"r": 1, "g": 2}),
        (OBJECT, {"style": "deepObject", "explode": True}, "p[r]=1&p%5Bg%5D=2", {"r": 1, "g": 2}),
        (
            {"type": "object"},
            {"style": "deepObject"},
            "p[a][b]=1&p[c][]=2&p[c][]=3",
            {"a": {"b": "1"}, "c": ["2", "3"]},
        ),
    ],
)
def test_values_of_a_query_in_every_style(schema: Any, parts: dict[str, Any], text: str, value: Any) -> None:
    assert values(query(schema=schema, **parts), f"/x/1?{text}") == [value]


@pytest.mark.parametrize(
    ("style", "explode", "schema", "text", "value"),
    [
        ("simple", False, {"type": "integer"}, "5", 5),
        ("simple", False, LIST, "1,2", [1, 2]),
        ("simple", False, OBJECT, "r,1,g,2", {"r": 1, "g": 2}),
        ("simple", True, OBJECT, "r=1,g=2", {"r": 1, "g": 2}),
        ("label", False, {"type": "integer"}, ".5", 5),
        ("label", False, LIST, ".1,2", [1, 2]),
        ("label", True, LIST, ".1.2", [1, 2]),
        ("label", True, OBJECT, ".r=1.g=2", {"r": 1, "g": 2}),
        ("label", False, OBJECT, ".r,1,g,2", {"r": 1, "g": 2}),
        ("matrix", False, {"type": "integer"}, ";id=5", 5),
        ("matrix", False, LIST, ";id=1,2", [1, 2]),
        ("matrix", True, LIST, ";id=1;id=2", [1, 2]),
        ("matrix", False, OBJECT, ";id=r,1,g,2", {"r": 1, "g": 2}),
        ("matrix", True, OBJECT, ";r=1;g=2", {"r": 1, "g": 2}),
    ],
)
def test_values_of_a_path_in_every_style(style: str, explode: bool, schema: Any, text: str, value: Any) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "style": style, "explode": explode, "schema": schema}
    assert values(parameter, f"/x/{text}") == [value]


@pytest.mark.parametrize(
    ("place", "schema", "parts", "headers", "value"),
    [
        ("header", {"type": "integer"}, {}, {"P": "5"}, [5]),
        ("header", LIST, {}, {"p": "1, 2"}, [[1, 2]]),
        ("header", OBJECT, {"explode": True}, {"p": "r=1, g=2"}, [{"r": 1, "g": 2}]),
        ("header", {"type": "integer"}, {}, {"other": "5"}, []),
        ("cookie", {"type": "integer"}, {}, {"Cookie": "a=b; p=5"}, [5]),
        ("cookie", LIST, {"explode": False}, {"cookie": "p=1,2"}, [[1, 2]]),
        ("cookie", {"type": "integer"}, {}, {"cookie": "pp=5"}, []),
    ],
)
def test_values_of_headers_and_cookies(place: str, schema: Any, parts: Any, headers: Any, value: list[Any]) -> None:
    assert values({"name": "p", "in": place, "schema": schema, **parts}, headers=headers) == value


def test_a_value_that_is_itself_json_is_read_as_such() -> None:
    parameter = query(content={"application/json": {"schema": {"type": "object"}}})
    assert values(parameter, "/x/1?p=%7B%22a%22%3A1%7D") == [{"a": 1}]
    assert values(parameter, "/x/1?p=%7B") == ["{"]


def test_a_whole_query_can_be_one_value() -> None:
    content = {"application/x-www-form-urlencoded": {"schema": OBJECT}}
    assert values({"name": "q", "in": "querystring", "content": content}, "/x/1?r=1&g=2") == [{"r": 1, "g": 2}]


def test_an_empty_value_passes_where_it_is_allowed() -> None:
    document = Document.of(
        whole(
            {"/a": {"get": {"parameters": [query(allowEmptyValue=True, schema={"type": "integer"})], "responses": {}}}}
        )
    )
    schema = document.operations[0].parameters[0].schema
    assert schema
    assert schema.allows("")
    assert not schema.allows("x")


def test_names_that_belong_to_no_parameter_are_told_once() -> None:
    parameters = [query("page", schema={"type": "integer"}), query("deep", style="deepObject", schema=OBJECT)]
    document = Document.of(whole({"/a": {"get": {"parameters": parameters, "responses": {}}}}))
    url = "/a?page=1&deep[r]=1&odd=1&odd=2&pages=1"
    read = read_values(document.bind("GET", url), Exchange(1, "t", "call", "", "GET", url, Message()))
    assert read.unknown == ("odd", "pages")
    page, _ = document.operations[0].parameters
    assert read.of(page) == 1


def test_a_spread_object_of_any_fields_takes_what_others_leave() -> None:
    rest = query("rest", schema={"type": "object", "additionalProperties": {"type": "integer"}})
    parameters = [query("page", schema={"type": "integer"}), rest]
    document = Document.of(whole({"/a": {"get": {"parameters": parameters, "responses": {}}}}))
    url = "/a?page=1&a=1&b=x"
    read = read_values(document.bind("GET", url), Exchange(1, "t", "call", "", "GET", url, Message()))
    assert [value for _, value in read.found] == [1, {"a": 1, "b": "x"}]
    assert read.unknown == ()


def test_headers_of_an_answer_are_read_in_the_types_of_their_schemas() -> None:
    headers = {"X-Left": {"schema": {"type": "integer"}}, "X-All": {"schema": LIST}, "Content-Type": {"schema": {}}}
    document = Document.of(whole({"/a": {"get": {"responses": {"200": {"headers": headers}}}}}))
    left, every = document.operations[0].answers[0].headers
    came = (("x-left", "5"), ("x-all", "1"), ("x-all", "2"))
    assert (read_header(left, came), read_header(every, came)) == (5, [1, 2])
    with pytest.raises(KeyError):
        read_header(left, ())


def test_a_call_that_belongs_to_no_operation_carries_only_unknown_names() -> None:
    document = Document.of(whole({}))
    read = read_values(document.bind("GET", "/a?b=1"), Exchange(1, "t", "call", "", "GET", "/a?b=1", Message()))
    assert read == ((), ("b",))
