"""A server on an address of this machine that is not loopback, and the many ways to spell its host."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

SPARE = "198.51.100.7"  # TEST-NET-2 (RFC 5737)
# Names that lead to the foreign server for whoever asks the patched resolver; some look like loopback, or are it.
NAMES = (
    *("evil.example", "EVIL.Example", "evil.example.", "localhost.evil.example", "127.0.0.1.evil.example"),
    *("127.0.0.1.nip.io", "127-0-0-1.sslip.io", "localtest.me", "localhost.localdomain", "sub.localhost"),
    *("localhost.", "LOCALHOST.", "ip6-localhost", "localhost-staging", "xlocalhost", "api", "api.", "staging"),
    *("xn--bcher-kva.example", "b\u00fccher.example", "B\u00dcCHER.example", "0x7f.1.evil.example", "_.localhost"),
    *(
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
        "%6cocalhost",
        "rebound2.example",
        "rebound3.example",
    ),
)


def of_this_machine() -> str | None:
    """An address of this machine that is not loopback, without a packet sent; None when there is none."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("203.0.113.1", 9))
        return str(asking.getsockname()[0])
    with suppress(OSError):
        found = socket.gethostbyname(socket.gethostname())
        return None if ip_address(found).is_loopback else found
    return None


@contextmanager
def address() -> Iterator[str | None]:
    """Such an address; where a machine has no network, one that is added for the time being, if that is allowed."""
    found = of_this_machine()
    change = ["ip", "address", "add", f"{SPARE}/32", "dev", "lo"]
    if found or os.geteuid() != 0 or subprocess.run(change, capture_output=True, check=False).returncode:
        yield found
        return
    try:
        yield SPARE
    finally:
        subprocess.run(["ip", "address", "del", f"{SPARE}/32", "dev", "lo"], capture_output=True, check=False)


class Foreign(ThreadingHTTPServer):
    """Answers everything with success, notes what arrives, and listens to nobody but this machine."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str) -> None:
        super().__init__((host, 0), _Handler)
        self.host = host
        self.arrived: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def verify_request(self, _request: Any, client: Any) -> bool:
        return bool(client[0] == self.host)

    @property
    def writes(self) -> list[str]:
        """What arrived and was no read."""
        return [line for line in self.arrived if not line.startswith(("GET ", "HEAD ", "OPTIONS "))]

    def spellings(self) -> list[str]:
        """Base URLs that all lead here."""
        hosts = [*spelled(self.host), *NAMES]
        return [f"{'HTTP' if n % 7 == 0 else 'http'}://{host}:{self.server_port}" for n, host in enumerate(hosts)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Foreign

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.arrived.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815  named by http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by http.server
        """Nothing: a test's output is its own."""


def spelled(host: str) -> list[str]:
    """An IPv4 address in every form that a socket takes."""
    a, b, c, d = map(int, host.split("."))
    whole, three, two = int(ip_address(host)), c * 256 + d, (b * 256 + c) * 256 + d
    high, low = f"{a * 256 + b:x}", f"{three:x}"
    return [
        host,
        *(f"{whole}", f"{whole:#x}", f"{whole:#X}", f"0{whole:o}", f"00{whole:o}", f"0x0{whole:x}"),
        *(f"{a}.{two}", f"{a:#x}.{two:#x}", f"0{a:o}.0{two:o}", f"{a:#x}.{two}", f"{a}.{two:#x}", f"0{a:o}.{two:#x}"),
        *(f"{a}.{b}.{three}", f"{a:#x}.{b:#x}.{three:#x}", f"0{a:o}.{b}.0{three:o}", f"{a}.{b:#x}.{three}"),
        *(f"{a:#x}.{b}.{c}.{d}", f"{a}.{b:#x}.{c}.{d}", f"{a}.{b}.{c}.{d:#x}", f"{a:#X}.{b:#X}.{c:#X}.{d:#X}"),
        *(f"0{a:o}.{b:#x}.{c}.{d}", f"0{a:o}.0{b:o}.{c:#x}.0{d:o}", f"{a:#06x}.{b:#06x}.{c:#06x}.{d:#06x}"),
        *(f"[::ffff:{host}]", f"[::FFFF:{host}]", f"[0:0:0:0:0:ffff:{host}]", f"[0::ffff:{host}]"),
        *(f"[::ffff:{high}:{low}]", f"[::FFFF:{high.upper()}:{low.upper()}]", f"[0:0:0:0:0:FFFF:{high}:{low}]"),
        *(f"[0000:0000:0000:0000:0000:ffff:{high:0>4}:{low:0>4}]", f"[::0:ffff:{high}:{low}]"),
        *(f"localhost@{host}", f"localhost:80@{host}", f"127.0.0.1@{host}", f"127.0.0.1:8000@{host}"),
        *(f"user:pass@{host}", f"%6cocalhost@{host}", f"localhost%2f@{host}", f"127.0.0.1%23@{host}", f"@{host}"),
        *(f"localhost@{whole}", f"[::1]@{host}", f"localhost%40@{host}"),
    ]
