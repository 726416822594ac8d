"""How long after the API became healthy the gate notices, beside the floor: one request that finds it healthy."""

from __future__ import annotations

import random
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from figures import show

from tidegate.session.gate import wait
from tidegate.session.probe import ask
from tidegate.session.question import Question
from tidegate.settings import Client, Health

RUNS = 60


class Starting(BaseHTTPRequestHandler):
    """503 until the moment in `healthy_at`, then 200."""

    healthy_at = 0.0

    def do_GET(self) -> None:
        healthy = time.monotonic() >= Starting.healthy_at
        body = b'{"status": "ok"}' if healthy else b'{"status": "starting"}'
        self.send_response(200 if healthy else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def main() -> None:
    """The API becomes healthy at a random moment within the first two seconds."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Starting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    question = Question(f"http://127.0.0.1:{server.server_port}/health", Health(timeout=10), Client())
    reactions, floor = [], []
    for _ in range(RUNS):
        Starting.healthy_at = time.monotonic() + random.uniform(0.1, 2.0)
        wait(question, lambda _line: None)
        reactions.append(time.monotonic() - Starting.healthy_at)
        begun = time.monotonic()
        ask(question, 5)
        floor.append(time.monotonic() - begun)
    server.shutdown()
    show("one request to a healthy API", floor)
    show("healthy -> noticed by the gate", reactions, floor, "target: p95 under 50 ms")


if __name__ == "__main__":
    main()
