"""The planted API over real HTTP: it answers each request with whatever it was told to."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from planted.document import BASE, files
from planted.rows import Reply

FILE_TYPES = {"json": "application/json", "yaml": "application/yaml"}


class Planted:
    """Serves its document, and `reply` to everything else, on loopback while its `with` block lasts.

    Where `then` is set, it is the answer to all requests but the first.
    """

    def __init__(self, version: str) -> None:
        self.reply = Reply(200)
        self.then: Reply | None = None
        self.files = files(version)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.planted = self
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.origin + BASE

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def answer(self) -> Reply:
        """What the next request is answered."""
        reply = self.reply
        self.reply = self.then or reply
        return reply

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    planted: Planted


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment per answer
    server: _Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = self.server.planted.files.get(self.path)
        own = Reply(200, found or b"", (("Content-Type", FILE_TYPES[self.path.rsplit(".")[-1]]),)) if found else None
        reply = own or self.server.planted.answer()
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.body or reply.status not in (204, 304):
            self.send_header("Content-Length", str(len(reply.body)))
        if reply.body and reply.status == 204:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815  named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by http.server
        """Nothing: a test's output is its own."""
