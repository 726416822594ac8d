"""The answer reaches the caller as it came, over connections that outlive one client."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import httpx
from unit.session.transport.ledgered import RESOURCES, answer, entered
from wire import Wire

from tidegate.session.client import new_client
from tidegate.session.http import connections
from tidegate.session.ledger import Ledger
from tidegate.session.transport import Transport
from tidegate.settings import Client


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


def test_an_upload_in_a_patch_is_sent(against: Callable[..., httpx.Client]) -> None:
    assert against(answer(200, b"")).patch("/things/7", files={"file": b"content"}).status_code == 200


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
