"""A server on loopback that does with each connection what a test tells it, below the level of HTTP."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

Script = Callable[[socket.socket], None]


def http(status: int, body: Any = b"", **headers: str) -> bytes:
    """An HTTP answer; a body that is not bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Because", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


class Wire:
    """Meets the first connection with the first script, and so on; the last one serves all that follow.

    A script is bytes to answer with, or a function that gets the connection after the request was read.
    """

    def __init__(self, *scripts: bytes | Script, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.ending = threading.Event()
        """Set when the test is over, so that a script that hangs can stop."""
        self._scripts = scripts
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http{'s' if context else ''}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.ending.set()
        with suppress(OSError):  # wakes the accepting thread
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._socket.close()

    def _accept(self) -> None:
        count = 0
        while not self.ending.is_set():
            with suppress(OSError):
                connection, _ = self._socket.accept()
                if self.ending.is_set():
                    connection.close()
                    return
                script = self._scripts[min(count, len(self._scripts) - 1)]
                count += 1
                threading.Thread(target=self._serve, args=(connection, script), daemon=True).start()

    def _serve(self, connection: socket.socket, script: bytes | Script) -> None:
        with suppress(OSError), connection:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                self.requests.append(connection.recv(65_536))
                if isinstance(script, bytes):
                    connection.sendall(script)
                else:
                    script(connection)

    def hang(self, _connection: socket.socket) -> None:
        """A script: says nothing until the test is over."""
        self.ending.wait(30)

    def drip(self, before: bytes) -> Script:
        """A script: sends `before`, then a byte every 20 ms, for five seconds at most."""

        def dripping(connection: socket.socket) -> None:
            connection.sendall(before)
            for _ in range(250):
                if self.ending.wait(0.02):
                    return
                connection.sendall(b"x")

        return dripping


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
