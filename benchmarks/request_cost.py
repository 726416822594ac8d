"""What one request costs through tidegate's client, over a bare httpx.Client."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
from figures import show
from local_server import server

from tidegate.session.client import new_client
from tidegate.session.ledger import Ledger
from tidegate.session.login import Identity, Session
from tidegate.session.transport import Transport
from tidegate.session.wire import open_wire
from tidegate.settings import Resource, Settings

ROUNDS, BATCH = 40, 50


def batch(client: httpx.Client, method: str, path: str) -> float:
    """Seconds per request, over a batch."""
    begun = time.perf_counter()
    for _ in range(BATCH):
        client.request(method, path, json={"a": 1} if method == "POST" else None)
    return (time.perf_counter() - begun) / BATCH


def identity(settings: Settings, url: str, session: Session) -> Identity:
    """Somebody who is logged in, and stays so."""
    return Identity(settings, url, lambda: session, session=session)


def main() -> None:
    """Batches in turn, so that all clients meet the same machine."""
    token = Session(headers={"Authorization": "Bearer a-token-0123456789"})
    cookies = Session(cookies={"sessionid": "0123456789", "csrftoken": "0123456789"}, csrf="0123456789")
    with server() as url, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ledger = Ledger(Path(folder), "6742a1b3c0de", url, lambda: "test")
        settings = Settings()
        transport = Transport(open_wire(settings, url), url, (Resource(name="things", path="/things"),), ledger)
        clients = {"bare httpx.Client": stack.enter_context(httpx.Client(base_url=url))}
        for name, session in (("tidegate's client", None), ("admin, by token", token), ("admin, by cookies", cookies)):
            auth = identity(settings, url, session) if session else None
            opened = new_client(url, settings.client, transport=transport, auth=auth)
            clients[name] = stack.enter_context(opened)
        for method, path in (("GET", "/things/1"), ("GET", "/other"), ("POST", "/things")):
            seconds: dict[str, list[float]] = {name: [] for name in clients}
            for _ in range(ROUNDS):
                for name, client in clients.items():
                    seconds[name].append(batch(client, method, path))
            for name, measured in seconds.items():
                note = "with two ledger lines on disk" if method == "POST" and "bare" not in name else ""
                show(f"{name} {method} {path}", measured, seconds["bare httpx.Client"], note)
        ledger.close(settled=True)


if __name__ == "__main__":
    main()
