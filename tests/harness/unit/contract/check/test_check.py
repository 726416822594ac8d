"""What is judged, and what is left alone because nobody can know."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

import pytest

from tidegate.contract.check import MOST, check, media
from tidegate.contract.document import Document
from tidegate.contract.model import Media
from tidegate.records import Exchange, Message

URL = "http://api.test/things"
JSON = (("Content-Type", "application/json"),)


def document(schema: Any, components: Any = None, version: str = "3.1.0", **operation: Any) -> Document:
    """A document with one operation, whose answer is of that schema."""
    answer = {"description": "", "content": {"application/json": {"schema": schema}}}
    get = {"responses": {"200": answer}, **operation}
    return Document.of(
        {
            "openapi": version,
            "info": {"title": "t", "version": "1"},
            "paths": {"/things": {"get": get}},
            "components": {"schemas": components or {}},
        }
    )


def exchange(body: bytes | None, status: int = 200, headers: Any = JSON, url: str = URL, size: int = 0) -> Exchange:
    answer = Message(headers, body, size or len(body or b""))
    return Exchange(1, "t", "call", "", "GET", url, Message(), status, answer)


def found(document: Document, seen: Exchange, **more: Any) -> list[tuple[str, str]]:
    bound = document.bind(seen.method, seen.url)
    return [(each.kind, each.where) for each in check(document, bound, seen, **more)]


def fields(schema: Any, value: Any, components: Any = None, version: str = "3.1.0") -> list[str]:
    """The places of undocumented fields; nothing else may be found."""
    places = found(document(schema, components, version), exchange(json.dumps(value).encode()))
    assert {kind for kind, _ in places} <= {"undocumented-field"}, places
    return [where.removeprefix("200 body ") for _, where in places]


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


NUMBER = {"type": "integer"}
PLAIN = document({**thing(a=NUMBER), "required": ["a"]})


def test_a_request_without_an_answer_has_no_findings() -> None:
    assert found(PLAIN, replace(exchange(b""), status=None, response=None)) == []


def test_a_body_that_was_not_kept_is_not_judged_but_its_type_is() -> None:
    assert found(PLAIN, exchange(None, size=10**7)) == []
    html = exchange(None, headers=(("Content-Type", "text/html"),), size=10**7)
    assert found(PLAIN, html) == [("undocumented-media-type", "200 header Content-Type")]


def test_a_body_beyond_the_limit_is_not_judged() -> None:
    seen = exchange(b'{"a": "x"}')
    assert found(PLAIN, seen, body_limit=9) == []
    assert found(PLAIN, seen, body_limit=10) == [("invalid-body", "200 body /a")]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"a": ' + b"9" * (sys.get_int_max_str_digits() + 1) + b"}",
    ],
    ids=["open lists", "deep objects", "thousands of digits"],
)
def test_what_python_cannot_hold_ends_no_run(body: bytes) -> None:
    assert len(found(PLAIN, exchange(body))) <= 1


def test_a_body_in_a_coding_that_the_client_left_alone_is_not_judged() -> None:
    packed = exchange(b"\x0b\x02\x80{}", headers=(*JSON, ("Content-Encoding", "br")))
    assert found(PLAIN, packed) == []
    assert found(PLAIN, replace(packed, response=Message(JSON, b"\x0b\x02"))) == [("invalid-body", "200 body")]


def test_a_thousand_items_wrong_alike_are_one_finding() -> None:
    listed = document({"type": "array", "items": {**thing(a=NUMBER), "required": ["a"]}})
    assert found(listed, exchange(json.dumps([{"a": "x", "b": 1}] * 1000).encode())) == [
        ("invalid-body", "200 body /*/a"),
        ("undocumented-field", "200 body /*/b"),
    ]


def test_findings_of_one_exchange_have_an_end() -> None:
    assert len(found(PLAIN, exchange(json.dumps({f"f{n}": n for n in range(500)}).encode()))) == MOST


def test_a_long_value_is_cut_and_a_promise_is_in_words() -> None:
    (finding,) = check(PLAIN, PLAIN.bind("GET", URL), exchange(json.dumps({"a": "x" * 5000}).encode()))
    assert len(finding.came) <= 80
    assert finding.promised == "integer"
    asked = document({}, parameters=[{"name": "n", "in": "query", "schema": {"type": "integer", "minimum": 0}}])
    url = f"{URL}?n=-1"
    (finding,) = check(asked, asked.bind("GET", url), exchange(b"1", url=url))
    assert (finding.promised, finding.came) == ("integer, at least 0", "-1")


def test_a_test_that_expects_no_success_may_send_what_it_likes() -> None:
    seen = exchange(b'{"a": 1}', url=f"{URL}?unknown=1")
    assert found(PLAIN, seen) == [("illegal-request", "request query unknown")]
    assert found(PLAIN, seen, expects_success=False) == []


def test_an_illegal_request_that_was_refused_is_what_a_negative_test_is_for() -> None:
    refusing = document({}, responses={"200": {"description": ""}, "400": {"description": ""}})
    assert found(refusing, exchange(b"", 400, (), f"{URL}?unknown=1")) == []


def test_the_body_of_an_error_or_a_redirect_that_the_document_leaves_open_is_no_finding() -> None:
    bare = {str(status): {"description": ""} for status in (200, 302, 404)}
    open_document = document({}, responses=bare)
    assert found(open_document, exchange(b"moved", 302, (("Content-Type", "text/html"),))) == []
    assert found(open_document, exchange(b'{"detail": "no"}', 404)) == []
    assert found(open_document, exchange(b'{"detail": "no"}', 200)) == [("unexpected-body", "200 body")]


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_body_where_http_has_none_is_found_whatever_is_documented(status: int) -> None:
    every = document({}, responses={"default": {"description": "", "content": {"application/json": {}}}})
    assert found(every, exchange(b"{}", status)) == [("unexpected-body", f"{status} body")]
    assert found(every, exchange(b"", status)) == []


def test_a_length_announced_by_204_is_a_body_and_by_304_is_that_of_another_answer() -> None:
    every = document({}, responses={"default": {"description": ""}})
    announced = (*JSON, ("Content-Length", "12"))
    assert found(every, exchange(b"", 204, announced)) == [("unexpected-body", "204 body")]
    assert found(every, exchange(b"", 304, announced)) == []


def test_an_undocumented_operation_is_named_like_its_kind_not_like_its_record() -> None:
    seen = exchange(b"{}", url="http://api.test/inner/4711/parts/6f1c1c3e-2f0b-4f83-9a55-0a8b6f0c7d11")
    (finding,) = check(PLAIN, PLAIN.bind("GET", seen.url), seen)
    assert finding.key == ("undocumented-operation", "GET /inner/{id}/parts/{id}", "path")
    (finding,) = check(PLAIN, PLAIN.bind("GET", seen.url), seen, name="GET /inner/{id}")
    assert finding.operation == "GET /inner/{id}"


BRANCHES = {"anyOf": [{"required": ["a"]}, {"required": ["b"]}], **thing(a=NUMBER, b=NUMBER)}
TAGGED = {
    "Base": {**thing(kind={"type": "string"}), "discriminator": {"propertyName": "kind"}},
    "Heir": {"allOf": [{"$ref": "#/components/schemas/Base"}, thing(more=NUMBER)]},
}


@pytest.mark.parametrize(
    ("schema", "value", "unknown"),
    [
        (thing(a=NUMBER), {"a": 1, "b": 2}, ["/b"]),
        ({"type": "object"}, {"b": 2}, []),
        (thing(), {"b": 2}, []),
        ({}, {"b": {"c": 2}}, []),
        ({**thing(a=NUMBER), "additionalProperties": True}, {"b": 2}, []),
        ({**thing(a=NUMBER), "additionalProperties": {}}, {"b": 2}, []),
        ({**thing(a=NUMBER), "additionalProperties": NUMBER}, {"b": 2}, []),
        ({**thing(a=NUMBER), "unevaluatedProperties": False}, {"b": 2}, ["/b"]),
        ({**thing(a=NUMBER), "patternProperties": {"^x-": thing(c=NUMBER)}}, {"x-b": {"d": 1}, "y": 2}, ["/*/d", "/y"]),
        ({**thing(a=NUMBER), "required": ["b"]}, {"b": 2}, []),
        ({**thing(a=NUMBER), "propertyNames": {"maxLength": 3}}, {"b": 2}, []),
        (BRANCHES, {"a": 1, "c": 3}, ["/c"]),
        ({"anyOf": [thing(a=NUMBER), {"type": "object"}]}, {"c": 3}, []),
        ({"anyOf": [thing(a=NUMBER), {"type": "null"}]}, {"c": 3}, ["/c"]),
        ({"allOf": [thing(a=thing(b=NUMBER)), thing(a=thing(c=NUMBER))]}, {"a": {"b": 1, "c": 2, "d": 3}}, ["/a/d"]),
        ({"allOf": [thing(a=NUMBER), {"description": "x"}]}, {"b": 1}, ["/b"]),
        ({"allOf": [thing(a=NUMBER)], "anyOf": [thing(b=NUMBER), thing(c=NUMBER)]}, {"a": 1, "b": 1, "d": 1}, ["/d"]),
        ({**thing(a=NUMBER), "dependentSchemas": {"a": thing(b=NUMBER)}}, {"a": 1, "b": 2}, []),
        ({**thing(a=NUMBER), "dependentSchemas": {"a": thing(b=NUMBER)}}, {"b": 2}, ["/b"]),
        ({"prefixItems": [thing(a=NUMBER)], "items": thing(b=NUMBER)}, [{"b": 1}, {"a": 1}], ["/*/b", "/*/a"]),
        ({"type": "array"}, [{"b": 1}], []),
        ({"not": thing(z={"const": 1}), **thing(a=NUMBER)}, {"a": 1, "z": 2}, ["/z"]),
        ({"$ref": "#/components/schemas/Base"}, {"kind": "Heir", "more": 1}, []),
        ({"$ref": "#/components/schemas/Base"}, {"kind": "other", "more": 1}, ["/more"]),
    ],
)  # fmt: skip
def test_a_field_is_documented_where_any_schema_that_applies_names_it(
    schema: Any, value: Any, unknown: list[str]
) -> None:
    assert fields(schema, value, TAGGED) == unknown


def test_a_schema_that_holds_itself_is_walked_as_deep_as_the_value() -> None:
    tree = {
        "Tree": {**thing(up={"$ref": "#/components/schemas/Tree"}), "allOf": [{"$ref": "#/components/schemas/Tree"}]}
    }
    assert fields({"$ref": "#/components/schemas/Tree"}, {"up": {"up": {"down": 1}}}, tree) == ["/up/up/down"]


def test_a_field_that_one_part_forbids_and_another_names_is_invalid_and_not_undocumented() -> None:
    trap = document({"allOf": [{**thing(a=NUMBER), "additionalProperties": False}, thing(b=NUMBER)]})
    assert found(trap, exchange(b'{"a": 1, "b": 2}')) == [("invalid-body", "200 body /b")]


def test_write_only_counts_only_where_no_branch_shows_the_field() -> None:
    hidden = thing(key={"type": "string", "writeOnly": True})
    shown = {**thing(key={"type": "string"}), "required": ["key"]}
    assert found(document(hidden), exchange(b'{"key": "x"}')) == [("write-only-field", "200 body /key")]
    assert found(document({"anyOf": [hidden, shown]}), exchange(b'{"key": "x"}')) == []


def test_a_method_that_only_its_refusal_knows_is_no_finding() -> None:
    for status, expected in ((405, []), (404, []), (401, []), (200, [("undocumented-method", "method")])):
        assert found(PLAIN, replace(exchange(b"{}", status), method="DELETE")) == expected


def test_half_a_surrogate_pair_is_json_that_is_not_judged() -> None:
    assert found(document({"type": "string"}), exchange(b'"\\ud800"')) == []


@pytest.mark.parametrize("status", [409, 422, 500])
def test_what_only_something_that_is_there_would_say_shows_an_undocumented_operation(status: int) -> None:
    seen = exchange(b"{}", status, url="http://api.test/inner")
    assert found(PLAIN, seen) == [("undocumented-operation", "path")]


def test_a_documented_redirect_may_say_what_it_likes_or_nothing() -> None:
    body = {"content": {"application/json": {"schema": thing(a=NUMBER)}}}
    moved = document({}, responses={"302": {"description": "", **body}})
    assert found(moved, exchange(b"<p>moved</p>", 302, (("Content-Type", "text/html"),))) == []
    assert found(moved, exchange(b"", 302)) == []
    assert found(moved, exchange(b'{"a": "x"}', 302)) == [("invalid-body", "302 body /a")]


@pytest.mark.parametrize(("query", "wrong"), [("n=", []), ("n[]=1", []), ("n=x", ["request query n"])])
def test_a_parameter_may_be_empty_or_spelled_as_a_list(query: str, wrong: list[str]) -> None:
    asked = document({}, parameters=[{"name": "n", "in": "query", "schema": NUMBER}])
    assert [where for _, where in found(asked, exchange(b"1", url=f"{URL}?{query}"))] == wrong


def test_a_body_that_is_not_required_may_be_left_out() -> None:
    for required, expected in ((False, []), (True, [("illegal-request", "request body")])):
        body = {"required": required, "content": {"application/json": {"schema": {}}}}
        sent = replace(exchange(b"1"), request=Message((), b""))
        assert found(document({}, requestBody=body), sent) == expected


def test_a_session_in_a_cookie_may_stand_for_the_credentials_of_a_scheme() -> None:
    plain = dict(document({}, security=[{"login": []}]).plain)
    plain["components"] = {"securitySchemes": {"login": {"type": "oauth2", "flows": {}}}}
    guarded = Document.of(plain)
    assert found(guarded, exchange(b"1")) == [("unenforced-security", "request security")]
    assert found(guarded, replace(exchange(b"1"), request=Message((("Cookie", "sid=1"),)))) == []


@pytest.mark.parametrize(
    ("content_type", "documented", "matched"),
    [
        ("application/json", ["*/*", "application/*", "application/json"], "application/json"),
        ("application/hal+json", ["application/*", "application/*+json"], "application/*+json"),
        ("application/hal+json", ["application/json"], None),
        ("application/json; v=2", ["application/json", "application/json; v=2"], "application/json; v=2"),
        ("application/json; v=3", ["application/json; v=2"], "application/json; v=2"),
        ("text/csv", ["*/*", "text/*"], "text/*"),
        ("text", ["text/*"], None),
        (None, ["application/json"], None),
        (None, ["*/*"], "*/*"),
    ],
)
def test_the_nearest_documented_media_type_counts(
    content_type: str | None, documented: list[str], matched: str | None
) -> None:
    found = media.match([Media(each) for each in documented], content_type)
    assert (found and found.range) == matched
