"""pytest in processes that begin with their imports done, since these are most of what a short run costs.

    run = pytest_run(["-q", "tests"], ROOT, {"PATH": "/bin"}, timeout=60, imported=("tests",))

A server imports once and forks for each run. A run is a process of its own, with nothing left over from another one:
its own arguments, folder, environment and ending, as with `subprocess.run([sys.executable, "-m", "pytest", …])`.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import preloading

ROOT = Path(__file__).resolve().parents[2]
PRINTED = ("stdout", "stderr")
DECIDED_EARLY = ("TIDEGATE_CLIENT_LIBRARY", "SSL_CERT_FILE", "SSL_CERT_DIR", "PYTHONWARNINGS")  # at an import


class Preloaded:
    """A server whose runs find the tests of these paths imported too, beside pytest and tidegate."""

    def __init__(self, *paths: str) -> None:
        self._socket, theirs = socket.socketpair()
        outside = ("API_", "TIDEGATE_", "PYTEST_")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        command = [sys.executable, preloading.__file__, str(theirs.fileno()), *paths]
        # In a session of its own: a Ctrl-C is for the worker that asks, at whose end the server ends too.
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[theirs.fileno()], start_new_session=True
        )
        theirs.close()
        self._lines = self._socket.makefile("rw")

    def run(
        self, arguments: Sequence[str], folder: Path, environment: dict[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """How pytest ended there, and what it printed."""
        self._socket.settimeout(timeout)
        with tempfile.TemporaryDirectory() as name:
            files = [Path(name, printed) for printed in PRINTED]
            asked = [list(arguments), str(folder), environment, *map(str, files)]
            self._lines.write(json.dumps(asked) + "\n")
            self._lines.flush()
            code = int(self._lines.readline())
            return subprocess.CompletedProcess(["pytest", *arguments], code, *(file.read_text() for file in files))

    def close(self) -> None:
        """Ends the server."""
        self._lines.close()
        self._socket.close()
        self._process.wait()


def pytest_run(
    arguments: Sequence[str],
    folder: Path,
    environment: dict[str, str],
    *,
    timeout: float,
    imported: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """How pytest ended in that folder with nothing but that environment; tests of `imported` begin imported."""
    if any(name in environment for name in DECIDED_EARLY):
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout)
    return _server(*imported).run(arguments, folder, environment, timeout)


@functools.cache
def _server(*paths: str) -> Preloaded:
    server = Preloaded(*paths)
    atexit.register(server.close)
    return server
