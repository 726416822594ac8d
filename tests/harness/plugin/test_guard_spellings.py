"""However the host of a foreign server is spelled, no write reaches it: asserted at the server."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import foreign
import httpx
import pytest
from foreign import NAMES, Foreign
from plugin.conftest import Project
from projects import Answer, Bent, Call, settings_of

from tidegate.errors import WriteRefused
from tidegate.session.client import new_client
from tidegate.session.guard import Guard
from tidegate.session.ledger import Ledger
from tidegate.session.login import Session
from tidegate.session.scene import open_scene
from tidegate.session.wire import open_wire

METHODS = ("POST", "PUT", "PATCH", "DELETE")
WAYS = ("absolute", "redirected", "rebased")
PLACES = ("test", "fixture", "hook", "end")

# Names lead to the foreign server, as a resolver that is not ours may decide; those that are rebound change their mind.
CONFTEST = """
import json, os, pathlib, socket
import httpx, pytest
from tidegate import WriteRefused

NAMES, HOST = json.loads(os.environ["NAMES"]), os.environ["FOREIGN"]
SPELLINGS = json.loads(os.environ["SPELLINGS"])
asked, real = [], socket.getaddrinfo
def resolve(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    asked.append(name)
    if name.startswith("rebound") and asked.count(name) % int(name[7]):
        return real("127.0.0.1", *args, **kwargs)
    return real(HOST if name in NAMES else host, *args, **kwargs)
socket.getaddrinfo = resolve

def send(client, way, method, spelling):
    if way == "absolute":
        return client.request(method, spelling + "/users/1", json={})
    if way == "redirected":
        return client.request(method, "/elsewhere", params={"to": spelling + "/users/1"}, follow_redirects=True)
    before, client.base_url = client.base_url, spelling
    try:
        return client.request(method, "/users/1", json={})
    finally:
        client.base_url = before

def attack(place, client):
    for spelling in SPELLINGS:
        for way in WAYS:
            for method in METHODS:
                try:
                    outcome = f"answered {send(client, way, method, spelling).status_code}"
                except (WriteRefused, httpx.HTTPError) as error:
                    outcome = type(error).__name__
                told.append([place, way, method, spelling, outcome])

told, WAYS, METHODS = [], ("absolute", "redirected", "rebased"), ("POST", "PUT", "PATCH", "DELETE")

@pytest.fixture
def attacked(client):
    attack("fixture", client)
    yield client
    attack("end", client)

def pytest_runtest_teardown(item):
    attack("hook", item.funcargs["client"])

def pytest_sessionfinish():
    pathlib.Path("told.json").write_text(json.dumps(told))
"""
SUITE = "from conftest import attack\ndef test_a(client, attacked): attack('test', client)\n"


@pytest.fixture(scope="module")
def there() -> Iterator[Foreign]:
    with foreign.address() as host:
        if host is None and os.environ.get("TIDEGATE_REQUIRE_DOCKER"):
            pytest.fail("this machine has no address but loopback")
        if host is None:
            pytest.skip("this machine has no address but loopback, and none can be added")
        with Foreign(host) as server:
            yield server
            server.shutdown()


@pytest.fixture
def led(there: Foreign, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, the names lead to the foreign server."""
    real = socket.getaddrinfo
    names = {httpx.URL(f"http://{name}").raw_host.decode() for name in NAMES}

    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real(there.host if name in names else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_there_are_sixty_spellings_and_each_leads_to_the_server(there: Foreign, led: None) -> None:
    """Else what follows would show nothing."""
    assert len(set(there.spellings())) >= 60
    for number, spelling in enumerate(there.spellings()):
        with httpx.Client(trust_env=False) as plain:
            assert plain.get(f"{spelling}/reach/{number}").status_code == 200, spelling
        assert there.arrived[-1] == f"GET /reach/{number}"


def test_no_write_reaches_a_foreign_host_by_any_way_from_any_place(
    project: Project, there: Foreign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bent(call: Call, usual: Any) -> Answer:
        return Answer(307, None, {"Location": call.query["to"]}) if call.path == "/elsewhere" else usual(call)

    project.stub.bend = bent
    spellings = [spelling for spelling in there.spellings() if spelling.isascii()]
    monkeypatch.setenv("SPELLINGS", json.dumps(spellings))
    monkeypatch.setenv("NAMES", json.dumps([name.lower() for name in NAMES]))
    monkeypatch.setenv("FOREIGN", there.host)
    project.test(SUITE, conftest=CONFTEST)
    assert project.run().ret == 0
    told = json.loads((project.path / "told.json").read_text())
    assert there.writes == []
    expected = {(*case, spelling) for case in product() for spelling in spellings}
    assert {tuple(entry[:4]) for entry in told} == expected
    assert [entry for entry in told if entry[4] != "WriteRefused"] == []


def product() -> Iterator[tuple[str, str, str]]:
    yield from ((place, way, method) for place in PLACES for way in WAYS for method in METHODS)


def test_no_write_reaches_a_foreign_host_that_is_the_base_url(
    tmp_path: Path, stub: Bent, there: Foreign, led: None
) -> None:
    """Neither from a client of the tests nor from that of clean-up, which is logged in."""
    settings = settings_of(tmp_path, stub)
    session = Session(headers={"Authorization": "Bearer x"}, login=settings.login)
    for number, base_url in enumerate(there.spellings()):
        ledger = Ledger(tmp_path / "ledger", f"6b0427ab{number:04}", base_url, lambda: "a test")
        guard = Guard(settings, base_url, settings.resources, ledger)
        wire = open_wire(settings, base_url, guard=guard.around)
        scene = open_scene(settings, base_url, settings.resources, session, guard=guard.around)
        with new_client(base_url, settings.client, transport=wire) as client, scene.client:
            for sender in (client, scene.client):
                for method in METHODS:
                    with pytest.raises(WriteRefused):
                        sender.request(method, "/users/1", json={})
        ledger.close(settled=True)
    assert there.writes == []
