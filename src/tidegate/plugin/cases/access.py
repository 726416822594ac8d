"""Who may do what, inside pytest: which items there are, and the fixture that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tidegate.errors import TidegateError, UsageError
from tidegate.plugin.state import STATE

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.access import Item, Place, Table
    from tidegate.contract.document import Document
    from tidegate.plugin.cases.trials import Trials
    from tidegate.session.ledger import Ledger
    from tidegate.session.login import Login, Sessions
    from tidegate.session.making import Maker
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings

LIVE = "every operation of the live document"
STARTER = """\
# Who may do what: a row for each operation, a cell for each role. allow; deny; own: what is one's own, nothing else.
[access]
"""


def items(path: Path, config: pytest.Config) -> list[Any]:
    """An item for each cell, and one that fails for each that is missing; a single one when there is no table."""
    from tidegate.contract.access import items, session_items
    from tidegate.plugin.cases.document import document_of, settings_of

    try:
        document, settings = document_of(config), settings_of(config)
        table = table_at(path, settings, document)
        places = places_of(document, settings)
    except TidegateError as error:
        return [pytest.param(str(error), id="cannot be read")]
    found = items(table, document.operations, places)
    known = {operation.name: operation for operation in document.operations}
    found += [(item.id, item) for item in session_items(table, known, places)]
    if settings.contract.document and settings.contract.mode != "off":
        found.append((LIVE, LIVE))
    return [pytest.param(item, id=name) for name, item in found]


def table_at(path: Path, settings: Settings, document: Document) -> Table:
    """The table in this file; raises SettingsError, or UsageError with one to start from when there is no file."""
    from tidegate.contract.access import Role, Table, line_for, read_table

    name = str(path.relative_to(settings.root)) if path.is_relative_to(settings.root) else str(path)
    if path.is_file():
        return read_table(path.read_text(encoding="utf-8"), name, settings.resources, settings.identities)
    empty = Table(name, {role: Role(role) for role in ("anonymous", *settings.identities, "admin")}, {})
    rows = "\n".join(line_for(empty, operation) for operation in document.operations)
    raise UsageError(
        f"There is no table of who may do what.\n  seen: no file {name}\n"
        f"  next: write it from this, and decide each cell:\n{STARTER}{rows}"
    )


def places_of(document: Document, settings: Settings) -> dict[str, Place]:
    """What each operation of the document is about."""
    from tidegate.contract.access import place_of
    from tidegate.plugin.cases.document import placing

    below = placing(document, settings.base_url, settings.resources)
    return {
        operation.name: place_of(operation.method, below(operation.path), settings.resources)
        for operation in document.operations
    }


@pytest.fixture(scope="session")
def _access(
    settings: Settings,
    resources: tuple[Resource, ...],
    admin: httpx.Client,
    unique: Unique,
    ledger: Ledger,
    login: Login,
    _sessions: Sessions,
    _open_as: Callable[..., httpx.Client],
    as_identity: Callable[[str], httpx.Client],
    pytestconfig: pytest.Config,
) -> Iterator[Callable[[Path], Trials]]:
    """`_access(path)` gives what runs the cases of that table."""
    from tidegate.plugin.cases.accounts import Accounts
    from tidegate.plugin.cases.aims import Aims
    from tidegate.plugin.cases.document import document_of, placing
    from tidegate.plugin.cases.records import with_body
    from tidegate.plugin.cases.trials import Trials
    from tidegate.plugin.contract.judging import judging
    from tidegate.session.making import Collections, Maker

    document, learn = document_of(pytestconfig), pytestconfig.stash[STATE].learn
    place = placing(document, settings.base_url, settings.resources)
    collections = Collections(admin, [with_body(each, document.operations, place, settings) for each in resources])
    documented = frozenset(operation.name for operation in document.operations)

    def new_maker() -> Maker:
        return Maker(collections, unique, ledger, settings.admin_email)

    def trials_of(path: Path) -> Trials:
        if path not in known:
            table, maker = table_at(path, settings, document), made.enter_context(new_maker())
            accounts = Accounts(table.name, settings, maker, unique, _sessions, login, _open_as, as_identity, learn)
            aims = Aims(table, settings, collections, unique)
            known[path] = Trials(table, accounts, aims, documented, new_maker)
        return known[path]

    known: dict[Path, Trials] = {}
    with ExitStack() as made:
        yield trials_of
        with judging(False):
            made.close()


def run(case: Any, path: Path, request: pytest.FixtureRequest) -> None:
    """Tries one case, and fails the test that runs when the API does something else than the table says."""
    __tracebackhide__ = True
    if case == LIVE:
        problem = _unlisted(path, request.config)
    elif isinstance(case, str):
        problem = case
    else:
        problem = _tried(case, request.getfixturevalue("_access")(path))
    if problem:
        from tidegate.redact import mask

        pytest.fail(mask(problem, request.config.stash[STATE].secrets), pytrace=False)


def _tried(case: Item, trials: Trials) -> str:
    from tidegate.session.http import httpx

    try:
        return trials.run(case)
    except TidegateError as error:
        return str(error)
    except httpx.HTTPStatusError as error:  # of what the admin makes for the case
        return "\n  ".join((f"what {case.id} is tried on could not be had\n  seen: {error}", *_notes(error)))


def _notes(error: Exception) -> list[str]:
    return list(getattr(error, "__notes__", ()))


def _unlisted(path: Path, config: pytest.Config) -> str:
    """What the live document has, and the table does not."""
    from tidegate.contract.access import missing_rows
    from tidegate.plugin.cases.document import document_of, settings_of

    watch = config.stash[STATE].watch
    if watch is None or watch.held.document is None:
        pytest.skip("the API showed no document in this run")
    table = table_at(path, settings_of(config), document_of(config))
    return missing_rows(table, [each for each in watch.held.document.operations if each.name not in table.rows])
