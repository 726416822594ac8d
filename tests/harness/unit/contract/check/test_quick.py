"""What is quick for ordinary bodies finds what a plain look finds."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tidegate.contract.check import fields, payload
from tidegate.contract.schema import Schema
from tidegate.contract.shapes import value_of
from tidegate.records import Exchange, Message

DEEP = {"type": "object", "properties": {"a": {"type": "integer"}}}
MARKED = {"type": "string", "writeOnly": True}
ITEMS = [
    {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
    {"properties": {"a": {"type": "string"}, "b": MARKED}},
    {"properties": {"a": {"type": "string"}, "b": DEEP}},
    {"properties": {"a": {"type": "string"}}, "additionalProperties": DEEP},
    {"anyOf": [DEEP, {"type": "object", "properties": {"b": {"type": "string"}}}]},
]
INNER = st.sampled_from(["x", {"a": 1}, {"b": 1}])
RECORD = st.fixed_dictionaries({"a": st.just("x")}, optional={"b": INNER}) | st.dictionaries(st.just("c"), INNER)


@example(ITEMS[0], [{"a": "x"}, {"c": "x"}])
@example(ITEMS[1], [{"a": "x"}, {"a": "x", "b": "x"}])
@example(ITEMS[2], [{"a": "x"}, {"a": "x", "b": {"b": 1}}])
@example(ITEMS[3], [{"a": "x"}, {"c": {"b": 1}}])
@settings(deadline=None)
@given(st.sampled_from(ITEMS), st.lists(RECORD, min_size=1, max_size=4) | st.lists(RECORD | st.lists(RECORD)))
def test_fields_that_nobody_documented_are_found_in_many_records_as_in_each(item: Any, records: list[Any]) -> None:
    plain = {"type": "array", "items": item}
    schema = Schema(plain, plain)
    fields.strays(schema, [{}])  # from now on its records may be looked at together
    quick = fields.strays(schema, records)
    with patch.object(fields, "_plain", return_value=False):
        slow = fields.strays(schema, records)
    assert (quick.unknown, quick.hidden, quick.given) == (slow.unknown, slow.hidden, slow.given)


TEXTS = st.lists(st.sampled_from(['{"a":', '{"b":', "1", "}", ",", '"a":', "[", "]", "NaN", "é", '"x"'])).map("".join)


@given(TEXTS | st.just('{"a":{"b":1,"b":2},"a":3,"a":4}'))
def test_a_body_is_read_as_python_reads_it_but_for_what_is_no_json(text: str) -> None:
    found, repeated = payload.read(text.encode(), "application/json"), list[str]()

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        repeated.extend(name for name in names if names.count(name) > 1)
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=made)
    except ValueError:
        assert not found.known
        return
    assert found.known is ("NaN" not in text)
    if found.known:
        assert (found.value, found.repeated) == (value, repeated[0] if repeated else "")


@pytest.mark.parametrize(
    "body", [b'{"a": 1, "a": 2}', b'\xef\xbb\xbf{"a": 2}', '{"a": 2}'.encode("utf-16"), b"[", b"\xff"]
)
def test_the_value_that_shapes_are_learned_from_may_be_the_one_that_was_checked(body: bytes) -> None:
    message = Message((("Content-Type", "application/json"),), body, len(body))
    exchange = Exchange(1, "t", "call", "", "GET", "http://h/", Message(), 200, message)
    readings = payload.Readings()
    assert value_of(exchange, readings.of) == value_of(exchange)
    assert readings.of(message) is readings.of(message)
