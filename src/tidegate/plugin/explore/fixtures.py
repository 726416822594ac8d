"""What `tidegate explore` adds to pytest: its options, and the fixture that explores."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tidegate.errors import DocumentError, TidegateError, WriteRefused
from tidegate.plugin.shown.saying import say
from tidegate.plugin.state import STATE, State, stop

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.document import Document
    from tidegate.plugin.explore.explorer import Explorer, Wanted
    from tidegate.records import Exchange
    from tidegate.session.ledger import Ledger
    from tidegate.session.making import Collections
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings

LARGEST_SEED = 2**32


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds what `tidegate explore` passes on."""
    group = parser.getgroup("tidegate-explore")
    group.addoption("--explore-examples", type=int, default=25)
    group.addoption("--explore-seconds", type=float, default=120.0)
    group.addoption("--explore-seed", type=int, default=None)
    group.addoption("--explore-operation", action="append", default=[])


@pytest.fixture(scope="session")
def _disposable(base_url: str, settings: Settings, pytestconfig: pytest.Config) -> None:
    """Ends the run where others use the API as well, before anybody logs in there."""
    from tidegate.session.explorable import check_explorable

    try:
        check_explorable(settings, base_url)
    except WriteRefused as error:
        stop(pytestconfig, error)


@pytest.fixture
def _explore(
    _disposable: None,
    admin: httpx.Client,
    base_url: str,
    settings: Settings,
    resources: tuple[Resource, ...],
    collection: Collections,
    unique: Unique,
    ledger: Ledger,
    pytestconfig: pytest.Config,
) -> Iterator[Callable[[], None]]:
    from tidegate.contract.explore import Source
    from tidegate.plugin.cases.document import placing
    from tidegate.plugin.cases.records import Pool
    from tidegate.plugin.explore.explorer import Explorer, Way
    from tidegate.plugin.explore.ground import Ground

    state, wanted = pytestconfig.stash[STATE], _wanted(pytestconfig)
    document = _document(pytestconfig, state)
    place = placing(document, base_url, resources)
    _watch_failures(state)
    with Pool(document.operations, place, settings, resources, admin, unique, ledger) as pool:
        explorer = Explorer(
            Way(
                admin,
                base_url,
                Source(document.plain, wanted.seed, settings.artifacts_dir / "explore"),
                Ground(pool),
                ledger,
                collection,
                lambda: _new(state),
                lambda line: say(pytestconfig, line),
            ),
            wanted,
        )
        yield lambda: _run(pytestconfig, explorer, document)


def _run(config: pytest.Config, explorer: Explorer, document: Document) -> None:
    try:
        explorer.run(document.operations)
    except TidegateError as error:
        stop(config, error)


def _wanted(config: pytest.Config) -> Wanted:
    from tidegate.plugin.explore.explorer import Wanted

    seed = config.getoption("--explore-seed")
    return Wanted(
        config.getoption("--explore-examples"),
        config.getoption("--explore-seconds"),
        secrets.randbelow(LARGEST_SEED) if seed is None else seed,
        tuple(config.getoption("--explore-operation")),
    )


def _document(config: pytest.Config, state: State) -> Document:
    found = state.watch.held.document if state.watch else None
    if found is None:
        stop(
            config,
            DocumentError(
                "there is nothing to explore: the API has no OpenAPI document\n"
                "  seen: none at any usual place, and contract.document names none\n"
                "  next: set contract.document to where it is, a path on the API, a file or a URL"
            ),
        )
    return found


def _new(state: State) -> int:
    return sum(not sighting.known for sighting in state.watch.findings) if state.watch else 0


def _watch_failures(state: State) -> None:
    """Has each request by which the API fails noted, whether or not the document speaks of that."""
    watch = state.watch
    if watch is None:
        return

    def failed(exchange: Exchange) -> str:
        from tidegate.contract.explore import failure_of

        operation = watch.observe(exchange)
        if finding := failure_of(replace(exchange, operation=operation)):
            watch.note(finding, exchange)
        return operation

    state.observers[state.observers.index(watch.observe)] = failed
