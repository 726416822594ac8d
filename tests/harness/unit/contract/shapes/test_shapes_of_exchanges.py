"""What is learned from in an exchange: the name of its operation without a document, and the value of its answer."""

from __future__ import annotations

import pytest

from tidegate.contract.shapes import (
    NOTHING,
    operation_of,
    value_of,
)
from tidegate.records import Exchange, Message
from tidegate.settings import Resource

RESOURCES = [
    Resource(name="things", path="/things"),
    Resource(name="parts", path="/things/{parent.id}/parts", parent="things"),
    Resource(name="files", path="/files", read="GET /file/{id}/content"),
]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://h/api/things", "/things"),
        ("http://h/api/things?limit=5", "/things"),
        ("http://h/api/things/a-slug", "/things/{id}"),
        ("http://h/api/things/a-slug/", "/things/{id}/"),
        ("http://h/api/things/a%2Fb/parts", "/things/{id}/parts"),
        ("http://h/api/things/a/parts/b", "/things/{id}/parts/{id}"),
        ("http://h/api/things/a/history/12", "/things/{id}/history/{id}"),
        ("http://h/api/file/x/content", "/file/{id}/content"),
        ("http://h/api/other/12/sub", "/other/{id}/sub"),
        ("http://h/api/other/0f8fad5b-d9cb-469f-a165-70867728950e", "/other/{id}"),
        ("http://h/api/other/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/other/{id}"),
        ("http://h/api/other/deadbeef01", "/other/{id}"),
        ("http://h/api/other/a%40example.com", "/other/{id}"),
        ("http://h/api/other/test-6b0427ab5421-x", "/other/{id}"),
        ("http://h/api/other/2024-01-02", "/other/{id}"),
        ("http://h/api/v2/reports/latest", "/v2/reports/latest"),
        ("http://h/api", "/"),
        ("http://h/apiary/x", "/apiary/x"),
    ],
)
def test_an_operation_without_a_document_is_named_by_what_varies_in_its_path(url: str, name: str) -> None:
    assert operation_of("GET", url, RESOURCES, "http://h/api", "test-") == f"GET {name}"


def answer(body: bytes | None, media: str = "application/json", size: int | None = None) -> Exchange:
    message = Message((("Content-Type", media),), body, len(body or b"") if size is None else size)
    return Exchange(1, "t", "call", "", "GET", "http://h/", Message(), 200, message)


@pytest.mark.parametrize("media", ["application/json", "Application/Problem+JSON; charset=utf-8"])
def test_the_value_of_an_answer_is_that_of_its_json(media: str) -> None:
    assert value_of(answer(b'{"a": 1}', media)) == {"a": 1}


@pytest.mark.parametrize(
    "exchange",
    [
        answer(b'{"a": 1}', "text/html"),
        answer(b""),
        answer(None),
        answer(b'{"a": '),
        answer(b'{"a": 1}', size=100),
        answer(b"[" * 100_000),
        Exchange(1, "t", "call", "", "GET", "http://h/", Message(), error="refused"),
    ],
)
def test_an_answer_that_is_no_whole_json_has_no_value(exchange: Exchange) -> None:
    assert value_of(exchange) is NOTHING
