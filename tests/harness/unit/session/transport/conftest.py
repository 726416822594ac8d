"""A ledger, and clients whose requests are noted in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from unit.session.transport.ledgered import RESOURCES, RUN
from wire import Script, Wire

from tidegate.session.client import new_client
from tidegate.session.http import connections
from tidegate.session.ledger import Ledger
from tidegate.session.transport import Transport
from tidegate.settings import Client


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
