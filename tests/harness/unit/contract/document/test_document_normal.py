"""What a schema means in each version and direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from document_makers import answered, asked, found
from hypothesis import given, settings
from hypothesis import strategies as st

REF = {"$ref": "#/components/schemas/A"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True},
        {"type": "string", "enum": ["a"], "nullable": True},
        {"type": "string", "enum": ["a", None]},
        {"enum": ["a"], "nullable": True},
        {"nullable": True, "allOf": [REF]},
        {"type": "object", "nullable": True, "allOf": [REF]},
        {"nullable": True, **REF},
        {"nullable": True, "oneOf": [REF, {"type": "integer"}]},
        {"type": "string", "x-nullable": True},
        {"oneOf": [{"type": "integer"}, {"type": "string", "nullable": True}]},
    ],
)
def test_null_passes_where_the_document_says_nullable_and_a_number_does_not(schema: dict[str, Any]) -> None:
    made = answered(schema, schemas={"A": {"type": "object"}})
    assert made.allows(None)
    assert not made.allows(1.5)


def test_null_is_refused_where_nobody_says_nullable() -> None:
    assert found(answered({"type": "object", "properties": {"a": {"type": "string"}}}), {"a": None}) == [("/a", "type")]


def test_what_stands_beside_a_reference_counts_since_version_3_1() -> None:
    schema = {**REF, "minLength": 3}
    named = {"A": {"type": "string"}}
    assert answered(schema, "3.0.3", named).allows("x")
    assert found(answered(schema, "3.1.0", named), "x") == [("", "minLength")]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_exclusive_limits_in_both_forms(version: str) -> None:
    old = answered({"type": "number", "minimum": 1, "exclusiveMinimum": True, "maximum": 5}, version)
    new = answered({"type": "number", "exclusiveMinimum": 1, "maximum": 5, "exclusiveMaximum": False}, version)
    for schema in (old, new):
        assert [value for value in (1, 1.5, 5, 6) if schema.allows(value)] == [1.5, 5]


def test_a_field_that_travels_the_other_way_is_not_required() -> None:
    fields = {"id": {"type": "integer", "readOnly": True}, "secret": {"$ref": "#/components/schemas/Secret"}}
    schema = {"type": "object", "required": ["id", "secret", "name"], "properties": {**fields, "name": {}}}
    schemas = {"Secret": {"type": "string", "writeOnly": True}}
    assert found(answered(schema, schemas=schemas), {}) == [("/id", "required"), ("/name", "required")]
    assert found(asked(schema, schemas=schemas), {}) == [("/secret", "required"), ("/name", "required")]
    assert found(answered(schema, schemas=schemas), {"id": "x", "name": 1}) == [("/id", "type")]


def test_a_field_is_known_to_travel_one_way_where_another_part_requires_it() -> None:
    parts: list[Any] = [
        {"properties": {"secret": {"type": "string", "writeOnly": True}}},
        {"required": ["secret", "id"]},
    ]
    assert found(answered({"allOf": parts}), {}) == [("/id", "required")]
    below = {"properties": parts[0]["properties"], "anyOf": [{"required": ["secret"]}, {"required": ["other"]}]}
    assert answered(below).allows({})


def test_the_mark_of_a_write_only_field_is_kept_for_checks() -> None:
    plain = answered({"type": "object", "properties": {"secret": {"type": "string", "writeOnly": True}}}).plain
    assert isinstance(plain, Mapping)
    assert plain["properties"]["secret"]["writeOnly"] is True


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        (
            "date-time",
            ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.123+02:00"],
            ["2024-02-29 12:00", "2023-02-29T00:00:00Z"],
        ),
        ("date", ["2024-02-29"], ["2023-02-29", "29.02.2024"]),
        ("uuid", ["9f8b2c1e-4d3a-4b6f-8e21-0a1b2c3d4e5f"], ["9f8b2c1e"]),
        ("email", ["ada@example.test"], ["ada"]),
        ("uri", ["https://example.test/a?b#c"], ["/a"]),
        ("ipv4", ["192.0.2.1"], ["192.0.2.256"]),
        ("ipv6", ["2001:db8::1"], ["2001:db8"]),
        ("byte", ["dGlkZQ==", "dGlkZQ", "_-8="], ["%%"]),
        ("binary", ["\x00anything"], []),
        ("password", ["x"], []),
        ("of-our-own", ["x"], []),
    ],
)
def test_known_formats_are_held_to_and_others_are_not(form: str, right: list[str], wrong: list[str]) -> None:
    schema = answered({"type": "string", "format": form})
    assert all(schema.allows(each) for each in right)
    assert [found(schema, each) for each in wrong] == [[("", "format")]] * len(wrong)


@pytest.mark.parametrize(("form", "most"), [("int32", 2**31 - 1), ("int64", 2**63 - 1)])
def test_integers_keep_their_width(form: str, most: int) -> None:
    schema = answered({"type": "integer", "format": form})
    assert schema.allows(most)
    assert schema.allows(-most - 1)
    assert not schema.allows(most + 1)
    assert answered({"type": "string", "format": form}).allows("abc")


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^(?=.*[A-Z]).{3,}$", "abC", "abc"),
        (r"^[\w-.]+$", "a-b.c", "a b"),
        (r"^(?P<year>\d{4})\Z", "2024", "24"),
        (r"/^[a-z]+$/i", "ABC", "123"),
        (r"^\/a\-b$", "/a-b", "a"),
        (r"^[一-龥]+$", "好", "a"),
    ],
)
def test_patterns_of_other_dialects_mean_what_they_mean_there(pattern: str, right: str, wrong: str) -> None:
    schema = answered({"type": "string", "pattern": pattern})
    assert schema.allows(right)
    assert found(schema, wrong) == [("", "pattern")]


def test_a_pattern_that_nobody_reads_says_nothing() -> None:
    schema = {"type": "object", "patternProperties": {"(": {"type": "integer"}}, "additionalProperties": False}
    assert answered({"type": "string", "pattern": "("}).allows("x")
    assert answered(schema, "3.1.0").allows({"any": "thing"})


@pytest.mark.parametrize(
    "junk",
    [
        {"example": {"$ref": "#/nowhere"}, "examples": {"a": 1}, "default": 5, "x-a": []},
        {"required": True},
        {"minLength": "3", "maxLength": -1, "multipleOf": 0, "enum": [], "uniqueItems": "no", "minimum": "1"},
        {"type": "any"},
        {"type": ["string", "odd"]},
        {"xml": {"name": "a"}, "externalDocs": {}, "discriminator": {"mapping": {}}, "title": 5},
        {"allOf": [], "oneOf": [], "properties": {}, "$schema": "https://json-schema.org/draft/2020-12/schema"},
    ],
)
def test_what_makes_no_sense_in_a_schema_says_nothing(junk: dict[str, Any]) -> None:
    assert answered({"type": "string", **junk}).allows("x")


def test_a_file_is_any_body() -> None:
    assert answered({"type": "file"}).allows("x")


def test_a_list_of_first_items_in_the_old_form() -> None:
    schema = {"type": "array", "items": [{"type": "integer"}], "additionalItems": {"type": "string"}}
    assert sorted(found(answered(schema, "3.1.0"), ["x", "y", 1])) == [("/0", "type"), ("/2", "type")]


def test_keywords_of_version_3_1() -> None:
    schema = {
        "type": ["object", "null"],
        "properties": {"kind": {"const": "a"}, "many": {"prefixItems": [{"type": "integer"}], "items": False}},
        "dependentRequired": {"many": ["kind"]},
        "if": {"required": ["kind"]},
        "then": {"required": ["many"]},
        "propertyNames": {"maxLength": 4},
        "unevaluatedProperties": False,
    }
    made = answered(schema, "3.1.0")
    assert made.allows(None)
    assert made.allows({"kind": "a", "many": [1]})
    assert found(made, {"kind": "b", "many": [1, 2]}) == [("/kind", "const"), ("/many/1", "false")]
    assert ("/kind", "required") in found(made, {"many": []})


def test_schemas_that_contain_themselves_in_place_are_no_trap() -> None:
    schemas = {
        "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "properties": {"kind": {"type": "string"}}},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"purrs": {"type": "boolean"}}}]},
    }
    schema = answered({"$ref": "#/components/schemas/Pet"}, schemas=schemas)
    assert schema.allows({"kind": "x", "purrs": True})
    assert ("/purrs", "type") in found(schema, {"purrs": 1})


def kinds(depth: int) -> st.SearchStrategy[tuple[dict[str, Any], Any]]:
    """Schemas of 3.0, each with a value that it allows."""
    text = st.text(max_size=5)
    leaves = st.one_of(
        text.map(lambda value: ({"type": "string", "minLength": len(value)}, value)),
        st.integers(-100, 100).map(lambda value: ({"type": "integer", "format": "int32", "maximum": value}, value)),
        st.integers(-100, 100).map(
            lambda value: ({"type": "number", "minimum": value - 1, "exclusiveMinimum": True}, value)
        ),
        st.booleans().map(lambda value: ({"type": "boolean"}, value)),
        text.map(lambda value: ({"type": "string", "enum": [value], "nullable": True}, None)),
        text.map(lambda value: ({"enum": [value, 1]}, value)),
    )
    if not depth:
        return leaves
    inner = kinds(depth - 1)
    lists = st.lists(inner, max_size=1).map(
        lambda many: ({"type": "array", "items": many[0][0] if many else {}}, [each for _, each in many] * 2)
    )
    objects = st.dictionaries(text, st.tuples(inner, st.booleans()), max_size=3).map(
        lambda many: (
            {
                "type": "object",
                "required": list(many),
                "properties": {name: {**each[0], "writeOnly": gone} for name, (each, gone) in many.items()},
                "additionalProperties": False,
            },
            {name: each[1] for name, (each, gone) in many.items() if not gone},
        )
    )
    wrapped = st.tuples(inner, st.sampled_from(["allOf", "anyOf"])).map(
        lambda pair: ({pair[1]: [pair[0][0], *([{"not": {}}] if pair[1] == "anyOf" else [])]}, pair[0][1])
    )
    absent = inner.map(lambda pair: ({"nullable": True, "allOf": [pair[0]]}, None))
    return st.one_of(leaves, lists, objects, wrapped, absent)


@settings(max_examples=60, deadline=None)
@given(kinds(3))
def test_a_value_that_follows_a_schema_of_3_0_is_never_objected_to(pair: tuple[dict[str, Any], Any]) -> None:
    schema, value = pair
    assert found(answered(schema), value) == []
