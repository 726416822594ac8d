from __future__ import annotations

import socket
import struct
from contextlib import closing
from threading import Thread

from tidegate.stack.listening import free_port, is_open, listeners


def row(address: bytes, port: int, state: str = "0A") -> str:
    """A line of /proc/net/tcp: words of the machine's own byte order."""
    words = [f"{word:08X}" for (word,) in struct.iter_unpack("=I", address)]
    return f"   0: {''.join(words)}:{port:04X} 00000000:0000 {state} 00000000:00000000\n"


def test_listeners_are_read_and_other_sockets_are_not() -> None:
    v4, v6 = socket.AF_INET, socket.AF_INET6
    table = "  sl  local_address rem_address   st\n"
    table += row(socket.inet_pton(v4, "0.0.0.0"), 8000) + row(socket.inet_pton(v4, "127.0.0.1"), 9229)
    table += row(socket.inet_pton(v4, "127.0.0.11"), 34567) + row(socket.inet_pton(v4, "10.0.0.2"), 8000, "01")
    table += row(socket.inet_pton(v6, "::"), 3000) + row(socket.inet_pton(v6, "::1"), 3001)
    assert listeners(table) == [("0.0.0.0", 8000), ("127.0.0.1", 9229), ("::", 3000), ("127.0.0.1", 3001)]


def test_a_port_is_open_when_somebody_listens_there_and_not_when_they_hang_up_at_once() -> None:
    assert not is_open(free_port())
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        assert is_open(port)
        server.accept()[0].close()
        forwarder = Thread(target=lambda: server.accept()[0].close())
        forwarder.start()
        assert not is_open(port, patience=60)
        forwarder.join()
