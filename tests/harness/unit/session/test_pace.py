from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import Script, Wire, http

from tidegate import BudgetSpent
from tidegate.session.budget import Budget, Rate
from tidegate.session.client import new_client
from tidegate.session.http import connections
from tidegate.session.pace import REPEATED, Paced
from tidegate.session.redirects import Redirects
from tidegate.session.retry_after import seconds_to_wait
from tidegate.session.wire import open_wire
from tidegate.settings import Client, Settings


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Sent:
    """A client at the given pace, what its transport was asked, and what was reported."""

    def __init__(self, inner: httpx.BaseTransport, url: str = "http://api", **options: Any) -> None:
        self.clock = Clock()
        self.reports: list[str] = []
        settings = options.pop("client", Client())
        redirects = Redirects(Settings(), url)
        paced = Paced(inner, settings, redirects, self.reports.append, sleep=self.clock.sleep, **options)
        self.client = new_client(url, settings, transport=paced)


def answering(*answers: httpx.Response, seen: list[httpx.Request] | None = None) -> httpx.MockTransport:
    left = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return next(left)

    return httpx.MockTransport(answer)


def busy(after: str | None = "2") -> httpx.Response:
    return httpx.Response(429, headers={} if after is None else {"Retry-After": after})


# --- 429 ---


def test_a_429_is_waited_for_and_reported_with_ids_left_open() -> None:
    seen: list[httpx.Request] = []
    sent = Sent(answering(busy("2"), httpx.Response(200), seen=seen))
    assert sent.client.post("/v1/things/17/parts", json={"a": 1}).status_code == 200
    assert sent.clock.slept == [2]
    assert sent.reports == ["POST /v1/things/{id}/parts answered 429 and was sent again after its Retry-After"]
    assert [request.content for request in seen] == [b'{"a":1}'] * 2


