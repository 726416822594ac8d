from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import h2.config
import h2.connection
import h2.events
import httpx
import httpx2
import pytest
from wire import Wire, http

from tidegate import SettingsError
from tidegate.session.client import new_client
from tidegate.session.gate import wait
from tidegate.session.http import connections
from tidegate.session.probe import Answer, Kind, ask
from tidegate.session.question import Question
from tidegate.session.tls import trust
from tidegate.settings import Client, Health


class Papers(NamedTuple):
    """Certificates and keys on disk."""

    server: str
    server_key: str
    client: str
    client_key: str


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    for name in ("server", "client"):
        subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
        new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        try:
            subprocess.run(
                ["openssl", *new, *subject, "-keyout", f"{name}.key", "-out", f"{name}.pem"],
                cwd=folder, capture_output=True, check=True,
            )  # fmt: skip
        except FileNotFoundError:
            pytest.skip("needs the openssl command to make a certificate")
    return Papers(*(str(folder / name) for name in ("server.pem", "server.key", "client.pem", "client.key")))


@pytest.fixture
def asking_back(papers: Papers) -> Iterator[Wire]:
    """A server that takes nobody without a certificate that it knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # in 1.3, the refusal comes after the client's handshake
    context.load_cert_chain(papers.server, papers.server_key)
    context.load_verify_locations(papers.client)
    context.verify_mode = ssl.CERT_REQUIRED
    with Wire(http(200, Connection="close"), context=context) as wire:
        yield wire


@pytest.fixture
def plain(papers: Papers) -> Iterator[Wire]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.server, papers.server_key)
    with Wire(http(200, Connection="close"), context=context) as wire:
        yield wire


def asked(wire: Wire, settings: Client) -> Answer:
    return ask(Question(wire.url, Health(), settings), 5)


def got(wire: Wire, settings: Client) -> int:
    with new_client(wire.url, settings, transport=connections(settings)) as client:
        return client.get("/").status_code


def test_gate_and_client_trust_the_file_that_is_set(plain: Wire, papers: Papers) -> None:
    settings = Client(ca_file=papers.server)
    assert asked(plain, settings).kind is Kind.READY
    assert got(plain, settings) == 200
    assert asked(plain, Client(ca_file=papers.client)).kind is Kind.TLS


def test_gate_and_client_take_any_certificate_when_that_is_set(plain: Wire) -> None:
    settings = Client(verify=False)
    assert asked(plain, settings).kind is Kind.READY
    assert got(plain, settings) == 200
    with pytest.raises(httpx.ConnectError):
        got(plain, Client())


@pytest.mark.parametrize("in_one_file", [False, True])
def test_gate_and_client_show_themselves_by_a_certificate(
    asking_back: Wire, papers: Papers, tmp_path: Path, in_one_file: bool
) -> None:
    both = tmp_path / "both.pem"
    both.write_text(Path(papers.client).read_text() + Path(papers.client_key).read_text())
    cert, key = (str(both), None) if in_one_file else (papers.client, papers.client_key)
    settings = Client(ca_file=papers.server, cert_file=cert, key_file=key)
    assert asked(asking_back, settings).kind is Kind.READY
    assert got(asking_back, settings) == 200


def test_without_its_certificate_a_client_is_not_let_in(asking_back: Wire, papers: Papers) -> None:
    assert asked(asking_back, Client(ca_file=papers.server)).kind is not Kind.READY


def test_a_key_of_another_certificate_ends_the_wait_at_once_with_the_setting(plain: Wire, papers: Papers) -> None:
    settings = Client(ca_file=papers.server, cert_file=papers.client, key_file=papers.server_key)
    with pytest.raises(SettingsError) as caught:
        wait(Question(plain.url, Health(), settings), lambda _line: None)
    said = str(caught.value).splitlines()
    assert said[0] == f"client.cert_file cannot be used: {papers.client}"
    assert said[1].startswith("  seen: ")
    assert said[2] == "  next: name a PEM certificate and its key, in one file or with client.key_file"


def test_an_encrypted_key_asks_nobody_for_its_password(papers: Papers, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "pkcs8", "-topk8", "-in", papers.client_key, "-out", str(locked), "-passout", "pass:secret"],
        capture_output=True, check=True,
    )  # fmt: skip
    with pytest.raises(SettingsError, match=r"client\.key_file is encrypted"):
        trust(Client(cert_file=papers.client, key_file=str(locked)))


def test_the_certificates_are_read_once(papers: Papers) -> None:
    assert trust(Client(ca_file=papers.server, timeout=1)) is trust(Client(ca_file=papers.server, timeout=2))
    assert trust(Client(ca_file=papers.server)) is not trust(Client())


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
@pytest.mark.parametrize(("http2", "spoken"), [(True, "HTTP/2"), (False, "HTTP/1.1")])
def test_http2_is_spoken_when_it_is_set_and_the_server_can(
    papers: Papers, monkeypatch: pytest.MonkeyPatch, library: ModuleType, http2: bool, spoken: str
) -> None:
    monkeypatch.setattr("tidegate.session.http.httpx", library)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.server, papers.server_key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    settings = Client(ca_file=papers.server, http2=http2)
    with Two(b"", context=context) as server, library.Client(transport=connections(settings)) as client:
        answer = client.get(server.url)
        gate = ask(Question(server.url, Health(), settings), 5)
    assert (answer.status_code, answer.http_version) == (200, spoken)
    assert gate.kind is Kind.READY  # whatever the client speaks


class Two(Wire):
    """Answers one request in whichever protocol was agreed on."""

    def _serve(self, connection: socket.socket, script: object) -> None:  # noqa: ARG002  Wire calls it so
        assert self._context
        with suppress(OSError), self._context.wrap_socket(connection, server_side=True) as secure:
            if secure.selected_alpn_protocol() != "h2":
                secure.recv(65_536)
                secure.sendall(http(200))
                return
            speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            speaker.initiate_connection()
            secure.sendall(speaker.data_to_send())
            while received := secure.recv(65_536):
                for event in speaker.receive_data(received):
                    if isinstance(event, h2.events.StreamEnded):
                        speaker.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
                secure.sendall(speaker.data_to_send())
