"""`python -m shop.healthcheck`: exit 0 when the API on this machine is healthy. It imports little, to start fast."""

import os
import socket
import sys

SECONDS = 2.5


def status_line(port: int) -> str:
    """The first line of the answer to GET /health."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        with connection.makefile("rb") as answer:
            return answer.readline(200).decode("latin-1").strip()


def main() -> int:
    """0 when healthy; else 1, and what was seen on standard error."""
    try:
        seen = status_line(int(os.environ.get("PORT") or 8000))
    except (OSError, ValueError) as error:
        seen = str(error)
    if " 200 " in f"{seen} ":
        return 0
    print(f"not healthy: {seen or 'no answer'}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
