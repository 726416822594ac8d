from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tidegate.contract.explore import Drawn, Source, failure_of, require_library
from tidegate.errors import UsageError
from tidegate.records import Exchange, Message

BODY = {
    "type": "object",
    "required": ["email", "size"],
    "properties": {"email": {"type": "string", "format": "email"}, "size": {"type": "integer", "minimum": 1}},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "patch": {
                "parameters": [
                    {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}},
                    {"name": "X-Tenant", "in": "header", "schema": {"type": "string", "pattern": "^[a-z]+$"}},
                ],
                "requestBody": {"required": True, "content": {"application/json": {"schema": BODY}}},
                "responses": {"200": {"description": ""}},
            },
        },
        "/health": {"get": {"responses": {"200": {"description": ""}}}},
    },
}
PATCH = "PATCH /things/{id}"
URL = "http://localhost:8000/api"


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(DOCUMENT, seed=3)


def drawn(source: Source, *, legal: bool) -> list[Drawn]:
    return list(source.draw(PATCH, 20, legal=legal))


def test_legal_requests_are_what_the_document_allows(source: Source) -> None:
    for each in drawn(source, legal=True):
        asked = each.asked(URL)
        body = json.loads(asked.content)
        assert each.legal
        assert body["size"] == int(body["size"]) >= 1
        assert "@" in body["email"]
        assert asked.method == "PATCH"
        assert asked.url.startswith(f"{URL}/things/")


def test_of_illegal_requests_most_are_what_it_does_not_allow(source: Source) -> None:
    def is_legal(each: Drawn) -> bool:
        body = each.body or {}
        return isinstance(body.get("size"), int) and "@" in str(body.get("email"))

    assert sum(map(is_legal, drawn(source, legal=False))) < 10


def test_the_same_seed_draws_the_same_requests(source: Source) -> None:
    again = Source(DOCUMENT, seed=3)
    assert [each.asked(URL) for each in drawn(again, legal=False)] == [
        each.asked(URL) for each in drawn(source, legal=False)
    ]


def test_where_nothing_can_be_illegal_nothing_is_drawn(source: Source) -> None:
    assert list(source.draw("GET /health", 20, legal=False)) == []
    assert len(list(source.draw("GET /health", 20, legal=True))) == 1


def test_what_it_cannot_read_is_said(source: Source) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        list(source.draw("GET /nowhere", 20, legal=True))


def test_a_record_can_be_named_and_a_body_changed(source: Source) -> None:
    [first, *_] = drawn(source, legal=True)
    first.name({"id": "a/b c"})
    assert first.body is not None
    first.body["email"] = "test-1@example.com"
    asked = first.asked(URL)
    assert asked.url.partition("?")[0] == f"{URL}/things/a%2Fb%20c"
    assert json.loads(asked.content)["email"] == "test-1@example.com"


def test_nothing_is_sent_that_the_document_does_not_know_or_the_client_says_itself(source: Source) -> None:
    for each in (*drawn(source, legal=False), *drawn(source, legal=True)):
        each.keep({"limit"}, {"x-tenant"})
        assert {name.lower() for name, _ in each.asked(URL).headers} <= {"x-tenant", "content-type"}


@pytest.mark.parametrize(
    ("status", "error", "where"),
    [
        (500, "", "500"),
        (502, "", "502"),
        (None, "RemoteProtocolError: Server disconnected", "no answer"),
        (None, "ReadTimeout: timed out", None),
        (501, "", None),
        (503, "", None),
        (499, "", None),
        (200, "", None),
    ],
)
def test_an_api_has_failed_when_it_says_so_or_hangs_up(status: int | None, error: str, where: str | None) -> None:
    exchange = Exchange(1, "t", "call", "admin", "GET", URL, Message(), status, error=error, operation="GET /things")
    found = failure_of(exchange)
    assert (found.where if found else None) == where


def test_a_failure_of_what_is_no_operation_is_nobodys() -> None:
    assert failure_of(Exchange(1, "t", "call", "admin", "GET", URL, Message(), 500)) is None


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.contract.explore.source.find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r'pip install "tidegate\[explore\]"'):
        require_library()
    with pytest.raises(UsageError, match="not installed"):
        Source(DOCUMENT, seed=1)


def test_the_library_is_loaded_when_something_is_drawn() -> None:
    code = "import sys, tidegate.contract.explore, tidegate.cli.explore; print('schemathesis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_every_second_legal_request_is_for_a_record_that_there_is(source: Source) -> None:
    assert [each.own for each in drawn(source, legal=True)][:4] == [True, False, True, False]
    assert not any(each.own for each in drawn(source, legal=False))
