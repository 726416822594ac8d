"""What an OpenAPI document says of login, health and resources."""

from __future__ import annotations

from typing import Any

import pytest

from tidegate.adopt import openapi
from tidegate.adopt.meaning import health_path, login_table
from tidegate.adopt.operations import Offer
from tidegate.adopt.things import resources
from tidegate.adopt.values import example

STRING = {"type": "string"}
NOTE = {"$ref": "#/components/schemas/Note"}


def offer(paths: dict[str, Any], **more: Any) -> Offer:
    document = {"openapi": "3.1.0", "paths": paths, **more}
    assert openapi.is_openapi(document)
    return openapi.offer(document, "openapi.json")


def body(properties: dict[str, Any], *required: str, kind: str = "application/json") -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"requestBody": {"content": {kind: {"schema": schema}}}}


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


def crud(create: dict[str, Any], path: str = "/notes", listing: dict[str, Any] | None = None) -> dict[str, Any]:
    return {path: {"post": create, "get": listing or {}}, f"{path}/{{id}}": {"get": {}, "patch": {}, "delete": {}}}


def scheme(**fields: str) -> dict[str, Any]:
    return {"components": {"securitySchemes": {"it": fields}}}


@pytest.mark.parametrize(
    ("fields", "table"),
    [
        ({"email": STRING, "password": STRING}, {"path": "/auth/login"}),
        (
            {"username": STRING, "password": STRING},
            {"path": "/auth/login", "body": {"username": "{email}", "password": "{password}"}},
        ),
        (
            {"email": STRING, "password": STRING, "mode": {"enum": ["json", "cookie"]}},
            {"path": "/auth/login", "body": {"email": "{email}", "password": "{password}", "mode": "json"}},
        ),
    ],
)
def test_the_body_of_a_login_is_made_from_its_fields(fields: dict[str, Any], table: dict[str, Any]) -> None:
    assert login_table(offer({"/auth/login": {"post": body(fields, *fields)}})) == table


@pytest.mark.parametrize(
    ("schema", "token"),
    [
        ({"properties": {"access_token": STRING}}, None),
        ({"properties": {"token": STRING}}, "token"),
        ({"properties": {"data": {"properties": {"accessToken": STRING}}}}, "data.accessToken"),
        ({"properties": {"refresh_token": STRING, "access": STRING}}, "access"),
    ],
)
def test_the_token_is_where_the_answer_has_it(schema: dict[str, Any], token: str | None) -> None:
    found = login_table(offer({"/login": {"post": body({"password": STRING}) | answer(schema)}}))
    assert (found or {}).get("token") == token


def test_a_form_is_a_form_and_a_password_grant_one_of_oauth2() -> None:
    form = body({"email": STRING, "password": STRING}, kind="application/x-www-form-urlencoded")
    assert login_table(offer({"/login": {"post": form}})) == {"kind": "form", "path": "/login"}
    grant = body(
        {"grant_type": STRING, "username": STRING, "password": STRING, "scope": STRING},
        kind="application/x-www-form-urlencoded",
    )
    assert login_table(offer({"/token": {"post": grant}})) == {"kind": "oauth2", "path": "/token"}


@pytest.mark.parametrize(
    ("fields", "table"),
    [
        ({"type": "http", "scheme": "basic"}, {"kind": "basic"}),
        ({"type": "http", "scheme": "Bearer"}, {"kind": "token"}),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, {"kind": "token", "send": "X-Key: {token}"}),
        ({"type": "apiKey", "in": "query", "name": "key"}, {"kind": "token", "send": "?key={token}"}),
        ({"type": "apiKey", "in": "cookie", "name": "sid"}, {"kind": "token", "send": "Cookie: sid={token}"}),
    ],
)
def test_without_a_login_the_scheme_says_how_requests_are_let_in(fields: dict[str, str], table: dict[str, Any]) -> None:
    assert login_table(offer({"/notes": {"get": {}}}, **scheme(**fields))) == table


def test_a_document_without_any_of_it_describes_an_open_api() -> None:
    assert login_table(offer({"/notes": {"get": {}}})) == {"kind": "none"}
    assert login_table(Offer()) is None


def test_a_token_that_travels_in_a_header_of_its_own_is_sent_there() -> None:
    document = offer(
        {"/login": {"post": body({"password": STRING})}}, **scheme(type="apiKey", **{"in": "header"}, name="X-Auth")
    )
    assert (login_table(document) or {})["send"] == "X-Auth: {token}"


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["/notes", "/healthz"], "/healthz"),
        (["/api/ping", "/api/health/"], "/api/health/"),
        (["/actuator/health", "/status"], "/actuator/health"),
        (["/notes"], None),
    ],
)
def test_the_health_path_is_the_one_that_is_called_so(paths: list[str], found: str | None) -> None:
    assert health_path(offer({path: {"get": {}} for path in paths})) == found


def test_what_cannot_be_deleted_is_no_resource_and_neither_is_a_login() -> None:
    fields = body({"name": STRING}, "name")
    paths = {"/logs": {"post": fields}, "/logs/{id}": {"get": {}}, **crud(fields, "/sessions"), **crud(fields)}
    assert list(resources(offer(paths))) == ["notes"]


def test_references_and_joined_schemas_are_followed() -> None:
    schemas = {
        "Named": {"type": "object", "required": ["name"], "properties": {"name": STRING}},
        "Note": {"allOf": [{"$ref": "#/components/schemas/Named"}, {"properties": {"next": NOTE}}]},
    }  # fmt: skip
    create = {"requestBody": {"content": {"application/json": {"schema": NOTE}}}}
    found = resources(offer(crud(create), components={"schemas": schemas}))
    assert (found["notes"]["marker"], found["notes"]["body"]) == ("name", {"name": "{name}"})


