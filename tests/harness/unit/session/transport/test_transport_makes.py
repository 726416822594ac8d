"""What a POST or a PUT makes is in the ledger, and what is no record of ours is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from unit.session.transport.ledgered import OURS, Made, answer, entered
from wire import Wire

from tidegate.session.ledger import Ledger


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


def test_an_answer_that_never_comes_leaves_the_intent(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(lambda connection: connection.close())
    with pytest.raises(httpx.TransportError):
        client.post("/things", json={"email": OURS})
    assert ledger.used, "the sweep at the end must look for it"


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
