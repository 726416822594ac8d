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
        ({"a": {"filter": "*"}}, "filter says * or {prefix}, but no marker says"),
        ({"a": {"list": "POST", "list_body": {"w": "{prefix}"}}}, "no marker says which field starts with"),
        ({"a": {"list_body": {"w": 1}}}, 'list_body is sent with a POST only: write list = "POST /path"'),
        ({"a": {"list": "POST", "list_body": {"w": "{page}"}}}, "list_body says {page}, but paging is offset"),
        ({"a": {"list": "POST", "list_body": {"w": "{emial}"}}}, "no placeholder {emial} in it; possible are {prefix}"),
        ({"a": {"list": "GET /a/{id}"}}, "no placeholder {id} in it"),
        ({"a": {"path": "/b/{parent.id}/a"}}, "the path says {parent.id}, but no parent is set"),
        ({"a": {"body": {"b": "{parent.id}"}}}, "the body says {parent.id}, but no parent is set"),
        ({"a": {"body": {"b": "{parent}"}}}, "no placeholder {parent} in it; possible are {unique}, {email}"),
        (
            {"a": {"body": {"b": "{id}"}}},
            'body says {id}, but the path of create does not: write create = "POST /a/{id}"',
        ),
        ({"a": {"read": "GET /a"}}, "read is '/a', which does not say which record: put {id} where the id belongs"),
        ({"a": {"delete": "POST /a/archive"}}, "delete is '/a/archive', which does not say which record"),
        ({"a": {"delete": "GET"}}, "expected a method (DELETE, POST, PUT, PATCH)"),
        ({"a": {"id": "Location", "marker": "m", "filter": "q={prefix}"}}, "what a list shows has no Location"),
        ({"a": {"marker": "m", "body": {"m": "x"}}}, "body makes every record with 'x' as its m, which is the marker"),
        ({"a": {"marker": "d.m", "record": "r", "body": {"r": {"d": {"m": "x"}}}}}, "body makes every record with 'x'"),
        (
            {
                "a": {},
                "b": {"parent": "a", "path": "/a/{parent.id}/b"},
                "c": {"parent": "b", "path": "/b/{parent.id}/c"},
            },
            "is below 'b', which is itself below another",
        ),
        ({"a": {"page_size": 0}}, "page_size in [tool.tidegate.resources.a] in pyproject.toml is 0: expected a whole"),
        ({"a": {"page_size": True}}, "expected a whole number above 0"),
        ({"a": {"path": "a"}}, "is 'a': expected a path that starts with one slash"),
        ({"a": {"colour": 1}}, "colour in [tool.tidegate.resources.a] in pyproject.toml is not a setting; docs/"),
        ({"a": {"markr": "b"}}, "resources.a] in pyproject.toml is not a setting; did you mean marker?"),
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


@pytest.mark.parametrize(
    "table",
    [
        {"a": {}, "b": {"parent": "a", "path": "/a/{parent.id}/b"}},
        {"a": {"create": "PUT", "body": {"m": "{id}"}, "marker": "m"}},
        {"a": {"create": "PUT", "marker": "id", "id": "id", "body": {}}},
        {"a": {"list": "POST", "list_body": {"w": "{prefix}", "p": "{page}"}, "paging": "page", "marker": "m"}},
        {"a": {"delete": "DELETE /a?id={id}", "read": "GET /one?id={id}", "update": "PUT /one?id={id}"}},
        {"a": {"id": "Location"}},
        {"a": {"paging": "none", "filter": "*", "marker": "m"}},
        {"a": {"marker": "d.m", "record": "r", "body": {"r": {"d": {"m": "{unique}"}}}}},
        {"a": {"marker": "m", "record": "r", "body": {"m": "my {name}"}}},
    ],
)
def test_what_can_work_is_taken(table: Any) -> None:
    assert read(table)[1] == []


@pytest.mark.parametrize(
    ("table", "asked", "swept"),
    [
        ({}, set(), False),
        ({"filter": "q={prefix}", "marker": "m"}, {"prefix"}, True),
        ({"filter": "*", "marker": "m"}, {"prefix"}, True),
        ({"list": "GET /all?q={prefix}", "marker": "m"}, {"prefix"}, True),
        ({"list": "POST", "list_body": {"q": "{prefix}", "n": "{limit}"}, "marker": "m"}, {"prefix"}, True),
        ({"filter": "t={parent.id}", "parent": "t", "parent_field": "t"}, {"parent.id"}, False),
        ({"path": "/t/{parent.id}/a", "parent": "t", "filter": "*", "marker": "m"}, {"parent.id", "prefix"}, False),
    ],
)
def test_what_a_list_is_asked_for_says_whether_the_sweep_sees_all(
    table: dict[str, Any], asked: set[str], swept: bool
) -> None:
    problems: list[str] = []
    resources = {resource.name: resource for resource in read_resources({"t": {}, "a": table}, "test-", problems)}
    assert not problems
    assert (set(resources["a"].listed_by), resources["a"].swept) == (asked, swept)
