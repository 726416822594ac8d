"""API servers that others wrote: installed, started on a free port with nothing in them, looked into, ended."""

from __future__ import annotations

import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from api.processes import DEADLINE, free_port, wait_until
from dotenv import dotenv_values

PEERS = Path(__file__).parent
START = 120.0  # a Rails application on a busy machine


class Server(ABC):
    """One server, with its own way to start and to be looked into; nothing of tidegate is between."""

    name: ClassVar[str]
    root: ClassVar[str] = ""  # what all its paths begin with
    ready: ClassVar[str] = "/"  # answers when it is up

    def __init__(self, installed: Path, data: Path) -> None:
        self.installed = installed
        self.data = data
        self.port = free_port()
        self.values = {key: value or "" for key, value in dotenv_values(PEERS / self.name / ".env.test").items()}
        self.client = httpx.Client(base_url=self.url, timeout=20)

    @property
    def url(self) -> str:
        """What an adopter sets as API_BASE_URL."""
        return f"http://127.0.0.1:{self.port}{self.root}"

    @abstractmethod
    def command(self) -> list[str | Path]:
        """What starts it; `data` is its working folder."""

    @abstractmethod
    def settle(self) -> None:
        """Seeds the admin and logs `client` in, once the server answers."""

    @abstractmethod
    def add(self, marker: str) -> None:
        """A record with this marker is there."""

    @abstractmethod
    def markers(self) -> set[str]:
        """The marker of every record."""

    def up(self) -> bool:
        """Whether it answers."""
        try:
            return self.client.get(self.ready).status_code < 500
        except httpx.TransportError:
            return False

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Ends what `command` started."""
        process.terminate()
        process.wait(DEADLINE)

    def environment(self) -> dict[str, str]:
        """Its environment: nothing of ours."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.data), "PORT": str(self.port)}


@contextmanager
def serving(kind: type[Server], data: Path) -> Iterator[Server]:
    """A server of this kind that answers and has an admin."""
    server = kind(_installed(kind.name), data)
    log = (data / "server.log").open("wb")
    process = subprocess.Popen(
        server.command(), cwd=data, env=server.environment(), stdout=log, stderr=subprocess.STDOUT
    )
    try:
        wait_until(lambda: process.poll() is not None or server.up(), f"{kind.name} answers", START)
        assert process.poll() is None, (data / "server.log").read_text()[-2000:]
        server.settle()
        yield server
    finally:
        server.client.close()
        server.end(process)
        log.close()


def _installed(name: str) -> Path:
    """The folder of an installed peer; the test is skipped, or fails where peers are required, when there is none."""
    done = subprocess.run([PEERS / "install", name], capture_output=True, text=True)
    if done.returncode:
        reason = f"{done.stdout}{done.stderr}".strip()
        (pytest.fail if os.environ.get("TIDEGATE_REQUIRE_DOCKER") else pytest.skip)(reason)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("TIDEGATE_PEERS") or Path(cache) / "tidegate-peers") / name
