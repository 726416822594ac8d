"""A small HTTP/1.1 server on loopback in a process of its own, so that it does not share the client's interpreter."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

ROW = {"name": "Somebody Else", "kind": "large", "made_at": "2026-01-31T09:30:00Z", "total": 12.5, "note": None}
ITEMS = [{"id": number, "email": f"somebody-{number}@example.com", **ROW} for number in range(13)]
BODY = json.dumps({"items": ITEMS, "total": 13}).encode()


class Answer(BaseHTTPRequestHandler):
    """Answers every request with the same 2 kB of JSON."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.reply(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.reply(201)

    def reply(self, status: int) -> None:
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
        self.wfile.write(head.encode() + BODY)

    def log_message(self, *args: object) -> None:
        pass


def _serve(to_parent: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    to_parent.send(server.server_port)
    server.serve_forever()


@contextmanager
def server() -> Iterator[str]:
    """The base URL of a running server."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    yield f"http://127.0.0.1:{here.recv()}"
    process.kill()
