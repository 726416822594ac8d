"""Whose record a path is about, where it lies below the base URL, and what bodies and ids are made of."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tidegate.contract.cases.ids import MALFORMED, unknown, unknown_of
from tidegate.contract.cases.paths import below, fillers, is_of
from tidegate.contract.cases.templates import template_of
from tidegate.contract.model import Media, Operation, RequestBody
from tidegate.contract.schema import Schema
from tidegate.settings import Resource

TEAMS = Resource(name="teams", path="/teams/")
MEMBERS = Resource(name="members", path="/teams/{parent.id}/members", parent="teams")
NOTES = Resource(name="notes", path="/notes", create="PUT /notes/{id}", parent="teams", parent_field="team.id")
EVERY = (MEMBERS, NOTES, TEAMS)


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        ("/teams/", {}),
        ("/teams/{team}/", {"team": "teams"}),
        ("/teams/{team}", {"team": "teams"}),
        ("/teams/{team}/archive", {"team": "teams"}),
        ("/teams/{team}/members", {"team": "teams"}),
        ("/teams/{t}/members/{m}/photo", {"t": "teams", "m": "members"}),
        ("/notes/{id}", {"id": "notes"}),
        ("/other/{id}", {}),
        ("/teams/search", {}),
    ],
)
def test_a_parameter_is_the_id_of_the_resource_whose_path_begins_so(path: str, filled: dict[str, str]) -> None:
    assert fillers(path, EVERY) == filled


def test_a_suite_may_say_whose_id_a_parameter_is() -> None:
    assert fillers("/other/{note}", EVERY, {"note": "notes", "x": "unheard"}) == {"note": "notes"}


def test_an_operation_is_a_declared_request_whatever_its_parameters_are_called() -> None:
    assert is_of("PUT", "/notes/{note_id}", NOTES, "create")
    assert is_of("POST", "/teams/{t}/members", MEMBERS, "create")
    assert not is_of("POST", "/notes", NOTES, "create")
    assert not is_of("POST", "/teams", TEAMS, "create"), "a slash at the end is part of the path"


@pytest.mark.parametrize(
    ("base", "servers", "path", "resource", "found"),
    [
        ("", [], "/things", "/things", "/things"),
        ("/api", ["/api"], "/things", "/things", "/things"),
        ("/api", ["/api"], "/things", "/others", "/things"),
        ("", ["/api"], "/things", "/api/things", "/api/things"),
        ("", ["/api"], "/things", "/things", "/things"),
        ("", ["/api"], "/things", "/others", "/api/things"),
        ("/api", [], "/api/things", "/things", "/things"),
        ("/api/v1", ["/v1"], "/things", "/things", "/things"),
        ("/api", ["/v1"], "/things", "/v1/things", "/v1/things"),
    ],
)
def test_a_path_of_the_document_is_found_below_the_base_url(
    base: str, servers: list[str], path: str, resource: str, found: str
) -> None:
    place = below(base, servers, [path, f"{path}/{{id}}"], [Resource(name="r", path=resource)])
    assert place(path) == found


@pytest.mark.parametrize(
    "real", ["7", "123456", "3f2b8c1e-5d4a-4b6f-9a7c-1e2d3c4b5a60", "507f1f77bcf86cd799439011", "ada", "A-9z"]
)
def test_an_unknown_id_has_the_form_of_a_real_one(real: str) -> None:
    other = unknown(real)
    assert other != real
    if not real.isdigit():
        shape = re.sub(r"[a-f]", "x", re.sub("[0-9]", "9", real))
        assert len(other) == len(shape)
    assert other.isdigit() == real.isdigit()
    assert not MALFORMED.isdigit()


def test_an_unknown_id_without_a_real_one_is_of_the_declared_type() -> None:
    assert unknown_of("integer", "").isdigit()
    assert len(unknown_of("string", "uuid")) == 36
    assert unknown_of("string", "") == "no-such-record"


def operation(schema: dict[str, Any], method: str = "POST", path: str = "/things") -> Operation:
    media = Media("application/json", Schema(schema, {}))
    return Operation(method, path, body=RequestBody(True, (media,)))


PERSON = {
    "type": "object",
    "required": ["email", "name", "code", "country"],
    "properties": {
        "email": {"type": "string", "format": "email"},
        "name": {"type": "string"},
        "code": {"type": "string", "maxLength": 8},
        "country": {"type": "string", "example": "DE"},
    },
}


def test_texts_that_may_be_anything_are_new_in_each_request() -> None:
    assert template_of(operation(PERSON), (), {"name": "Ada"}) == {
        "email": "{email}",
        "name": "Ada",
        "code": "sample",
        "country": "DE",
    }


def test_a_made_body_carries_the_marker_and_the_parent_inside_its_envelope() -> None:
    thing = Resource(
        name="things", path="/things", record="data", marker="attributes.label", parent="teams", parent_field="/team/id"
    )
    schema = {"type": "object", "required": ["data"], "properties": {"data": {"type": "object"}}}
    assert template_of(operation(schema), (thing,), {}) == {
        "data": {"attributes": {"label": "{unique}"}, "team": {"id": "{parent.id}"}}
    }


def test_a_declared_body_is_taken_as_it_is() -> None:
    thing = Resource(name="things", path="/things", body={"a": 1}, change={"b": 2})
    assert template_of(operation(PERSON), (thing,), {}) == {"a": 1}
    assert template_of(operation(PERSON, "PATCH", "/things/{id}"), (thing,), {}) == {"b": 2}
    assert template_of(operation(PERSON, "POST", "/others"), (thing,), {})["country"] == "DE"
