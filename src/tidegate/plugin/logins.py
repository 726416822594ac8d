"""The session fixtures of those who log in. Each is a seam, as those in fixtures.py are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import ApiNotHealthy, LoginRefused, SettingsError, TidegateError
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    import httpx

    from tidegate.session.login import Login, Session, Sessions
    from tidegate.session.transport import Transport
    from tidegate.settings import Account, Settings

Open = Callable[..., "httpx.Client"]
ADMIN, ANONYMOUS = "admin", "anonymous"


@pytest.fixture(scope="session")
def _sessions(
    gate: None, base_url: str, settings: Settings, _transport: Transport, pytestconfig: pytest.Config
) -> Iterator[Sessions]:
    from tidegate.plugin.recording import open_recording
    from tidegate.session.client import new_client
    from tidegate.session.login import Sessions

    recording = open_recording(pytestconfig, settings)
    with new_client(base_url, settings.client, transport=_transport, recorder=recording.recorder) as opened:
        yield Sessions(settings, opened, pytestconfig.stash[STATE].learn, recording.owners.learn)


@pytest.fixture(scope="session")
def login(_sessions: Sessions) -> Login:
    """`login(email, password)` gives an access token, or raises `tidegate.LoginRefused`."""
    return _sessions.log_in


@pytest.fixture(scope="session")
def admin_token(login: Login, _sessions: Sessions, settings: Settings, pytestconfig: pytest.Config) -> Iterator[str]:
    """The seeded admin's access token, from one login; a refusal ends the run with exit code 77."""
    from tidegate.plugin.guarding import ask_after_admin, note_lost_admin

    try:
        session = _sessions.open(settings.accounts[ADMIN], login)
    except LoginRefused as error:
        note_lost_admin(pytestconfig, settings, error)
        stop(pytestconfig, error)
    except (ApiNotHealthy, SettingsError) as error:
        stop(pytestconfig, error)
    yield session.token
    if settings.login.asks:
        ask_after_admin(pytestconfig, settings, lambda: _sessions.open(settings.accounts[ADMIN], login))


@pytest.fixture(scope="session")
def auth_headers(admin_token: str, _sessions: Sessions) -> dict[str, str]:
    """All headers that a request of the seeded admin carries: `{"Authorization": "Bearer …"}`, unless set otherwise."""
    return dict(_sessions.of(admin_token).unsafe)


@pytest.fixture(scope="session")
def _open_as(
    base_url: str,
    settings: Settings,
    login: Login,
    _sessions: Sessions,
    _transport: Transport,
    pytestconfig: pytest.Config,
) -> Iterator[Open]:
    """`_open_as(name, session)` gives a client that is logged in as this identity, and stays so."""
    from tidegate.plugin.recording import open_recording
    from tidegate.session.client import new_client
    from tidegate.session.login import Identity

    state, recorder = pytestconfig.stash[STATE], open_recording(pytestconfig, settings).recorder

    def opened(name: str, session: Session, account: Account | None = None) -> httpx.Client:
        identity = Identity(
            settings,
            base_url,
            lambda: _sessions.open(account or settings.accounts[name], login),
            session=session,
            who=name,
            report=(lambda _line: None) if account else state.note,  # a test may end what it has made
            learn=state.learn,
        )
        if name == ADMIN:
            state.admin = identity
        known = state.tokens.copy
        made = new_client(
            base_url, settings.client, transport=_transport, auth=identity, known=known, recorder=recorder
        )
        return clients.enter_context(made)

    with ExitStack() as clients:
        yield opened


@pytest.fixture(scope="session")
def admin(auth_headers: Mapping[str, str], _sessions: Sessions, _open_as: Open) -> httpx.Client:
    """An `httpx.Client` like `client`, logged in as the seeded admin."""
    return _open_as(ADMIN, _sessions.behind(auth_headers))


@pytest.fixture(scope="session")
def as_identity(
    request: pytest.FixtureRequest,
    client: httpx.Client,
    settings: Settings,
    login: Login,
    _sessions: Sessions,
    _open_as: Open,
) -> Callable[[str], httpx.Client]:
    """`as_identity("viewer")` gives a client like `client`, logged in as that identity; "anonymous" one that is not."""

    def client_of(name: str) -> httpx.Client:
        if name == ADMIN:
            admin: httpx.Client = request.getfixturevalue("admin")
            return admin
        if name not in settings.identities:
            raise SettingsError(_unknown(name, (ADMIN, ANONYMOUS, *settings.identities)))
        return _open_as(name, _sessions.open(settings.identities[name], login))

    known: dict[str, httpx.Client | TidegateError] = {ANONYMOUS: client}

    def known_client_of(name: str) -> httpx.Client:
        if name not in known:
            try:
                known[name] = client_of(name)
            except TidegateError as error:  # kept as well: an account may be locked after some refused logins
                known[name] = error
        found = known[name]
        if isinstance(found, TidegateError):
            raise type(found)(str(found))
        return found

    return known_client_of


def _unknown(name: str, known: Iterable[str]) -> str:
    return (
        f"there is no identity {name!r}\n  seen: known are {', '.join(known)}\n"
        f"  next: declare [tool.tidegate.identities.{name}] in pyproject.toml"
    )
