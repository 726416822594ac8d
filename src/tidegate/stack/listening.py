"""Who listens where: on this machine's loopback, and inside a container."""

from __future__ import annotations

import socket
import struct

from tidegate.stack.commands import run

LISTEN = "0A"  # the state in /proc/net/tcp, see proc_pid_net(5)


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def is_open(port: int, patience: float = 0.05) -> bool:
    """Whether somebody listens there; a forwarder that only finds nobody behind it hangs up at once."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(patience)
            return bool(connection.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


def inside(container_id: str) -> list[tuple[str, int]] | None:
    """Address and port of each listening TCP socket in the container; None when its image cannot tell."""
    done = run(["docker", "exec", container_id, "cat", "/proc/net/tcp", "/proc/net/tcp6"])
    return listeners(done.stdout) if done.stdout else None


def listeners(table: str) -> list[tuple[str, int]]:
    """The same from the text of /proc/net/tcp and tcp6, without Docker's own name server."""
    rows = [line.split() for line in table.splitlines()]
    sockets = [row[1].split(":") for row in rows if len(row) > 3 and row[3] == LISTEN]
    found = [(_address(address), int(port, 16)) for address, port in sockets]
    return [(address, port) for address, port in found if address != "127.0.0.11"]


def _address(text: str) -> str:
    """Words of the machine's own byte order; IPv6's own loopback is given as IPv4's."""
    packed = b"".join(struct.pack("=I", int(text[at : at + 8], 16)) for at in range(0, len(text), 8))
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    shown = socket.inet_ntop(socket.AF_INET6, packed)
    return "127.0.0.1" if shown == "::1" else shown.removeprefix("::ffff:")
