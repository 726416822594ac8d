"""The session fixtures. Each is a seam: a suite's conftest.py may define one of the same name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import TidegateError
from tidegate.plugin.state import STATE, stop

if TYPE_CHECKING:
    import httpx

    from tidegate.session.guard import Guard
    from tidegate.session.ledger import Ledger
    from tidegate.session.run import Unique
    from tidegate.session.transport import Transport
    from tidegate.settings import Resource, Settings
    from tidegate.stack.standing import Stack


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> Settings:
    """All settings of this run, checked: `settings.base_url`, and so on."""
    from tidegate.plugin.options import load_settings
    from tidegate.plugin.shown.masking import mask_live_logs, mask_warnings

    try:
        found = load_settings(pytestconfig)
    except TidegateError as error:
        stop(pytestconfig, error)
    state = pytestconfig.stash[STATE]
    state.settings = found
    mask_live_logs(pytestconfig, lambda: state.secrets)
    mask_warnings(pytestconfig, lambda: state.secrets)
    if state.evidence:
        state.evidence.begin(found)
    if getattr(pytestconfig, "workerinput", {}).get("workerid", "gw0") == "gw0":  # one worker speaks for all
        for doubt in found.doubts:
            state.note(doubt)
    return found


@pytest.fixture(scope="session")
def stack(settings: Settings, pytestconfig: pytest.Config) -> Iterator[Stack]:
    """What the API runs on, started here unless it runs already: `stack.base_url`, `stack.kind`."""
    from tidegate.plugin.start.stack import opened

    yield from opened(pytestconfig, settings)


@pytest.fixture(scope="session")
def base_url(stack: Stack) -> str:
    """Where the API listens, without a trailing slash."""
    return stack.base_url


@pytest.fixture(scope="session")
def gate(base_url: str, settings: Settings, request: pytest.FixtureRequest) -> None:
    """Returns once the API is healthy; else ends the run with exit code 69."""
    from tidegate.plugin.guarding import check_target
    from tidegate.plugin.start.gate import wait_once

    check_target(request.config, settings, base_url)
    wait_once(request, base_url, settings)


@pytest.fixture(scope="session")
def resources(settings: Settings) -> tuple[Resource, ...]:
    """The records that tests make, as declared in [tool.tidegate.resources], in the order of deletion."""
    return settings.resources


@pytest.fixture(scope="session")
def ledger(
    pytestconfig: pytest.Config, settings: Settings, base_url: str, resources: tuple[Resource, ...]
) -> Iterator[Ledger]:
    """The record on disk of what this session makes; its end is the clean-up."""
    from tidegate.plugin.ending import clean_up, open_ledger

    try:
        opened = open_ledger(pytestconfig, settings, base_url)
    except TidegateError as error:
        stop(pytestconfig, error)
    yield opened
    clean_up(pytestconfig, settings, base_url, resources, opened)


@pytest.fixture(scope="session")
def _guard(
    base_url: str,
    settings: Settings,
    resources: tuple[Resource, ...],
    ledger: Ledger,
    pytestconfig: pytest.Config,
) -> Guard:
    from tidegate.plugin.guarding import open_guard

    return open_guard(pytestconfig, settings, base_url, resources, ledger)


@pytest.fixture(scope="session")
def _contract(gate: None, base_url: str, settings: Settings, _guard: Guard, pytestconfig: pytest.Config) -> None:
    from tidegate.plugin.contract.opening import open_contract

    open_contract(pytestconfig, settings, base_url, _guard)


@pytest.fixture(scope="session")
def _transport(
    base_url: str,
    settings: Settings,
    resources: tuple[Resource, ...],
    ledger: Ledger,
    _guard: Guard,
    _contract: None,
    pytestconfig: pytest.Config,
) -> Iterator[Transport]:
    from tidegate.plugin.pacing import open_tests_wire
    from tidegate.session.transport import Transport

    wire = open_tests_wire(pytestconfig, settings, base_url, _guard)
    transport = Transport(wire, base_url, resources, ledger)
    yield transport
    transport.shut_down()


@pytest.fixture(scope="session")
def client(
    gate: None, base_url: str, settings: Settings, _transport: Transport, pytestconfig: pytest.Config
) -> Iterator[httpx.Client]:
    """An `httpx.Client` for the API that nobody has logged in: pooled, with a time limit, following no redirects."""
    from tidegate.plugin.recording import open_recording
    from tidegate.session.client import new_client

    known, recorder = pytestconfig.stash[STATE].tokens.copy, open_recording(pytestconfig, settings).recorder
    with new_client(base_url, settings.client, transport=_transport, known=known, recorder=recorder) as opened:
        yield opened


@pytest.fixture(scope="session")
def unique(ledger: Ledger, settings: Settings) -> Unique:
    """Values that carry this run's marker: `unique.email()`, `unique.name()`."""
    from tidegate.session.run import Unique

    return Unique(settings.prefix, ledger)