def test_the_answer_that_is_not_handed_on_gives_its_connection_back() -> None:
    closed: list[bool] = []

    class Body(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"later"

        def close(self) -> None:
            closed.append(True)

    first = httpx.Response(429, headers={"Retry-After": "0"}, stream=Body())
    Sent(answering(first, httpx.Response(200))).client.get("/things")
    assert closed == [True]


def test_a_429_is_waited_for_only_so_often() -> None:
    sent = Sent(answering(busy(), busy(), busy()), client=Client(retry_after=2))
    assert sent.client.get("/things").status_code == 429
    assert sent.clock.slept == [2, 2]


def test_a_request_waits_no_longer_than_the_limit_in_all() -> None:
    sent = Sent(answering(busy("20"), busy("11")), client=Client(retry_after=5, retry_after_limit=30))
    assert sent.client.get("/things").status_code == 429
    assert sent.clock.slept == [20]
    assert sent.reports[-1] == "GET /things answered 429 and asks for 11 s, which is not waited for"


def test_a_429_that_does_not_say_how_long_is_the_tests_own() -> None:
    sent = Sent(answering(busy(None)))
    assert sent.client.get("/things").status_code == 429
    assert (sent.clock.slept, sent.reports) == ([], [])


@pytest.mark.parametrize(
    ("client", "extensions"), [(Client(retry_after=0), {}), (Client(), {"retry_after": 0})], ids=["setting", "request"]
)
def test_a_test_that_expects_the_429_sees_the_first_one(client: Client, extensions: dict[str, Any]) -> None:
    sent = Sent(answering(busy()), client=client)
    assert sent.client.get("/things", extensions=extensions).status_code == 429
    assert (sent.clock.slept, sent.reports) == ([], [])


def test_an_upload_that_was_streamed_is_not_sent_half_the_second_time() -> None:
    def upload() -> Iterator[bytes]:
        yield b"all of it"

    status, asked, _ = over_the_wire(http(429, Retry_After="0"), http(200), method="POST", content=upload())
    assert (status, asked) == (429, 1)


DATE = "Tue, 15 Nov 1994 08:12:31 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": DATE, "Date": "Tue, 15 Nov 1994 08:12:01 GMT"}, 30),
        ({"Retry-After": "Tuesday, 15-Nov-94 08:12:31 GMT", "Date": "Tue, 15 Nov 1994 08:12:01 GMT"}, 30),
        ({"Retry-After": DATE}, 51),
        ({"Retry-After": DATE, "Date": "Tue, 15 Nov 1994 09:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_servers_own_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert seconds_to_wait(headers, now=lambda: 784887100.0) == seconds


@given(st.text())
def test_no_retry_after_raises(text: str) -> None:
    found = seconds_to_wait({"Retry-After": text})
    assert found is None or found >= 0


# --- a lost connection ---


def hang_up(connection: socket.socket) -> None:
    connection.close()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def over_the_wire(*scripts: bytes | Script, method: str = "GET", **options: Any) -> tuple[int | None, int, list[str]]:
    """The status (None: an error), how many requests the server saw, and the reports."""
    content = options.pop("content", None)
    with Wire(*scripts) as wire:
        sent = Sent(connections(Client()), wire.url, **options)
        with sent.client:
            try:
                status = sent.client.request(method, "/things/1", content=content).status_code
            except httpx.TransportError:
                status = None
        return status, len(wire.requests), sent.reports


@pytest.mark.parametrize("lost", [hang_up, reset, b"HTTP/1.1 20"], ids=["closed", "reset", "half-a-line"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_request_that_only_reads_is_sent_again_after_a_lost_connection_and_reported(
    lost: bytes | Script, method: str
) -> None:
    status, asked, reports = over_the_wire(lost, http(200), method=method)
    assert (status, asked) == (200, 2)
    assert reports == [f"{method} /things/{{id}} was sent again: the connection was lost before an answer came"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_request_that_changes_something_is_sent_once(method: str) -> None:
    assert over_the_wire(hang_up, http(200), method=method) == (None, 1, [])


def test_clean_up_sends_a_delete_again_since_404_is_as_good() -> None:
    status, asked, _ = over_the_wire(hang_up, http(404), method="DELETE", repeated=REPEATED | {"DELETE"})
    assert (status, asked) == (404, 2)


@pytest.mark.parametrize("retries", [0, 2])
def test_a_connection_that_is_lost_each_time_is_an_error_in_the_end(retries: int) -> None:
    status, asked, reports = over_the_wire(hang_up, client=Client(retries=retries))
    assert (status, asked, len(reports)) == (None, retries + 1, retries)


def test_what_is_no_http_is_a_defect_and_not_repeated() -> None:
    assert over_the_wire(b"SSH-2.0\r\n\r\n", http(200)) == (None, 1, [])


def test_an_answer_that_breaks_off_is_a_defect_and_not_repeated() -> None:
    assert over_the_wire(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", http(200)) == (None, 1, [])


# --- rate and budget ---


@pytest.mark.parametrize(("workers", "gap"), [(1, 0.25), (4, 1.0)])
def test_requests_are_spread_evenly_and_workers_share_the_rate(workers: int, gap: float) -> None:
    clock = Clock()
    rate = Rate(4, workers, clock, clock.sleep)
    for _ in range(4):
        rate.take()
    assert clock.slept == [gap] * 3


def test_a_pause_between_requests_saves_nothing_up_for_a_burst() -> None:
    clock = Clock()
    rate = Rate(4, 1, clock, clock.sleep)
    rate.take()
    clock.now += 100
    for _ in range(3):
        rate.take()
    assert clock.slept == [0.25] * 2


def test_what_is_sent_again_counts_for_the_rate_as_well() -> None:
    clock = Clock()
    sent = Sent(answering(busy("0"), httpx.Response(200)), rate=Rate(1, 1, clock, clock.sleep))
    sent.client.get("/things")
    assert clock.slept == [1]


def test_the_budget_names_the_test_that_took_the_last_request() -> None:
    tests = iter(["test_a", "test_b"])
    seen: list[httpx.Request] = []
    sent = Sent(answering(*[httpx.Response(200)] * 3, seen=seen), budget=Budget(2, 1, lambda: next(tests)))
    sent.client.get("/things")
    sent.client.get("/things")
    for _ in range(2):
        with pytest.raises(BudgetSpent) as caught:
            sent.client.post("/things/17")
    assert len(seen) == 2
    assert str(caught.value) == (
        "the tests have sent all the requests that they may: 2 (client.budget = 2)\n"
        "  the last one was sent by: test_a\n"
        "  not sent: POST /things/17\n"
        "  next: raise client.budget (TIDEGATE_CLIENT_BUDGET), or run fewer tests"
    )


def test_workers_share_the_budget() -> None:
    budget = Budget(7, 3, lambda: "test_a")
    budget.spend("GET /")
    budget.spend("GET /")
    with pytest.raises(BudgetSpent, match=r"2 \(client.budget = 7, shared by 3 workers\)"):
        budget.spend("GET /")


def test_the_wire_of_clean_up_has_no_budget_and_sends_a_delete_again() -> None:
    settings = Settings(client=Client(budget=1))
    with Wire(hang_up, http(404, Connection="close")) as wire:
        to_clean_up = open_wire(settings, wire.url, cleans=True)
        with new_client(wire.url, settings.client, transport=to_clean_up) as client:
            assert client.delete("/things/1").status_code == 404


def test_a_proxy_that_is_set_is_asked_for_every_request() -> None:
    with Wire(http(200, Connection="close")) as proxy:
        settings = Settings(client=Client(proxy=proxy.url))
        wire = open_wire(settings, "http://api.invalid")
        with new_client("http://api.invalid", settings.client, transport=wire) as client:
            assert client.get("/things").status_code == 200
    assert proxy.requests[0].startswith(b"GET http://api.invalid/things HTTP/1.1\r\n")
