"""The server behind `preloaded`: imports, then forks for each line that it reads from a socket.

    preloading.py SOCKET PATH...

A line is JSON, `[arguments of pytest, folder, environment, file for stdout, file for stderr]`; the answer to it is the
exit code, when the run has ended.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import runpy
import socket
import sys
import tempfile
import threading
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO
from typing import NoReturn

import pytest

UNNEEDED = [f"-pno:{name}" for name in ("randomly", "anyio", "cacheprovider", "hypothesispytest", "schemathesis")]


class Imports:
    """Imports what tidegate loads late while pytest's import hook is there, as it is in a run."""

    def pytest_sessionfinish(self) -> None:
        """All of it."""
        import tidegate

        for found in pkgutil.walk_packages(tidegate.__path__, "tidegate."):
            if ".starter" not in found.name and not found.name.endswith("__main__"):
                import_module(found.name)
        from tidegate.session.http import connections
        from tidegate.settings import Client

        connections(Client()).close()  # this imports once more, and reads all certificates


def preload(paths: list[str]) -> None:
    """Has pytest import itself, its plugins and these tests, or exits with what it says."""
    with tempfile.TemporaryDirectory() as empty, redirect_stdout(StringIO()) as said:
        code = pytest.main(["--collect-only", *UNNEEDED, *(paths or [f"--rootdir={empty}", empty])], [Imports()])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(said.getvalue())


def serve(lines: socket.SocketIO) -> None:
    """Runs one after the other, until nobody asks any more."""
    gc.collect()
    gc.freeze()
    for line in lines:
        if not (child := os.fork()):
            run(*json.loads(line))
        _, status = os.waitpid(child, 0)
        lines.write(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def run(arguments: list[str], folder: str, environment: dict[str, str], *printed: str) -> NoReturn:
    """Ends this process as `python -m pytest` would."""
    for number, name in enumerate((os.devnull, *printed)):
        file = os.open(name, os.O_RDWR | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    sys.path.insert(0, folder)
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    sys.exit("pytest has not ended the process")


if __name__ == "__main__":
    del sys.path[0]  # this folder, which no run is to find
    preload(sys.argv[2:])
    assert threading.active_count() == 1, "a fork takes no threads along"
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked.makefile("rwb", buffering=0))
