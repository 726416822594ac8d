"""The lock of a document: what is in it, and what a change of words does to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidegate import DocumentError
from tidegate.contract.document import Document
from tidegate.contract.lock import NAME, lock_text, read_lock

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1", "description": "All things", "contact": {"email": "a@example.com"}},
    "servers": [
        {"url": "https://example.com/api/{stage}", "variables": {"stage": {"default": "v1", "description": "x"}}}
    ],
    "tags": [{"name": "things", "description": "Things"}],
    "x-owner": "somebody",
    "paths": {
        "/things": {
            "post": {
                "tags": ["things"],
                "summary": "Makes one",
                "operationId": "make",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                },
                "responses": {"201": {"description": "Made", "links": {"it": {"operationId": "read"}}}},
            }
        }
    },
    "components": {
        "securitySchemes": {
            "oauth": {
                "type": "oauth2",
                "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {"read": "Reads it"}}},
            }
        },
        "schemas": {
            "Thing": {
                "title": "A thing",
                "description": "What there is",
                "type": "object",
                "required": ["title", "description"],
                "properties": {
                    "title": {"type": "string", "title": "Title", "examples": ["b", "a"]},
                    "description": {"type": "string", "description": "Words", "default": {"description": "kept"}},
                    "x-ray": {"type": "boolean", "x-order": 3},
                },
            }
        },
    },
}


def locked() -> dict[str, Any]:
    return dict(json.loads(lock_text(DOCUMENT)))


def test_names_that_the_api_chose_stay_though_they_are_words_of_the_specification() -> None:
    fields = locked()["components"]["schemas"]["Thing"]["properties"]
    assert fields == {
        "title": {"type": "string", "examples": ["b", "a"]},
        "description": {"type": "string", "default": {"description": "kept"}},
        "x-ray": {"type": "boolean"},
    }


def test_what_binds_nobody_is_not_in_it() -> None:
    text = lock_text(DOCUMENT)
    gone = (
        "All things",
        "contact",
        "somebody",
        "Makes one",
        "Made",
        "links",
        "A thing",
        "Words",
        "x-order",
        "Reads it",
    )
    assert [word for word in gone if word in text] == []
    assert "tags" not in locked()


def test_a_server_is_its_path_since_hosts_differ_from_place_to_place() -> None:
    assert locked()["servers"] == [{"url": "/api/{stage}", "variables": {"stage": {"default": "v1"}}}]
    other = DOCUMENT | {"servers": [{"url": "http://127.0.0.1:41234/"}, {"url": "http://127.0.0.1:41235"}]}
    assert "servers" not in json.loads(lock_text(other))


def test_the_order_in_which_a_document_is_written_does_not_show() -> None:
    def reversed_keys(plain: Any) -> Any:
        if isinstance(plain, dict):
            return {key: reversed_keys(plain[key]) for key in reversed(plain)}
        return plain

    other = reversed_keys(DOCUMENT)
    other["components"]["schemas"]["Thing"]["required"] = ["description", "title"]
    assert lock_text(other) == lock_text(DOCUMENT)


def test_a_lock_of_a_lock_is_the_same_and_makes_the_same_operations() -> None:
    assert lock_text(locked()) == lock_text(DOCUMENT)
    first, again = Document.of(DOCUMENT), Document.of(locked())
    assert [(each.name, each.id, each.resource) for each in again.operations] == [
        (each.name, each.id, each.resource) for each in first.operations
    ]
    body = again.operations[0].body
    assert body is not None
    assert body.required
    schema = body.media[0].schema
    assert schema is not None
    assert {breach.keyword for breach in schema.breaches({"title": 5})} == {"type", "required"}


def test_each_value_has_a_line_of_its_own() -> None:
    assert max(map(len, lock_text(DOCUMENT).splitlines())) < 80


def test_no_lock_is_none_yet(tmp_path: Path) -> None:
    assert read_lock(tmp_path / NAME) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"paths": []}', "\ufffd\x00", ""])
def test_a_lock_that_cannot_be_read_is_said_to_be_so(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(DocumentError) as failure:
        read_lock(tmp_path / NAME)
    first, seen, then = str(failure.value).splitlines()
    assert str(tmp_path) in first
    assert seen.startswith("  seen: ")
    assert "tidegate contract accept" in then


def test_what_was_locked_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(lock_text(DOCUMENT))
    assert read_lock(tmp_path / NAME) == locked()
