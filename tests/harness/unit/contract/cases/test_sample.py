"""A small value that a schema allows is found for every schema that is not out of the ordinary."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidegate.contract.cases import NoSample, sample
from tidegate.contract.schema import Schema

Plain = dict[str, Any]
NAMES = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def texts(draw: st.DrawFn) -> Plain:
    least = draw(st.integers(0, 30))
    limits: Plain = draw(
        st.sampled_from(
            [
                {},
                {"minLength": least},
                {"maxLength": least},
                {"minLength": least, "maxLength": least + draw(st.integers(0, 5))},
                {
                    "pattern": draw(
                        st.sampled_from([r"^[A-Z]{2}\d{3}$", "^(ab|cd)+$", r"^\S+@\S+\.io$", "x-[0-9a-f]{4,8}"])
                    )
                },
                {"format": draw(st.sampled_from(["email", "uuid", "date-time", "date", "uri", "ipv4"]))},
            ]
        )
    )
    return {"type": "string", **limits}


@st.composite
def numbers(draw: st.DrawFn) -> Plain:
    least = draw(st.integers(-1000, 1000))
    limits: Plain = draw(
        st.sampled_from(
            [
                {},
                {"minimum": least},
                {"exclusiveMinimum": least},
                {"maximum": least},
                {"exclusiveMaximum": least},
                {"minimum": least, "maximum": least + draw(st.integers(0, 3))},
                {"minimum": least, "multipleOf": draw(st.sampled_from([1, 3, 10]))},
            ]
        )
    )
    return {"type": draw(st.sampled_from(["integer", "number"])), **limits}


LEAVES = st.one_of(
    texts(),
    numbers(),
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.lists(st.one_of(st.text(max_size=3), st.integers()), min_size=1, max_size=3).map(lambda each: {"enum": each}),
    st.integers().map(lambda each: {"const": each}),
    st.just({"$ref": "#/$defs/Tree"}),
)


def branches(inner: st.SearchStrategy[Plain]) -> st.SearchStrategy[Plain]:
    return st.one_of(
        st.builds(_object, st.dictionaries(NAMES, inner, max_size=3), st.sets(NAMES), st.booleans()),
        st.builds(_array, inner, st.integers(0, 3)),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: {"anyOf": each}),
        inner.map(lambda each: each if _is_right(None, each) else {"oneOf": [each, {"type": "null"}]}),
        inner.map(lambda each: {"allOf": [each, {"description": "the same"}]}),
    )


def _object(fields: dict[str, Plain], required: set[str], closed: bool) -> Plain:
    wanted = sorted(required & fields.keys() if closed else required)
    return {"type": "object", "properties": fields, "required": wanted, "additionalProperties": not closed}


def _is_right(value: Any, plain: Plain) -> bool:
    return jsonschema.Draft202012Validator({**plain, **ROOT}).is_valid(value)


def _array(items: Plain, least: int) -> Plain:
    return {"type": "array", "items": items, "minItems": least}


TREE: Plain = {
    "type": "object",
    "required": ["name", "below"],
    "properties": {"name": {"type": "string"}, "below": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
}
ROOT: Plain = {"$defs": {"Tree": TREE}}


def schema_of(plain: Any) -> Schema:
    return Schema(plain, ROOT)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(LEAVES, branches, max_leaves=6))
def test_what_another_validator_allows_too_is_found_and_is_the_same_each_time(plain: Plain) -> None:
    found = sample(schema_of(plain))
    jsonschema.Draft202012Validator({**plain, **ROOT}).validate(found)
    assert sample(schema_of(plain)) == found


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ({"type": "string", "examples": ["Ada"], "default": "Bob"}, "Ada"),
        ({"type": "string", "default": "Bob"}, "Bob"),
        ({"type": "string", "example": "no number", "pattern": "^[0-9]$"}, "1"),
        ({"enum": [None, "b"]}, "b"),
        ({"type": ["null", "integer"]}, 1),
        ({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, True),
        ({"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a"]}, {"a": 1}),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "integer"}},
                "required": ["a"],
                "example": {"a": 7, "b": 8},
            },
            {"a": 7, "b": 8},
        ),
        ({"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 2, "uniqueItems": True}, [1, 2]),
        ({"type": "integer", "minimum": 9223372036854775807}, 9223372036854775807),
        ({"$ref": "#/$defs/Tree"}, {"name": "sample", "below": []}),
    ],
)
def test_what_the_document_names_comes_first_and_no_more_than_is_needed(plain: Any, value: Any) -> None:
    assert sample(schema_of(plain)) == value


def test_a_value_that_is_known_is_taken_for_fields_of_its_name_at_any_depth() -> None:
    team = {"type": "object", "required": ["tenant"], "properties": {"tenant": {"type": "string"}}}
    plain = {"type": "object", "required": ["team"], "properties": {"team": team, "tenant": {"type": "string"}}}
    assert sample(schema_of(plain), {"tenant": "acme"}) == {"team": {"tenant": "acme"}, "tenant": "acme"}


@pytest.mark.parametrize(
    "plain",
    [
        False,
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"type": "object", "required": ["below"], "properties": {"below": {"$ref": "#/$defs/Endless"}}},
        {"type": "string", "pattern": "^(?=a)b$"},
    ],
)
def test_what_nothing_can_be_is_said(plain: Any) -> None:
    endless = {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/$defs/Endless"}}}
    with pytest.raises(NoSample):
        sample(Schema(plain, {"$defs": {"Endless": endless}}))