@pytest.mark.parametrize(
    ("listing", "items", "paging"),
    [
        (answer({"type": "array"}), None, None),
        (answer({"properties": {"items": {"type": "array"}}}), None, None),
        (answer({"properties": {"notes": {"type": "array"}}}), None, None),
        (answer({"properties": {"hits": {"type": "array"}}}), "hits", None),
        (answer({"properties": {"page": {"properties": {"rows": {"type": "array"}}}}}), "page.rows", None),
        ({"parameters": [{"in": "query", "name": n} for n in ("limit", "offset")]}, None, None),
        ({"parameters": [{"in": "query", "name": n} for n in ("page", "per_page")]}, None, "page"),
        ({"parameters": [{"in": "query", "name": "cursor"}]}, None, "cursor"),
        ({"parameters": [{"in": "query", "name": "sort"}]}, None, "none"),
    ],
)
def test_a_list_is_declared_as_it_is_described(listing: dict[str, Any], items: str | None, paging: str | None) -> None:
    found = resources(offer(crud(body({"name": STRING}, "name"), listing=listing)))["notes"]
    assert (found.get("items"), found.get("paging")) == (items, paging)


def test_a_wrapped_record_and_another_id_are_declared() -> None:
    created = answer({"properties": {"note": {"properties": {"uuid": STRING, "name": STRING}}}})
    found = resources(offer(crud(body({"name": STRING}, "name") | created)))["notes"]
    assert (found["record"], found["id"]) == ("note", "uuid")


@pytest.mark.parametrize(
    ("schema", "marker"),
    [
        (STRING, "title"),
        ({**STRING, "maxLength": 40}, "title"),
        ({**STRING, "maxLength": 20}, None),
        ({**STRING, "pattern": "^[^ ]+$"}, "title"),
        ({**STRING, "pattern": "^[A-Z]+$"}, None),
        ({**STRING, "pattern": "(?<n"}, None),
        ({**STRING, "format": "date"}, None),
        ({"enum": ["a"]}, None),
        ({"type": "integer"}, None),
    ],
)
def test_the_marker_is_a_field_that_takes_one(schema: dict[str, Any], marker: str | None) -> None:
    assert resources(offer(crud(body({"title": schema}, "title"))))["notes"].get("marker") == marker


def test_an_address_is_the_marker_even_if_its_form_is_prescribed() -> None:
    fields = {"name": STRING, "email": {**STRING, "pattern": "^[^@]+@[^@]+$"}}
    assert resources(offer(crud(body(fields, "name"))))["notes"]["marker"] == "email"


@pytest.mark.parametrize(
    ("name", "schema", "value"),
    [
        ("title", STRING, "{name}"),
        ("email", STRING, "{email}"),
        ("contact", {"type": "string", "format": "email"}, "{email}"),
        ("code", {"type": "string", "maxLength": 3}, "tes"),
        ("kind", {"enum": ["a", "b"]}, "a"),
        ("age", {"type": "integer", "minimum": 18}, 19),
        ("open", {"type": "boolean"}, False),
        ("tags", {"type": "array", "items": STRING}, []),
        ("tags", {"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ("at", {"type": "string", "format": "date"}, "2030-01-02"),
        ("size", {"type": ["null", "integer"]}, 1),
        ("unit", {"type": "string", "default": "kg"}, "kg"),
        ("address", {"type": "object", "required": ["city"], "properties": {"city": STRING}}, {"city": "{name}"}),
    ],
)
def test_an_example_fits_its_schema(name: str, schema: dict[str, Any], value: object) -> None:
    assert example(name, schema) == value


def test_bodies_that_are_wrapped_in_a_name_stay_so() -> None:
    def wrapped(name: str, **fields: Any) -> dict[str, Any]:
        return body({name: {"type": "object", "properties": fields, "required": [*fields]}}, name)

    created = answer({"properties": {"note": {"properties": {"id": STRING, "title": STRING}}}})
    paths = crud(wrapped("note", title=STRING, size={"type": "integer"}) | created)
    paths["/notes/{id}"]["patch"] = wrapped("note", text=STRING)
    paths["/login"] = {"post": wrapped("account", email=STRING, password=STRING)}
    found = offer(paths)
    assert (login_table(found) or {})["body"] == {"account": {"email": "{email}", "password": "{password}"}}
    note = resources(found)["notes"]
    assert (note["record"], note["marker"]) == ("note", "title")
    assert note["body"] == {"note": {"title": "{name}", "size": 1}}
    assert note["change"] == {"note": {"text": "{name}"}}


def test_an_id_is_nothing_to_change_and_the_marker_nothing_to_take_an_example_for() -> None:
    fields = {"title": {**STRING, "example": "A book"}, "shelf_id": STRING, "id": STRING}
    found = resources(offer(crud(body(fields, "title"))))["notes"]
    assert (found["body"], found["change"]) == ({"title": "{name}"}, {"title": "{name}"})


def test_swagger_2_is_read_as_well() -> None:
    document = {
        "swagger": "2.0",
        "basePath": "/api",
        "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        "definitions": {"Note": {"required": ["title"], "properties": {"title": STRING, "id": {"type": "integer"}}}},
        "paths": {
            "/notes": {"post": {"parameters": [{"in": "body", "schema": {"$ref": "#/definitions/Note"}}]}},
            "/notes/{id}": {"delete": {}},
            "/login": {"post": {"parameters": [{"in": "formData", "name": n} for n in ("email", "password")]}},
        },
    }  # fmt: skip
    assert openapi.is_openapi(document)
    found = openapi.offer(document, "swagger.json")
    assert found.base_path == "/api"
    assert login_table(found) == {"kind": "form", "path": "/login"}
    assert resources(found)["notes"]["body"] == {"title": "{name}"}
