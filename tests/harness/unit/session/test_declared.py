from __future__ import annotations

from typing import Any

import pytest

from tidegate.session.declared import Declared
from tidegate.settings.resources import read_resources


def declared(**tables: dict[str, Any]) -> Declared:
    problems: list[str] = []
    resources = read_resources({"teams": {}, **tables}, "test-", problems)
    assert not problems
    return Declared("/v1", resources)


@pytest.mark.parametrize(
    ("table", "request_line", "hit"),
    [
        ({}, "POST /v1/things", ("create", None, None)),
        ({}, "POST /v1/things/", ("create", None, None)),
        ({}, "POST /v1/things?notify=no", ("create", None, None)),
        ({}, "PUT /v1/things/7", ("update", "7", None)),
        ({}, "PATCH /v1/things/a%2Fb", ("update", "a/b", None)),
        ({}, "DELETE /v1/things/7?force=1", ("delete", "7", None)),
        ({}, "POST /v1/things/7", None),
        ({}, "DELETE /v1/things/7/parts", None),
        ({}, "POST /things", None),
        ({"create": "PUT"}, "PUT /v1/things/7", ("create", "7", None)),
        ({"create": "PUT /thing-of/{id}"}, "PUT /v1/thing-of/7", ("create", "7", None)),
        ({"create": "PUT /thing-of/{id}"}, "POST /v1/things", ("create", None, None)),
        ({"create": "POST /things/{id}"}, "POST /v1/things/7", ("create", "7", None)),
        ({"create": "POST /things/new"}, "POST /v1/things/new", ("create", None, None)),
        ({"list": "POST", "create": "PUT"}, "POST /v1/things", None),
        ({"list": "POST /things/filter"}, "POST /v1/things/filter", None),
        ({"delete": "DELETE /things/{id}?force=true"}, "DELETE /v1/things/7", None),
        ({"delete": "DELETE /things/{id}?force=true"}, "DELETE /v1/things/7?x=1&force=true", ("delete", "7", None)),
        ({"delete": "POST /things/{id}/archive"}, "POST /v1/things/7/archive", ("delete", "7", None)),
        ({"delete": "POST /things/{id}/archive"}, "DELETE /v1/things/7", None),
        ({"update": "POST /things/{id}.json"}, "POST /v1/things/7.json", ("update", "7", None)),
        ({"read": "GET /thing/{id}"}, "PUT /v1/thing/7", ("update", "7", None)),
        ({"path": "/things/"}, "POST /v1/things/", ("create", None, None)),
        ({"path": "/things/"}, "DELETE /v1/things/7/", ("delete", "7", None)),
        (
            {"path": "/teams/{parent.id}/things", "parent": "teams"},
            "POST /v1/teams/a%2Fb/things",
            ("create", None, "a/b"),
        ),
        (
            {"path": "/teams/{parent.id}/things", "parent": "teams"},
            "DELETE /v1/teams/3/things/7",
            ("delete", "7", "3"),
        ),
        ({"path": "/teams/{parent.id}/things", "parent": "teams"}, "POST /v1/teams/3/others", None),
    ],
)
def test_a_request_is_what_the_declarations_say(
    table: dict[str, Any], request_line: str, hit: tuple[str, str | None, str | None] | None
) -> None:
    found = declared(things=table).hit(*request_line.split(" "))
    assert (found and (found.action, found.id, found.parent)) == hit
    assert found is None or found.resource.name == "things"


def test_each_resource_has_its_own() -> None:
    known = declared(things={"path": "/a"}, others={"path": "/a/b"})
    made = known.hit("POST", "/v1/a/b")
    gone = known.hit("DELETE", "/v1/a/b")
    assert made is not None
    assert gone is not None
    assert (made.resource.name, gone.resource.name, gone.id) == ("others", "things", "b")
