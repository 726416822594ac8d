from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from wire import Script, Wire, http

from tidegate.session.client import new_client
from tidegate.session.http import connections
from tidegate.session.ledger import Ledger
from tidegate.session.transport import Transport
from tidegate.settings import Client, Resource

RUN = "6742a1b3c0de"
OURS = f"test-{RUN}-0123456789"
RESOURCES = (
    Resource(name="parts", path="/parts", parent="things", parent_field="thing.id"),
    Resource(name="things", path="/things", marker="email", filter="q={prefix}", id="id"),
    Resource(name="deep", path="/deep", marker="data.email", record="answer", create="PUT /deep/{id}", update="PUT"),
    Resource(name="plain", path="/plain"),
    Resource(name="kept", path="/kept", marker="email", delete="DELETE /kept/{id}?force=true"),
    Resource(name="below", path="/things/{parent.id}/below", parent="things"),
    Resource(name="pieces", path="/pieces", parent="parts", parent_field="part"),
)
Made = tuple[str, str, str | None, str | None]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path, RUN, "http://api", lambda: "test_x")
    yield opened
    opened.close(settled=True)


@pytest.fixture
def against(ledger: Ledger) -> Iterator[Callable[..., httpx.Client]]:
    """Starts a server with those scripts and gives a client for it, its base URL with `path` at the end."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(*scripts: bytes | Script, path: str = "") -> httpx.Client:
            wire = stack.enter_context(Wire(*scripts))
            transport = Transport(connections(Client()), wire.url + path, RESOURCES, ledger)
            stack.callback(transport.shut_down)
            return stack.enter_context(new_client(wire.url + path, Client(), transport=transport))

        yield start


def entered(ledger: Ledger) -> list[Made]:
    return [(made.resource, made.id, made.marker, made.parent) for made in ledger.outstanding()]


def answer(status: int, body: Any, **headers: str) -> bytes:
    return http(status, body, Connection="close", **headers)


@pytest.mark.parametrize(
    ("reply", "entry"),
    [
        (answer(201, {"id": 7, "email": OURS}), ("things", "7", OURS, None)),
        (answer(201, {"id": "a/b?c", "email": OURS}), ("things", "a/b?c", OURS, None)),
        (answer(201, {"id": 0, "email": "else@x.y"}), ("things", "0", "else@x.y", None)),
        (answer(201, {"id": 7}), ("things", "7", OURS, None)),
        (answer(200, {"id": 7, "email": OURS}), ("things", "7", OURS, None)),
        (answer(202, {"id": 7, "email": OURS}), ("things", "7", OURS, None)),
        (answer(201, b"", Location="/things/7"), ("things", "7", OURS, None)),
        (answer(201, {}, Location="http://api/things/a%2Fb/?x#y"), ("things", "a/b", OURS, None)),
        (answer(201, b"not json", Location="7/../things/8"), ("things", "8", OURS, None)),
    ],
)
def test_what_a_post_makes_is_in_the_ledger(
    ledger: Ledger, against: Callable[..., httpx.Client], reply: bytes, entry: Made
) -> None:
    against(reply).post("/things", json={"email": OURS})
    assert entered(ledger) == [entry]
    assert ledger.used


@pytest.mark.parametrize(
    ("method", "path", "reply"),
    [
        ("POST", "/things", answer(200, {"id": 7, "email": "somebody@else.example"})),
        ("POST", "/things", answer(200, {"id": 7, "email": "test-6742a1b3c0dd-1"})),
        ("POST", "/things", answer(400, {"id": 7, "email": OURS})),
        ("POST", "/things", answer(500, {"id": 7, "email": OURS})),
        ("POST", "/things", answer(303, {"id": 7, "email": OURS}, Location="/things/7")),
        ("POST", "/things", answer(201, {"email": OURS})),
        ("POST", "/things", answer(201, {"id": True, "email": OURS})),
        ("POST", "/things", answer(201, [{"id": 7, "email": OURS}])),
        ("POST", "/thingsandmore", answer(201, {"id": 7, "email": OURS})),
        ("POST", "/things/7/rename", answer(201, {"id": 7, "email": OURS})),
        ("POST", "/v1/things", answer(201, {"id": 7, "email": OURS})),
        ("GET", "/things", answer(201, {"id": 7, "email": OURS})),
        ("DELETE", "/things/7", answer(204, b"")),
    ],
)
def test_what_is_no_record_of_ours_is_not_in_the_ledger(
    ledger: Ledger, against: Callable[..., httpx.Client], method: str, path: str, reply: bytes
) -> None:
    against(reply).request(method, path)
    assert entered(ledger) == []


def test_a_200_for_a_child_of_our_record_is_ours(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(answer(201, {"id": 7}), answer(200, {"id": 8, "thing": {"id": 7}}), answer(200, {"id": 9}))
    client.post("/things", json={"email": OURS})
    client.post("/parts", json={})
    client.post("/parts", json={"thing": {"id": 1}})
    assert entered(ledger) == [("things", "7", OURS, None), ("parts", "8", None, "7")]


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/a%20b", "/ä"])
def test_a_path_in_the_base_url_is_part_of_every_resource(
    ledger: Ledger, against: Callable[..., httpx.Client], path: str
) -> None:
    against(answer(201, {"id": 7}), path=path).post("/things/", params={"x": "1"})
    assert [entry[1] for entry in entered(ledger)] == ["7"]


def test_a_post_to_another_server_is_none_of_our_business(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(answer(201, {"id": 7}))
    with Wire(answer(201, {"id": 8})) as other:
        client.post(other.url + "/things")
        client.post(other.url.replace("127.0.0.1", "localhost") + "/things")
    assert entered(ledger) == []


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_delete_that_was_answered_so_takes_the_record_out(
    ledger: Ledger, against: Callable[..., httpx.Client], status: int
) -> None:
    client = against(answer(201, {"id": "a/b"}), answer(status, b""))
    client.post("/things")
    client.delete("/things/a%2Fb?force=1")
    assert entered(ledger) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 500, 302])
def test_a_delete_that_failed_keeps_the_record(
    ledger: Ledger, against: Callable[..., httpx.Client], status: int
) -> None:
    client = against(answer(201, {"id": 7}), answer(status, b""))
    client.post("/things")
    client.delete("/things/7")
    assert [entry[1] for entry in entered(ledger)] == ["7"]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_of_the_marker_is_noted_when_it_was_made(
    ledger: Ledger, against: Callable[..., httpx.Client], method: str
) -> None:
    client = against(answer(201, {"id": 7}), answer(422, b""), answer(200, b""), answer(204, b""))
    client.post("/things", json={"email": OURS})
    client.request(method, "/things/7", json={"email": "refused"})
    assert entered(ledger)[0][2] == OURS
    client.request(method, "/things/7", json={"name": "other field"})
    assert entered(ledger)[0][2] == OURS
    client.request(method, "/things/7", json={"email": "new"})
    assert entered(ledger)[0][2] == "new"


def test_the_answer_reaches_the_caller_as_it_came(against: Callable[..., httpx.Client]) -> None:
    packed = gzip.compress(json.dumps({"id": 7, "big": "x" * 100_000}).encode())
    reply = answer(
        201, packed, Content_Type="application/json", Content_Encoding="gzip", X_More="yes", Set_Cookie="a=b"
    )
    client = against(reply)
    response = client.post("/things", json={})
    assert response.json() == {"id": 7, "big": "x" * 100_000}
    assert (response.status_code, response.reason_phrase, response.http_version) == (201, "Because", "HTTP/1.1")
    assert response.headers["X-More"] == "yes"
    assert response.cookies["a"] == "b"
    assert response.elapsed.total_seconds() > 0
    assert response.num_bytes_downloaded == len(packed)
    with client.stream("POST", "/things") as streamed:
        assert b"".join(streamed.iter_raw()) == packed
    with client.stream("POST", "/things") as streamed:
        assert json.loads("".join(streamed.iter_text()))["id"] == 7


def test_a_chunked_answer_reaches_the_caller_whole(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    reply = b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n3\r\n:7}\r\n0\r\n\r\n'
    assert against(reply).post("/things").json() == {"id": 7}
    assert [entry[1] for entry in entered(ledger)] == ["7"]


@pytest.mark.parametrize(
    "sent",
    [
        {"files": {"file": ("a.txt", b"content")}},
        {"content": iter([b'{"email": ', b'"x"}'])},
        {"content": b"\xff\xfe"},
        {"data": {"email": OURS}},
    ],
)
def test_a_body_of_any_kind_is_sent_and_what_it_makes_noted(
    ledger: Ledger, against: Callable[..., httpx.Client], sent: dict[str, Any]
) -> None:
    client = against(answer(201, {"id": 7, "email": OURS}), answer(200, b""))
    assert client.post("/things", **sent).status_code == 201
    assert entered(ledger) == [("things", "7", OURS, None)]


def test_an_upload_in_a_patch_is_sent(against: Callable[..., httpx.Client]) -> None:
    assert against(answer(200, b"")).patch("/things/7", files={"file": b"content"}).status_code == 200


def test_an_answer_that_never_comes_leaves_the_intent(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(lambda connection: connection.close())
    with pytest.raises(httpx.TransportError):
        client.post("/things", json={"email": OURS})
    assert ledger.used, "the sweep at the end must look for it"


def test_closing_one_client_leaves_the_connections_to_the_others(
    ledger: Ledger,
) -> None:
    with Wire(answer(200, b"")) as wire:
        transport = Transport(connections(Client()), wire.url, RESOURCES, ledger)
        with new_client(wire.url, Client(), transport=transport) as first:
            first.get("/")
        with new_client(wire.url, Client(), transport=transport) as second:
            assert second.get("/").status_code == 200
        transport.shut_down()


@pytest.mark.parametrize(
    ("path", "sent", "reply", "entry"),
    [
        ("/things/7", {"email": OURS}, answer(201, {"id": 7}), ("things", "7", OURS, None)),
        ("/things/a%2Fb", {"email": "x"}, answer(201, b""), ("things", "a/b", "x", None)),
        ("/deep/7", {"data": {"email": OURS}}, answer(204, b""), ("deep", "7", OURS, None)),
        ("/deep/7", {"answer": {"data": {"email": OURS}}}, answer(200, b""), ("deep", "7", OURS, None)),
        (
            "/deep/Big",
            {},
            answer(200, {"answer": {"id": "big", "data": {"email": OURS}}}),
            ("deep", "big", OURS, None),
        ),
        ("/deep/7", {}, answer(201, {"answer": {"id": 7}}), ("deep", "7", None, None)),
    ],
)
def test_what_a_put_makes_is_in_the_ledger(
    ledger: Ledger, against: Callable[..., httpx.Client], path: str, sent: object, reply: bytes, entry: Made
) -> None:
    against(reply).put(path, json=sent)
    assert entered(ledger) == [entry]


@pytest.mark.parametrize("path", ["/things/7", "/deep/7"])
def test_a_put_that_changed_a_record_of_others_makes_nothing(
    ledger: Ledger, against: Callable[..., httpx.Client], path: str
) -> None:
    against(answer(200, {"id": 7, "answer": {"id": 7}})).put(path, json={"email": "x", "data": {"email": "x"}})
    assert entered(ledger) == []


def test_a_put_of_what_is_ours_already_changes_its_marker_and_is_counted_once(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    client = against(answer(201, b""), answer(200, b""), answer(204, b""), answer(201, b""))
    client.put("/deep/7", json={"data": {"email": OURS}})
    client.put("/deep/7", json={"data": {"email": "new"}})
    assert (entered(ledger), ledger.count) == ([("deep", "7", "new", None)], 1)
    client.delete("/deep/7")
    client.put("/deep/7", json={"data": {"email": OURS}})
    assert (entered(ledger), ledger.count) == ([("deep", "7", OURS, None)], 2)


def test_a_record_below_another_has_it_as_its_parent(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    against(answer(201, {"id": 8})).post("/things/a%2Fb/below", json={})
    assert entered(ledger) == [("below", "8", None, "a/b")]


def test_an_empty_answer_leaves_the_id_that_was_sent(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    against(answer(200, b"")).post("/things", json={"id": "mine", "email": OURS})
    assert entered(ledger) == [("things", "mine", OURS, None)]


def test_a_delete_that_is_not_the_declared_one_leaves_the_record_in(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    client = against(answer(201, {"id": 7, "email": OURS}), answer(204, b""))
    client.post("/kept")
    client.delete("/kept/7")
    assert [entry[1] for entry in entered(ledger)] == ["7"]
    assert ledger.has_made("kept", "7")


def test_where_no_list_would_show_a_lie_clean_up_looks_at_what_was_said_to_be_deleted(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    """Only where a look tells whose the record is: an id may be given again, and `plain` says nothing of that."""
    for path, query in (("/kept", "?force=true"), ("/plain", ""), ("/things", "")):
        client = against(answer(201, {"id": 7, "email": OURS}), answer(204, b""))
        client.post(path)
        client.delete(f"{path}/7{query}")
    assert [entry[0] for entry in entered(ledger)] == ["kept"]
    assert not ledger.has_made("kept", "7"), "the guard must take it for deleted"


def test_not_more_than_some_deleted_records_are_looked_at(
    ledger: Ledger, against: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidegate.session.transport.LOOKED_AT", 2)
    client = against(*(reply for n in range(4) for reply in (answer(201, {"id": n}), answer(204, b""))))
    for number in range(4):
        client.post("/kept")
        client.delete(f"/kept/{number}?force=true")
    assert [entry[1] for entry in entered(ledger)] == ["0", "1"]


def test_what_belongs_to_a_deleted_record_is_not_taken_for_ours_any_more_and_looked_at_by_clean_up(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    """To the last generation: a server may delete all of them, and give their ids again."""
    client = against(*(answer(201, {"id": number}) for number in (7, 7, 8)), answer(204, b""))
    client.post("/parts", json={"thing": {"id": 7}})
    client.post("/pieces", json={"part": 7})
    client.post("/parts", json={"thing": {"id": 1}})
    assert ledger.has_made("parts", "7")
    client.delete("/things/7")
    assert [entry[:2] for entry in entered(ledger)] == [("parts", "7"), ("pieces", "7"), ("parts", "8")]
    assert [ledger.has_made(*entry[:2]) for entry in entered(ledger)] == [False, False, True]


def test_a_record_that_was_made_anew_below_another_does_not_go_with_its_first_parent(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    client = against(answer(201, {"id": 1}), answer(204, b""), answer(201, {"id": 1}), answer(204, b""))
    client.post("/parts", json={"thing": {"id": 7}})
    client.delete("/parts/1")
    client.post("/parts", json={"thing": {"id": 8}})
    client.delete("/things/7")
    assert ledger.has_made("parts", "1")


def test_the_same_id_below_two_parents_is_two_records(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(answer(201, {"id": 8}), answer(201, {"id": 8}), answer(204, b""))
    client.post("/things/1/below")
    client.post("/things/2/below")
    client.delete("/things/1/below/8")
    assert [(made.id, made.parent, made.gone) for made in ledger.outstanding()] == [("8", "1", True), ("8", "2", False)]
    assert [ledger.has_made("below", "8", parent) for parent in "12"] == [False, True]
