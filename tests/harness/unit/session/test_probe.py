from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire import Script, Wire, free_port, http

from tidegate.session.probe import Answer, Kind, ask
from tidegate.session.question import Question
from tidegate.session.tls import _context
from tidegate.settings import Client, Health


def about(url: str, *, client: Client | None = None, **health: Any) -> Question:
    return Question(url, Health(**health), client or Client())


def asked(*scripts: bytes | Script, path: str = "/health", **health: Any) -> Answer:
    with Wire(*scripts) as wire:
        return ask(about(wire.url + path, **health), 5)


@pytest.mark.parametrize(
    "body",
    [
        {"status": "ok"},
        {"status": "UP", "db": "down"},
        {"status": "Pass"},
        {"db": "fine"},
        ["status", "down"],
        "down",
        None,
        b"",
        b"everything is down",
        b'{"status": "down"',
        b"\xff\xfe\x00",
        b"[" * 60_000,
    ],
)
@pytest.mark.parametrize("status", [200, 299])
def test_a_2xx_is_ready_unless_a_json_status_says_otherwise(status: int, body: Any) -> None:
    answer = asked(http(status, body))
    assert (answer.kind, answer.status) == (Kind.READY, status)


@pytest.mark.parametrize("status", ["down", "okay", "", None, True, 1, ["ok"], {"ok": "ok"}, "OK "])
def test_a_json_status_that_is_none_of_the_words_is_a_wrong_body(status: object) -> None:
    answer = asked(http(200, {"status": status}))
    assert answer.kind is Kind.BODY
    assert answer.detail == f"wrong body: status is {status!r}, not ok / healthy / up / pass"


def test_the_words_can_be_others() -> None:
    assert asked(http(200, {"status": "Serving"}), words=("serving",)).kind is Kind.READY
    assert asked(http(200, {"status": "ok"}), words=("serving",)).detail.endswith("not serving")


@pytest.mark.parametrize("status", [301, 302, 304, 400, 404, 500, 503, 599])
def test_any_other_status_is_told_with_its_body(status: int) -> None:
    answer = asked(http(status, b"because"))
    assert (answer.kind, answer.status) == (Kind.STATUS, status)
    assert answer.detail == f"HTTP {status} Because"
    assert status == 304 or answer.body == b"because"


def test_a_redirect_is_not_followed_but_its_target_told() -> None:
    answer = asked(http(302, b"", Location="/healthz"), http(200))
    assert (answer.kind, answer.location) == (Kind.STATUS, "/healthz")
    assert answer.detail == "HTTP 302 Because, Location: /healthz"


def test_path_and_query_are_asked_for_and_nothing_is_kept_open() -> None:
    with Wire(http(200)) as wire:
        ask(about(wire.url + "/a/b?c=d"), 5)
    head = wire.requests[0].decode()
    assert head.startswith("GET /a/b?c=d HTTP/1.1\r\n")
    assert "Connection: close" in head
    assert "application/json" in head


def test_a_name_that_does_not_resolve_is_told_with_the_name() -> None:
    answer = ask(about("http://no-such-host.invalid/health"), 5)
    assert answer.kind is Kind.NAME_NOT_RESOLVED
    assert answer.detail.startswith("name not resolved: no-such-host.invalid (")


def test_a_port_where_nothing_listens_refuses() -> None:
    answer = ask(about(f"http://127.0.0.1:{free_port()}/health"), 5)
    assert (answer.kind, answer.detail) == (Kind.REFUSED, "connection refused: nothing listens there")


def test_a_hang_up_during_the_handshake_is_no_tls_error_since_a_forwarder_does_so_at_first() -> None:
    with Wire(b"") as wire:
        answer = ask(about(wire.url.replace("http:", "https:")), 5)
    assert (answer.kind, answer.detail) == (
        Kind.NO_ANSWER,
        "no answer: the connection was closed during the TLS handshake",
    )


def test_https_to_a_server_without_tls_is_a_tls_error() -> None:
    with Wire(http(400)) as wire:
        answer = ask(about(wire.url.replace("http:", "https:")), 5)
    assert answer.kind is Kind.TLS
    assert answer.detail.startswith("TLS error: ")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate that nobody trusts, and that certificate."""
    folder = tmp_path_factory.mktemp("tls")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    try:
        subprocess.run(
            ["openssl", *new, *subject, "-keyout", "key.pem", "-out", "cert.pem"],
            cwd=folder, capture_output=True, check=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("needs the openssl command to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


def test_a_certificate_that_is_not_trusted_is_a_tls_error_with_the_reason(tls: tuple[ssl.SSLContext, Path]) -> None:
    with Wire(http(200), context=tls[0]) as wire:
        answer = ask(about(wire.url), 5)
    assert (answer.kind, answer.detail) == (Kind.TLS, "TLS error: self-signed certificate")


def test_gate_and_client_trust_a_certificate_that_the_environment_names(
    tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidegate.session.client import new_client
    from tidegate.session.http import connections

    _context.cache_clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    with Wire(http(200), context=tls[0]) as wire:
        assert ask(about(wire.url), 5).kind is Kind.READY
        with new_client(wire.url, Client(), transport=connections(Client())) as client:
            assert client.get("/").status_code == 200
    _context.cache_clear()


def test_http_to_a_server_with_tls_is_no_answer(tls: tuple[ssl.SSLContext, Path]) -> None:
    with Wire(http(200), context=tls[0]) as wire:
        answer = ask(about(wire.url.replace("https:", "http:")), 5)
    assert answer.kind is Kind.NO_ANSWER


def close(connection: socket.socket) -> None:
    connection.close()


def test_a_server_that_hangs_up_gives_no_answer() -> None:
    answer = asked(close)
    assert (answer.kind, answer.detail) == (
        Kind.NO_ANSWER,
        "no answer: the connection was closed before one came",
    )


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH_9.7\r\n", b"\0\1\2\3", b"HTTP/1.1 abc\r\n\r\n", b"\n\n\n"])
def test_what_is_not_http_is_told(said: bytes) -> None:
    answer = asked(said)
    assert answer.kind is Kind.NO_ANSWER
    assert answer.detail.startswith("no answer in HTTP: BadStatusLine")


@given(said=st.binary(max_size=200), head=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]))
def test_nothing_that_a_server_says_raises(said: bytes, head: bytes) -> None:
    assert isinstance(asked(head + said), Answer)


def test_a_body_that_is_cut_short_is_no_answer() -> None:
    answer = asked(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"status": "down"')
    assert (answer.kind, answer.detail[:33]) == (Kind.NO_ANSWER, "no answer in HTTP: IncompleteRead")


def test_a_server_that_accepts_and_says_nothing_times_out() -> None:
    with Wire() as wire:
        wire._scripts = (wire.hang,)
        answer = ask(about(wire.url), 0.1)
    assert (answer.kind, answer.detail) == (Kind.TIMED_OUT, "timed out: no complete answer within 0.1 s")


def test_a_server_that_sends_a_byte_now_and_then_times_out_too() -> None:
    with Wire() as wire:
        wire._scripts = (wire.drip(b"HTTP/1.1 200 OK\r\n\r\n"),)
        answer = ask(about(wire.url), 0.2)
    assert answer.kind is Kind.TIMED_OUT


@pytest.mark.parametrize("url", ["http://" + "a" * 64 + ".example/", "http://a..b/", "http://-ü-/"])
def test_a_host_that_can_be_no_name_is_told_apart_or_not_resolved(url: str) -> None:
    assert ask(about(url), 5).kind in (Kind.UNUSABLE, Kind.NAME_NOT_RESOLVED)
