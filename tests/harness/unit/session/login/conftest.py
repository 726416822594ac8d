from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from stub_logins import EMAIL, PASSWORD, StubLogins

from tidegate.session.client import new_client
from tidegate.session.http import connections, httpx
from tidegate.session.login import Identity, Session, Sessions
from tidegate.settings import Settings, load


@dataclass
class Door:
    """The way in to a server, with these settings, and what came of it."""

    settings: Settings
    sessions: Sessions
    wire: httpx.BaseTransport
    said: list[str] = field(default_factory=list)
    learnt: set[str] = field(default_factory=set)

    def open(self) -> Session:
        """A session of the admin."""
        return self.sessions.open_admin()

    def client(self, session: Session | None = None) -> httpx.Client:
        """A client that is logged in as the admin."""
        identity = Identity(
            self.settings,
            self.settings.base_url,
            self.sessions.open_admin,
            session=session,
            report=self.said.append,
            learn=self.learnt.update,
        )
        return new_client(self.settings.base_url, self.settings.client, transport=self.wire, auth=identity)


class Doors:
    """Makes doors: `doors(*lines)` with these lines of [tool.tidegate.login]."""

    def __init__(self, folder: Path, server: StubLogins, stack: ExitStack) -> None:
        self._folder, self._server, self._stack = folder, server, stack

    def __call__(self, *lines: str, tables: str = "", **env: str) -> Door:
        (self._folder / "pyproject.toml").write_text("\n".join(["[tool.tidegate.login]", *lines, tables]))
        variables = {"API_BASE_URL": self._server.url, "API_ADMIN_EMAIL": EMAIL, "API_ADMIN_PASSWORD": PASSWORD, **env}
        settings = load(self._folder, env={name: value for name, value in variables.items() if value})
        wire = connections(settings.client)
        self._stack.callback(wire.close)
        door = Door(settings, Sessions(settings, new_client(settings.base_url, settings.client, transport=wire)), wire)
        door.sessions._learn = door.learnt.update
        return door


@pytest.fixture
def server() -> Iterator[StubLogins]:
    with StubLogins() as running:
        yield running


@pytest.fixture
def doors(tmp_path: Path, server: StubLogins) -> Iterator[Doors]:
    with ExitStack() as stack:
        yield Doors(tmp_path, server, stack)
