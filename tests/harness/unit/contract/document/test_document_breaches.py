"""What is said of a value that is not as its schema says."""

from __future__ import annotations

from typing import Any

import pytest
from document_makers import answered, found

from tidegate.contract.schema import Breach, Schema

CAT = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "purrs": {"type": "boolean"}}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "barks": {"type": "integer"}}}
PETS = {"Cat": CAT, "Dog": DOG}
BRANCHES = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]


def test_a_breach_says_where_what_was_promised_and_what_came() -> None:
    schema = answered(
        {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"a/b": {"type": "array", "items": {"type": "integer", "maximum": 5}}, "name": {}},
        }
    )
    assert sorted(schema.breaches({"a/b": [1, 7, "x"], "extra": {"long": "y" * 200}}), key=str) == [
        Breach("/a~1b/1", "maximum", "at most 5", "7"),
        Breach("/a~1b/2", "type", "integer", '"x" (string)'),
        Breach("/extra", "additionalProperties", "no such field", '{"long": "' + "y" * 69 + "…"),
        Breach("/name", "required", "required", "missing"),
    ]


@pytest.mark.parametrize(
    ("schema", "value", "promised", "came"),
    [
        ({"type": ["string", "null"]}, 1, "string or null", "1 (integer)"),
        ({"enum": ["a", "b"]}, "c", "one of: a, b", '"c"'),
        ({"const": 1}, 2, "1", "2"),
        ({"format": "email", "type": "string"}, "x", "string (email)", '"x"'),
        ({"pattern": "^a$"}, "x", "matching ^a$", '"x"'),
        ({"minLength": 3}, "ab", "at least 3 characters", '2: "ab"'),
        ({"maxItems": 1}, [1, 2], "at most 1 items", "2: [1, 2]"),
        ({"multipleOf": 5}, 7, "a multiple of 5", "7"),
        ({"uniqueItems": True}, [1, 1], "items that all differ", "[1, 1]"),
        (False, 1, "nothing", "1"),
    ],
)
def test_promises_are_told_in_the_words_of_the_schema(schema: Any, value: Any, promised: str, came: str) -> None:
    [breach] = answered(schema, "3.1.0").breaches(value)
    assert (breach.pointer, breach.promised, breach.came) == ("", promised, came)


def test_what_two_parts_say_is_told_once() -> None:
    assert found(answered({"allOf": [{"required": ["a"]}, {"required": ["a"]}]}), {}) == [("/a", "required")]


def test_of_several_branches_the_nearest_one_is_told() -> None:
    thing = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}
    other = {"type": "object", "required": ["x", "y", "z"]}
    for keyword in ("oneOf", "anyOf"):
        schema = answered({"type": "array", "items": {keyword: [{"type": "null"}, other, thing]}}, "3.1.0")
        assert found(schema, [{"a": "1", "b": 2}]) == [("/0/b", "type")]


def test_where_no_branch_is_near_all_are_told() -> None:
    schema = answered({"oneOf": [{"type": "string"}, {"type": "array"}]})
    assert list(schema.breaches(1)) == [Breach("", "oneOf", "string or array", "1")]


def test_a_value_that_fits_two_branches_of_a_one_of_is_told_so() -> None:
    schema = answered({"oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "string"}]})
    assert list(schema.breaches(1)) == [Breach("", "oneOf", "exactly one of 3 schemas", "1 fits 1 and 2")]


@pytest.mark.parametrize("mapping", [None, {"Cat": "#/components/schemas/Cat", "Dog": "Dog"}])
@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_value_is_judged_by_the_branch_that_it_names(keyword: str, mapping: Any) -> None:
    named = {"propertyName": "kind", **({"mapping": mapping} if mapping else {})}
    schema = answered({keyword: BRANCHES, "discriminator": named}, schemas=PETS)
    assert schema.allows({"kind": "Dog", "barks": 1})
    assert found(schema, {"kind": "Dog", "barks": "loudly"}) == [("/barks", "type")]
    assert found(schema, {"kind": "Cat", "purrs": 1}) == [("/purrs", "type")]


def test_a_name_that_no_branch_has_is_told_with_those_there_are() -> None:
    one = {**CAT, "properties": {**CAT["properties"], "kind": {"enum": ["Cat"]}}}  # type: ignore[dict-item]
    schema = answered(
        {"oneOf": BRANCHES[:1], "discriminator": {"propertyName": "kind"}}, schemas={"Cat": one, "Dog": DOG}
    )
    assert list(schema.breaches({"kind": "Bird"})) == [Breach("/kind", "discriminator", "one of Cat", '"Bird"')]


def test_a_value_is_judged_by_the_heir_that_it_names() -> None:
    pet = {
        "type": "object",
        "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": {"hound": "Dog"}},
    }
    dog = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"barks": {"type": "integer"}}}]}
    schema = answered(
        {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}, schemas={"Pet": pet, "Dog": dog}
    )
    assert schema.allows([{"kind": "Dog", "barks": 1}, {"kind": "Bird"}, {"kind": "other", "barks": "x"}])
    assert found(schema, [{"kind": "hound", "barks": "x"}, {"kind": "Dog", "barks": "x"}, {}]) == [
        ("/0/barks", "type"),
        ("/1/barks", "type"),
        ("/2/kind", "required"),
    ]


def test_references_are_followed_to_what_stands_behind_them() -> None:
    schema = answered({"$ref": "#/components/schemas/A"}, schemas={"A": {"$ref": "#/components/schemas/B"}, "B": CAT})
    behind = schema.resolve(schema.plain)
    assert isinstance(behind, dict)
    assert sorted(behind["properties"]) == ["kind", "purrs"]
    assert schema.target("#/$defs/nothing") is True


def test_a_schema_made_by_hand_is_held_to() -> None:
    schema = Schema({"$ref": "#/$defs/A"}, {"$defs": {"A": {"type": "integer"}}})
    assert found(schema, "x") == [("", "type")]
    assert list(Schema(True, {}).breaches("x")) == []


@pytest.mark.parametrize("value", [float("nan"), 10**400, "\ud800", {"a": [[]]}, b"x"])
def test_odd_values_are_judged_without_a_traceback(value: Any) -> None:
    list(answered({"type": "object"}).breaches(value))


def test_a_value_that_is_nested_too_deeply_to_be_judged_passes() -> None:
    value: Any = []
    for _ in range(2000):
        value = [value]
    assert answered({"type": "array"}).allows(value)
    assert list(answered({"type": "array"}).breaches(value)) == []
