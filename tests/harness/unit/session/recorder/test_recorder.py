"""Each request of a client is one exchange, however it ends."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tidegate.records import Exchange
from tidegate.session.client import new_client
from tidegate.session.http import httpx
from tidegate.session.login import Identity, Session
from tidegate.session.recorder import Owners, Recorder
from tidegate.settings import Client, Settings

URL = "http://api.test"


class Chunks(httpx.SyncByteStream):
    """A body as it comes from a network."""

    def __init__(self, *chunks: bytes, fails: Exception | None = None) -> None:
        self.chunks, self.fails, self.closed = chunks, fails, 0

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.fails:
            raise self.fails

    def close(self) -> None:
        self.closed += 1


class Wire(httpx.BaseTransport):
    """A network on which `answer` answers."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self.answer, self.requests = answer, list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not isinstance(request.stream, httpx.ByteStream):
            b"".join(request.stream)  # type: ignore[arg-type]
        return self.answer(request)


def says(
    *chunks: bytes, status: int = 200, fails: Exception | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=Chunks(*chunks, fails=fails))


class Seen:
    """A client, and the exchanges that it made."""

    def __init__(
        self, answer: Callable[[httpx.Request], httpx.Response], *, auth: Identity | None = None, **how: Any
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.now, self.owners, self.wire = ("test_a", "call"), Owners(), Wire(answer)
        self.recorder = Recorder(
            self.exchanges.append, lambda: self.now, self.owners.who, **{"limit": 100, "trace": False, **how}
        )
        self.client = new_client(URL, Client(), transport=self.wire, auth=auth, recorder=self.recorder)

    @property
    def last(self) -> Exchange:
        return self.exchanges[-1]


def test_an_exchange_says_what_was_sent_and_what_came() -> None:
    seen = Seen(lambda _: says(b'{"a":', b" 1}", headers={"Content-Type": "application/json"}))
    assert seen.client.post("/things?x=1", json={"b": 2}).json() == {"a": 1}
    [found] = seen.exchanges
    assert (found.number, found.test, found.phase, found.method) == (1, "test_a", "call", "POST")
    assert (found.url, found.status, found.error) == (f"{URL}/things?x=1", 200, "")
    assert found.request.body == b'{"b":2}'
    assert found.response is not None
    assert (found.response.body, found.response.size) == (b'{"a": 1}', 8)
    assert found.response.digest == hashlib.sha256(b'{"a": 1}').hexdigest()
    assert found.response.header("content-type") == "application/json"
    assert found.elapsed > 0


def test_of_a_body_over_the_limit_size_and_digest_are_kept() -> None:
    seen = Seen(lambda _: says(*[b"x" * 60] * 3))
    assert len(seen.client.post("/", content=b"y" * 101).content) == 180
    assert seen.last.response is not None
    assert (seen.last.response.body, seen.last.response.size) == (None, 180)
    assert seen.last.response.digest == hashlib.sha256(b"x" * 180).hexdigest()
    assert (seen.last.request.body, seen.last.request.size) == (None, 101)


def test_a_packed_body_is_recorded_unpacked() -> None:
    packed = gzip.compress(b'{"a": 1}')
    seen = Seen(lambda _: says(packed[:4], packed[4:], headers={"Content-Encoding": "gzip"}))
    assert seen.client.get("/").json() == {"a": 1}
    assert seen.last.response is not None
    assert (seen.last.response.body, seen.last.response.size) == (b'{"a": 1}', 8)


@pytest.mark.parametrize("read", [True, False])
def test_a_body_that_cannot_be_unpacked_is_recorded_by_its_size(read: bool) -> None:
    seen = Seen(lambda _: says(b"no gzip", headers={"Content-Encoding": "gzip"}))
    if read:
        with pytest.raises(httpx.DecodingError):
            seen.client.get("/")
    else:
        with seen.client.stream("GET", "/") as answer:
            assert b"".join(answer.iter_raw()) == b"no gzip"
    assert seen.last.response is not None
    assert (seen.last.response.body, seen.last.response.size) == (None, 7)


def test_a_packed_body_that_unpacks_to_very_much_is_not_kept() -> None:
    seen = Seen(lambda _: says(gzip.compress(b"x" * 10_000), headers={"Content-Encoding": "gzip"}))
    assert len(seen.client.get("/").content) == 10_000
    assert seen.last.response is not None
    assert (seen.last.response.body, seen.last.response.size) == (None, 10_000)


def test_an_upload_is_recorded_while_it_is_sent() -> None:
    seen = Seen(lambda _: says(), limit=200)
    seen.client.post("/", content=iter([b"a" * 150, b"b" * 60]))
    assert (seen.last.request.body, seen.last.request.size) == (None, 210)
    seen.client.post("/", files={"file": ("a.txt", b"text")})
    assert b"text" in (seen.last.request.body or b"")


def test_a_lost_connection_is_an_exchange_without_an_answer() -> None:
    def lost(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    seen = Seen(lost)
    with pytest.raises(httpx.ConnectError):
        seen.client.get("/")
    assert (seen.last.status, seen.last.response, seen.last.error) == (None, None, "ConnectError: refused")


def test_an_answer_that_breaks_off_has_a_status_and_no_body() -> None:
    seen = Seen(lambda _: says(b"ab", fails=httpx.ReadError("lost")))
    with pytest.raises(httpx.ReadError):
        seen.client.get("/")
    [found] = seen.exchanges
    assert found.response is not None
    assert (found.status, found.response.body, found.error) == (200, None, "ReadError: lost")


def test_a_request_that_was_not_sent_is_no_exchange() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise PermissionError

    seen = Seen(refuse)
    with pytest.raises(PermissionError):
        seen.client.get("/")
    seen.recorder.settle()
    assert seen.exchanges == []


def test_an_answer_that_nobody_reads_is_recorded_when_it_is_closed_or_the_test_ends() -> None:
    seen = Seen(lambda _: says(b"ab", b"cd"))
    with seen.client.stream("GET", "/closed") as answer:
        assert seen.exchanges == []
        assert next(answer.iter_raw()) == b"ab"
    assert seen.last.response is not None
    assert (seen.last.response.body, seen.last.response.size, seen.last.response.digest) == (None, 2, "")
    held = seen.client.send(seen.client.build_request("GET", "/held"), stream=True)
    assert [found.url for found in seen.recorder.unfinished()] == [f"{URL}/held"]
    seen.now = ("test_b", "setup")
    seen.recorder.settle()
    assert (seen.last.url, seen.last.test, seen.last.phase, seen.last.status) == (f"{URL}/held", "test_a", "call", 200)
    assert held.read() == b"abcd"
    assert len(seen.exchanges) == 2


def test_a_request_that_is_under_way_in_another_thread_is_not_ended_with_the_test() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        seen.recorder.settle()
        return says(b"there")

    seen = Seen(answer)
    assert seen.client.get("/").text == "there"
    assert [found.status for found in seen.exchanges] == [200]


def test_each_hop_of_a_redirect_is_an_exchange_that_names_the_one_before() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        place = {"/a": "/b", "/b": "/c"}.get(request.url.path)
        return says(status=302, headers={"Location": place}) if place else says(b"there")

    seen = Seen(answer)
    assert seen.client.get("/a", follow_redirects=True).text == "there"
    assert [(found.number, found.redirect_of) for found in seen.exchanges] == [(1, None), (2, 1), (3, 2)]
    first = seen.client.get("/a")
    assert first.next_request is not None
    seen.client.send(first.next_request)
    assert [found.redirect_of for found in seen.exchanges[3:]] == [None, 4]


def test_a_request_that_is_sent_again_with_a_new_session_is_no_redirect() -> None:
    settings, tokens = Settings(), iter(["one", "two"])

    def log_in() -> Session:
        return Session(headers={"Authorization": f"Bearer {next(tokens)}"})

    auth = Identity(settings, URL, log_in, who="viewer")
    seen = Seen(lambda r: says(status=401 if "one" in r.headers["Authorization"] else 200), auth=auth)
    assert seen.client.get("/").status_code == 200
    assert [(found.status, found.redirect_of) for found in seen.exchanges] == [(401, None), (200, None)]


def test_a_redirected_request_that_is_sent_again_with_a_new_session_begins_anew() -> None:
    tokens = iter(["one", "two"])
    auth = Identity(Settings(), URL, lambda: Session(headers={"Authorization": f"Bearer {next(tokens)}"}), who="viewer")

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a":
            return says(status=302, headers={"Location": "/b"})
        return says(status=401 if "one" in request.headers["Authorization"] else 200)

    seen = Seen(answer, auth=auth)
    assert seen.client.get("/a", follow_redirects=True).status_code == 200
    assert [(found.status, found.redirect_of) for found in seen.exchanges] == [
        (302, None),
        (401, 1),
        (302, None),
        (200, 3),
    ]


SESSIONS = {
    "header": Session(token="t", headers={"X-Api-Key": "k"}),
    "cookie": Session(token="t", cookies={"sid": "c"}),
    "query": Session(token="t", query="key=q"),
}


@pytest.mark.parametrize(
    ("how", "who"),
    [
        ({}, "anonymous"),
        ({"headers": {"X-Api-Key": "k"}}, "of-header"),
        ({"headers": {"Cookie": "a=b; sid=c"}}, "of-cookie"),
        ({"params": {"x": "1", "key": "q"}}, "of-query"),
        ({"headers": {"Authorization": "Bearer other"}}, ""),
        ({"headers": {"X-Api-Key": "other"}}, ""),
        ({"headers": {"X-CSRF-Token": "other"}}, "anonymous"),
    ],
)
def test_the_identity_is_whose_credentials_a_request_carries(how: Any, who: str) -> None:
    seen = Seen(lambda _: says())
    for name, session in SESSIONS.items():
        seen.owners.learn(f"of-{name}", session)
    seen.client.get("/", **how)
    assert seen.last.identity == who


@pytest.mark.parametrize(
    ("headers", "who"),
    [({}, "viewer"), ({"Authorization": "Bearer other"}, ""), ({"Authorization": "Bearer s"}, "viewer")],
)
def test_a_client_of_somebody_is_that_one_unless_a_request_has_credentials_of_its_own(
    headers: dict[str, str], who: str
) -> None:
    session = Session(token="s", headers={"Authorization": "Bearer s"})
    seen = Seen(lambda _: says(), auth=Identity(Settings(), URL, lambda: session, session=session, who="viewer"))
    seen.owners.learn("viewer", session)
    seen.client.get("/", headers=headers)
    assert seen.last.identity == who


def test_requests_of_a_test_carry_one_trace_and_a_span_each_unless_the_test_sends_its_own() -> None:
    seen = Seen(lambda _: says(), trace=True)
    for _ in range(2):
        seen.client.get("/")
    seen.now = ("test_b", "call")
    seen.client.get("/")
    seen.client.get("/", headers={"traceparent": "00-own"})
    traces = [found.trace.split("-") for found in seen.exchanges]
    assert traces[0][1] == traces[1][1] != traces[2][1]
    assert traces[0][2] != traces[1][2]
    assert traces[3] == ["00", "own"]
    assert [r.headers["traceparent"] for r in seen.wire.requests] == [found.trace for found in seen.exchanges]
