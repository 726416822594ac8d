from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from tidegate import UsageError, WriteRefused
from tidegate.session.answers import NotUnderstood
from tidegate.session.collection import Collection
from tidegate.session.ledger import Ledger
from tidegate.session.making import Collections, Maker
from tidegate.session.run import Unique
from tidegate.session.transport import Transport
from tidegate.settings.resources import read_resources

RUN = "6742a1b3c0de"
Start = Callable[..., Maker]


class Server(httpx.BaseTransport):
    """Keeps what it is sent, and answers 201 with it and an id, or what it is told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.answers: list[httpx.Response] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        self.requests.append((request.method, request.url.raw_path.decode(), body))
        if self.answers:
            return self.answers.pop(0)
        if request.method == "DELETE":
            return httpx.Response(204)
        return httpx.Response(201, json={**(body or {}), "id": len(self.requests)})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    """Gives a maker for these resources."""
    ledger = Ledger(tmp_path, RUN, "http://api", lambda: "test_x")

    def started(**tables: dict[str, Any]) -> Maker:
        problems: list[str] = []
        resources = read_resources(tables, "test-", problems)
        assert not problems
        client = httpx.Client(base_url="http://api", transport=Transport(server, "http://api", resources, ledger))
        return Maker(Collections(client, resources), Unique("test-", ledger), ledger, "admin@x.y")

    yield started
    ledger.close(settled=True)


def test_a_record_has_marked_values_where_its_body_says(server: Server, start: Start) -> None:
    make = start(things={"body": {"email": "{email}", "in": ["{name}", 5], "by": "{admin.email}"}})
    first, second = make("things"), make("things")
    assert first["email"].startswith(f"test-{RUN}-")
    assert first["in"][0].startswith(f"test-{RUN}-")
    assert (first["in"][1], first["by"], first.id, first.path) == (5, "admin@x.y", 1, "/things/1")
    assert first["email"] != second["email"]


def test_fields_win_over_the_body_and_are_taken_as_they_are(server: Server, start: Start) -> None:
    make = start(things={"body": {"size": 7, "colour": "red"}})
    make("things", size=8, text="{name}")
    assert server.requests[0][2] == {"size": 8, "colour": "red", "text": "{name}"}


def test_fields_go_into_the_envelope_that_the_body_has(server: Server, start: Start) -> None:
    make = start(things={"body": {"thing": {"size": 7}}, "record": "thing"})
    server.answers = [httpx.Response(201, json={"thing": {"id": 1, "size": 8}})]
    assert make("things", size=8)["size"] == 8
    assert server.requests[0][2] == {"thing": {"size": 8}}


@pytest.mark.parametrize(
    "part",
    [
        {"parent_field": "thing.id", "body": {"x": 1}},
        {"parent_field": "thing.id", "body": {"thing": {"id": "{parent.id}"}, "x": 1}},
    ],
)
def test_a_parent_is_made_first_and_its_id_keeps_its_type(server: Server, start: Start, part: dict[str, Any]) -> None:
    make = start(parts={"parent": "things", **part}, things={})
    make("parts")
    assert server.requests == [("POST", "/things", {}), ("POST", "/parts", {"x": 1, "thing": {"id": 1}})]


def test_a_parent_that_is_given_is_taken(server: Server, start: Start) -> None:
    make = start(parts={"parent": "things", "parent_field": "thing_id", "body": {"thing_id": "{parent.id}"}}, things={})
    thing = make("things")
    make("parts", parent=thing)
    make("parts", thing_id=99)
    assert [body for _, path, body in server.requests if path == "/parts"] == [{"thing_id": 1}, {"thing_id": 99}]


def test_no_parent_is_made_when_a_field_says_whose_the_record_is(server: Server, start: Start) -> None:
    body = {"owner": "{parent.id}"}
    make = start(parts={"parent": "things", "parent_field": "thing.id", "body": body}, things={})
    make("parts", owner=99)
    assert server.requests == [("POST", "/parts", {"owner": 99})]


def test_a_record_below_its_parent_is_made_and_removed_there(server: Server, start: Start) -> None:
    make = start(parts={"parent": "things", "path": "/things/{parent.id}/parts"}, things={})
    assert make("parts").path == "/things/1/parts/2"
    make.undo()
    assert [(method, path) for method, path, _ in server.requests] == [
        ("POST", "/things"),
        ("POST", "/things/1/parts"),
        ("DELETE", "/things/1/parts/2"),
        ("DELETE", "/things/1"),
    ]


@pytest.mark.parametrize(
    ("body", "fields", "chosen"),
    [
        ({}, {}, f"test-{RUN}-"),
        ({"key": "{id}"}, {}, f"test-{RUN}-"),
        ({"key": "{email}"}, {}, f"test-{RUN}-"),
        ({"key": "a b"}, {}, "a%20b"),
        ({}, {"key": "mine"}, "mine"),
    ],
)
def test_an_id_in_the_path_is_the_bodys_or_a_marked_one(
    server: Server, start: Start, body: dict[str, Any], fields: dict[str, Any], chosen: str
) -> None:
    make = start(things={"create": "PUT", "id": "key", "body": body})
    server.answers = [httpx.Response(201, json={})] * 2
    server.answers[1] = httpx.Response(200, json={"key": "x"})
    make("things", **fields)
    method, path, sent = server.requests[0]
    assert method == "PUT"
    assert path.startswith(f"/things/{chosen}")
    assert set(sent) == {*body, *fields}
    named = unquote(path.rpartition("/")[2])
    assert sent.get("key", named) == named


def test_what_a_test_deleted_itself_is_left_alone_since_the_id_may_be_anothers_by_now(
    server: Server, start: Start
) -> None:
    make = start(things={"marker": "email", "filter": "q={prefix}"}, others={})
    gone, kept, other = make("things"), make("things"), make("others")
    make._collections("things").delete(gone.id)
    del server.requests[:]
    make.undo()
    assert [(method, path) for method, path, _ in server.requests] == [("DELETE", other.path), ("DELETE", kept.path)]
    make.undo()
    assert len(server.requests) == 2


def test_what_went_with_its_parent_is_left_alone_since_the_id_may_be_anothers_by_now(
    server: Server, start: Start
) -> None:
    make = start(parts={"parent": "things", "parent_field": "thing_id"}, things={})
    part = make("parts")
    make._collections("things").delete(part["thing_id"])
    del server.requests[:]
    make.undo()
    assert server.requests == []


def test_what_the_guard_does_not_let_pass_is_left_to_the_clean_up(
    server: Server, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = start(things={})
    make("things")
    refused = []

    def refuse(request: httpx.Request) -> httpx.Response:
        refused.append(request.method)
        raise WriteRefused("the record belongs to another run")

    monkeypatch.setattr(server, "handle_request", refuse)
    make.undo()
    assert refused == ["DELETE"]


def test_a_refusal_of_the_deletion_is_left_to_the_clean_up(server: Server, start: Start) -> None:
    make = start(things={})
    make("things")
    make("things")
    server.answers = [httpx.Response(409), httpx.Response(500)]
    make.undo()
    assert [method for method, _, _ in server.requests] == ["POST", "POST", "DELETE", "DELETE"]


def test_a_change_has_new_marked_values_and_the_fields_that_are_given(start: Start) -> None:
    make = start(things={"change": {"r": {"name": "{name}", "by": "{admin.email}"}}, "record": "r"})
    first, second = make.change("things", size=8), make.change("things")
    assert first["r"]["name"].startswith(f"test-{RUN}-")
    assert (first["r"]["by"], first["r"]["size"], "size" in second["r"]) == ("admin@x.y", 8, False)
    assert first["r"]["name"] != second["r"]["name"]


def test_a_refused_create_shows_the_answer_and_says_which_setting_to_change(server: Server, start: Start) -> None:
    make = start(things={"body": {"size": 7}})
    server.answers = [httpx.Response(422, json={"detail": "no such size"})]
    with pytest.raises(httpx.HTTPStatusError, match=r"POST /things answered 422 .*no such size") as caught:
        make("things")
    assert caught.value.__notes__ == [
        "next: set body in [tool.tidegate.resources.things] to what makes one; sent was {'size': 7}"
    ]


def test_an_answer_without_an_id_says_which_settings_to_change(server: Server, start: Start) -> None:
    make = start(things={})
    server.answers = [httpx.Response(201, json={"uuid": 5})]
    with pytest.raises(NotUnderstood, match="set id, and record when the answer wraps the record"):
        make("things")


def test_a_resource_that_is_not_declared_is_named_with_those_that_are(start: Start) -> None:
    make = start(things={}, parts={})
    with pytest.raises(UsageError, match=r"'thing' is not a declared resource; declared are things, parts"):
        make("thing")


def test_a_collection_is_another_identitys_when_it_is_asked(server: Server, start: Start) -> None:
    things = start(things={})._collections("things")
    other = httpx.Client(base_url="http://other", transport=httpx.MockTransport(lambda _request: httpx.Response(403)))
    theirs: Collection = things.using(other)
    assert theirs.send("create", body={}).status_code == 403
    assert (server.requests, things.client is other) == ([], False)
    with pytest.raises(httpx.HTTPStatusError, match="GET /things/7 answered 403"):
        theirs.find(7)
