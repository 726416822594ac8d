"""What one request costs through tidegate's client, over a bare httpx.Client."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import httpx
from figures import show
from local_server import server

from tidegate.session.client import new_client
from tidegate.session.ledger import Ledger
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


def main() -> None:
    """Batches in turn, so that both clients meet the same machine."""
    with server() as url, tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder), "6742a1b3c0de", url, lambda: "test")
        settings = Settings()
        transport = Transport(open_wire(settings, url), url, (Resource(name="things", path="/things"),), ledger)
        with httpx.Client(base_url=url) as bare, new_client(url, settings.client, transport=transport) as ours:
            for method, path in (("GET", "/things/1"), ("GET", "/other"), ("POST", "/things")):
                seconds: dict[str, list[float]] = {"bare": [], "ours": []}
                for _ in range(ROUNDS):
                    seconds["bare"].append(batch(bare, method, path))
                    seconds["ours"].append(batch(ours, method, path))
                show(f"bare httpx.Client {method} {path}", seconds["bare"])
                note = "with two ledger lines on disk" if method == "POST" else ""
                show(f"tidegate's client {method} {path}", seconds["ours"], seconds["bare"], note)
        ledger.close(settled=True)


if __name__ == "__main__":
    main()
