from __future__ import annotations

from typing import Any

import pytest

from tidegate.settings import Resource
from tidegate.settings.resources import read_resources

PEOPLE = {"marker": "email", "filter": "q={prefix}"}


def read(table: object) -> tuple[list[str], list[str]]:
    problems: list[str] = []
    return [resource.name for resource in read_resources(table, "test-", problems)], problems


def test_a_resource_needs_nothing_but_a_name() -> None:
    problems: list[str] = []
    assert read_resources({"things": {}}, "test-", problems) == (Resource(name="things", path="/things"),)
    assert not problems


def test_children_come_before_parents_and_delete_first_is_heeded() -> None:
    child = {"parent": "a", "parent_field": "a_id", "filter": "a={parent.id}"}
    names, problems = read({"a": PEOPLE, "b": child, "c": {"delete_first": ["d"]}, "d": {"delete_first": ["a"]}})
    assert not problems
    assert names.index("b") < names.index("a") < names.index("d") < names.index("c")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"a": {"delete_first": ["b"]}, "b": {"delete_first": ["a"]}}, "must each be deleted before the other"),
        ({"a": {"parent": "a", "parent_field": "a_id"}}, "must each be deleted before the other"),
        ({"a": {"delete_first": ["x"]}}, "names 'x', which is not declared; declared are a"),
        ({"a": {"parent": "x", "parent_field": "y"}}, "names 'x', which is not declared; declared are a"),
        ({"a": {"parent_field": "y"}}, "parent and parent_field go together"),
        ({"a": {}, "b": {"parent": "a"}}, "parent and parent_field go together"),
        ({"a": {"filter": "a={parent.id}"}}, "says {parent.id}, but no parent is set"),
        ({"a": {"filter": "a={prefix}"}}, "no marker says which field starts with 'test-'"),
        ({"a": {"filter": "a=b"}}, "expected a query with a placeholder"),
        ({"a": {"page_size": 0}}, "page_size in [tool.tidegate.resources.a] in pyproject.toml is 0: expected a whole"),
        ({"a": {"page_size": True}}, "expected a whole number above 0"),
        ({"a": {"path": "a"}}, "is 'a': expected a path that starts with one slash"),
        ({"a": {"colour": 1}}, "colour in [tool.tidegate.resources.a] in pyproject.toml is not a setting; possible"),
        ({"a": {"name": "b"}}, "name in [tool.tidegate.resources.a] in pyproject.toml is not a setting"),
        ({"a": 5}, "is 5: expected a table"),
        (5, "resources is 5: expected tables"),
    ],
)
def test_a_wrong_declaration_is_named(table: Any, said: str) -> None:
    names, problems = read(table)
    assert not names
    assert any(said in problem for problem in problems), problems


def test_a_path_keeps_its_closing_slash_and_gives_one_to_its_records() -> None:
    problems: list[str] = []
    (resource,) = read_resources({"a": {"path": "/x/y/"}}, "test-", problems)
    assert resource.request("create") == ("POST", "/x/y/")
    assert resource.request("list") == ("GET", "/x/y/")
    assert [resource.request(action)[1] for action in ("read", "update", "delete")] == ["/x/y/{id}/"] * 3
