from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.settings import forms
from tidegate.settings.template import fill, placeholders, templated

VALUES = {"email": "a@b.c", "parent.id": 7, "flag": True, "nothing": None, "table": {"x": [1]}}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("{email}", "a@b.c"),
        ("{parent.id}", 7),
        ("{flag}", True),
        ("{nothing}", None),
        ("{table}", {"x": [1]}),
        ("owner={parent.id}&mail={email}", "owner=7&mail=a@b.c"),
        ("is {flag}", "is true"),
        ("{email}{email}", "a@b.ca@b.c"),
        ({"data": {"email": "{email}", "ids": ["{parent.id}", 5]}}, {"data": {"email": "a@b.c", "ids": [7, 5]}}),
        ([], []),
        (5, 5),
        (MappingProxyType({"a": MappingProxyType({"b": ("{flag}",)})}), {"a": {"b": [True]}}),
    ],
)
def test_a_placeholder_is_filled_and_keeps_its_type_when_it_is_the_whole_text(template: Any, filled: Any) -> None:
    assert fill(template, VALUES) == filled
    assert json.dumps(fill(template, VALUES)) == json.dumps(filled)


@pytest.mark.parametrize(
    "text", ["{}", "{ email }", "{Email}", "{1}", "{{}}", '{"where":{"a":1}}', r"\d{4}", "{a..b}", "{", "}", "{a b}"]
)
def test_braces_that_are_no_placeholder_stay(text: str) -> None:
    assert fill(text, {}) == text
    assert placeholders(text) == ()


def test_json_in_a_query_is_filled_inside() -> None:
    assert fill('filter={"where":{"email":"{email}"}}', VALUES) == 'filter={"where":{"email":"a@b.c"}}'


def test_a_value_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert fill("x {email}", {"email": "{secret}", "secret": "no"}) == "x {secret}"


def test_the_template_itself_is_left_as_it_was() -> None:
    template = {"a": ["{email}"]}
    fill(template, VALUES)
    assert template == {"a": ["{email}"]}


def test_the_names_come_in_order_and_once() -> None:
    assert placeholders({"a": "{y} {x}", "b": ["{x}", {"c": "{z.id}"}], "d": 5}) == ("y", "x", "z.id")


@given(st.text(), st.text())
def test_any_text_around_a_placeholder_stays(before: str, after: str) -> None:
    if not placeholders(before) and not placeholders(after) and placeholders(f"{before}{{x}}{after}") == ("x",):
        assert fill(f"{before}{{x}}{after}", {"x": "v"}) == (f"{before}v{after}")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_a_template_without_placeholders_is_its_own_value(template: Any) -> None:
    if not placeholders(template):
        assert fill(template, {}) == template


def test_an_unknown_placeholder_is_refused_with_those_that_are_possible() -> None:
    form = templated(forms.table, "email", "parent.id")
    assert form({"a": "{email}", "b": ["{parent.id}"]}) == {"a": "{email}", "b": ["{parent.id}"]}
    with pytest.raises(ValueError, match=r"no placeholder \{emial\} in it; possible are \{email\}, \{parent.id\}"):
        form({"a": {"b": "{emial}"}})
    with pytest.raises(ValueError, match="possible are none"):
        templated(forms.text)("{email}")
