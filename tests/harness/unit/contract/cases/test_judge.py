"""What a refusal must be like, and what counts as a change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidegate.contract.cases import negative_cases
from tidegate.contract.cases.judge import changes, flaws
from tidegate.contract.document import Document
from tidegate.records import Exchange, Message

PROBLEM: dict[str, Any] = {"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}}
DOCUMENT = Document.of(
    {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/things": {
                "post": {
                    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
                    "responses": {
                        "201": {"description": ""},
                        "422": {
                            "description": "",
                            "headers": {"X-Why": {"required": True, "schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": PROBLEM}},
                        },
                    },
                }
            }
        },
    }
)
CASES = {case.name: case for case in negative_cases(DOCUMENT)}
RIGHT = {"X-Why": "because"}


def found(name: str, status: int, body: Any = None, error: str = "", **headers: str) -> list[str]:
    case = CASES[name]
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = {"Content-Type": "application/json"} if content else {}
    answer = Message(
        tuple({**kind, **{k.replace("_", "-"): v for k, v in headers.items()}}.items()), content, len(content)
    )
    method = case.method or case.operation.method
    exchange = Exchange(0, "", "call", "", method, "http://x/things", Message(), status, answer)
    return [*flaws(DOCUMENT, case, exchange, error)]


WRONG, METHOD, MEDIA = "POST /things wrong type body", "PUT /things wrong method", "POST /things wrong media type"


def test_the_documented_refusal_is_right() -> None:
    assert found(WRONG, 422, {"detail": "no"}, X_Why="because") == []


@pytest.mark.parametrize(
    ("status", "body", "headers", "said"),
    [
        (201, None, {}, "expected 422, and the API answered 201"),
        (500, {"detail": "no"}, RIGHT, "expected 422, and the API answered 500"),
        (422, {"error": "no"}, RIGHT, "invalid body at 422 body /detail"),
        (422, {"detail": 7}, RIGHT, "invalid body at 422 body /detail"),
        (422, "no JSON", RIGHT, "invalid body at 422 body"),
        (422, {"detail": "no"}, {}, "missing header at 422 header X-Why"),
        (422, {"detail": "no"}, {**RIGHT, "Content-Type": "text/html"}, "undocumented media type at 422"),
    ],
)
def test_another_status_body_or_header_is_a_flaw(status: int, body: Any, headers: dict[str, str], said: str) -> None:
    flaw, *_ = found(WRONG, status, body, **headers)
    assert flaw.startswith(said)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Allow": "GET, POST"}, []),
        ({"allow": ""}, []),
        ({}, ["a 405 must have an Allow header, and this one has none"]),
        ({"Allow": "post, put"}, ["Allow is 'post, put', although PUT was refused"]),
    ],
)
def test_a_405_says_what_is_allowed(headers: dict[str, str], said: list[str]) -> None:
    assert found(METHOD, 405, **headers) == said


def test_a_refusal_that_is_not_documented_may_look_like_anything_unless_a_key_is_asked_for() -> None:
    assert found(MEDIA, 415, "no") == []
    assert found(METHOD, 405, "<h1>", Allow="GET") == []
    assert found(MEDIA, 415, {"detail": "no"}, error="detail") == []
    for body in ("no", {"detail": ""}, {"error": "no"}, None):
        assert found(MEDIA, 415, body, error="detail") == [
            "an error must say 'detail' in a JSON body, and this one does not"
        ]


@pytest.mark.parametrize(
    ("before", "after", "later", "changed"),
    [
        ({"a": 1}, {"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, {"a": 2}, ["a"]),
        ({"a": 1}, {}, {}, ["a"]),
        ({}, {"a": None}, {"a": None}, []),
        ({"reads": 1, "a": 1}, {"reads": 2, "a": 1}, {"reads": 3, "a": 1}, []),
        ({"reads": 1, "a": 1}, {"reads": 2, "a": 2}, {"reads": 3, "a": 2}, ["a"]),
        ({"seen": "2026-01-01T00:00:00Z"}, {"seen": "2026-01-01T00:00:01Z"}, {"seen": "2026-01-01T00:00:01Z"}, []),
        ({"due": None}, {"due": "2026-01-01T00:00:01Z"}, {"due": "2026-01-01T00:00:01Z"}, ["due"]),
        ({"a": 1}, None, None, ["the record"]),
    ],
)
def test_a_change_is_what_does_not_go_on_changing_by_itself(
    before: Any, after: Any, later: Any, changed: list[str]
) -> None:
    assert changes(before, after, later) == changed
