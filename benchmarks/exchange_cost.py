"""What recording, masking and checking add to a request that is answered with 2 kB of JSON."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from figures import show
from local_server import BODY, server

from tidegate.contract.baseline import Baseline
from tidegate.contract.coverage import Coverage
from tidegate.contract.document import Document
from tidegate.plugin.contract.watch import Held, Watch
from tidegate.plugin.recording import Recording
from tidegate.plugin.state import State
from tidegate.records import Exchange
from tidegate.session.client import new_client
from tidegate.session.wire import open_wire
from tidegate.settings import Settings

ROUNDS, BATCH, AGAIN, TOKENS = 60, 40, 1_500, 1_000
TEXT: dict[str, Any] = {"type": "string"}
ITEM = {
    "type": "object",
    "required": ["id", "email", "name"],
    "properties": {
        "id": {"type": "integer"},
        "email": {"type": "string", "format": "email"},
        "name": TEXT,
        "kind": {"enum": ["small", "large"]},
        "made_at": {"type": "string", "format": "date-time"},
        "total": {"type": "number"},
        "note": {"type": ["string", "null"]},
    },
}
PAGE = {"type": "object", "properties": {"items": {"type": "array", "items": ITEM}, "total": {"type": "integer"}}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "get": {
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": PAGE}}}},
            }
        }
    },
}


class Kept:
    """Observes as a recording does, and keeps what it has observed."""

    def __init__(self, recording: Recording) -> None:
        self._recording, self.exchanges = recording, list[Exchange]()
        recording.recorder._observe = self

    def __call__(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        self._recording.observe(exchange)

    def seconds(self) -> Iterator[float]:
        """The CPU time that each of them takes to be observed, with no network and no other process in between."""
        for exchange in self.exchanges[-AGAIN:]:
            begun = time.thread_time()
            self._recording.observe(exchange)
            yield time.thread_time() - begun


def batch(client: httpx.Client) -> float:
    """Seconds per request, over a batch."""
    begun = time.perf_counter()
    for _ in range(BATCH):
        client.get("/things?limit=20")
    return (time.perf_counter() - begun) / BATCH


@contextmanager
def recorded(url: str, folder: Path, *, checked: bool) -> Iterator[tuple[httpx.Client, Recording]]:
    """A client of the plugin, whose exchanges are recorded, and held against a document."""
    settings = Settings(root=folder, base_url=url)
    state = State(run=f"6742a1b3c0d{checked:d}", test="test_it.py::test_it", target=url, settings=settings)
    state.secrets.notice(secrets.token_urlsafe(30) for _ in range(TOKENS))  # as many logins later
    recording = Recording(state, settings)
    if checked:
        document = Document.of(DOCUMENT)
        held = Held(base_url=url, origin=url, baseline=Baseline(folder), document=document, coverage=Coverage(document))
        state.observers.append(Watch(state, settings, held, fails=True).observe)
    with new_client(url, settings.client, transport=open_wire(settings, url), recorder=recording.recorder) as client:
        client.headers["Authorization"] = f"Bearer {secrets.token_urlsafe(30)}"
        yield client, recording
    recording.close()


def main() -> None:
    """Batches in turn, so that all clients meet the same machine."""
    with server() as url, tempfile.TemporaryDirectory() as folder:
        plain = new_client(url, Settings().client, transport=open_wire(Settings(base_url=url), url))
        with (
            httpx.Client(base_url=url) as bare,
            recorded(url, Path(folder), checked=False) as (writing, alone),
            recorded(url, Path(folder), checked=True) as (checking, both),
        ):
            kept = {"recording": Kept(alone), "recording and checking": Kept(both)}
            clients = {
                "bare httpx.Client": bare,
                "tidegate's client": plain,
                "with recording": writing,
                "with recording and checking": checking,
            }
            seconds: dict[str, list[float]] = {name: [] for name in clients}
            for _ in range(ROUNDS):
                for name, client in clients.items():
                    seconds[name].append(batch(client))
            observed = {name: [*each.seconds()] for name, each in kept.items()}
        plain.close()
    print(f"a body of {len(BODY)} bytes, {TOKENS} secrets known")
    for name, measured in seconds.items():
        show(name, measured, seconds["bare httpx.Client"])
    for name, measured in observed.items():
        least = f"CPU, at least {min(measured) * 1e3:.2f} ms; target: under 0.3 ms"
        show(f"{name}, alone", measured, seconds["bare httpx.Client"], least)


if __name__ == "__main__":
    main()
