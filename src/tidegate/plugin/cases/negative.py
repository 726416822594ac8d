"""Negative cases inside pytest: which items there are, and the fixture that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tidegate.errors import TidegateError, UsageError
from tidegate.plugin.state import STATE

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.cases import Case
    from tidegate.contract.model import Operation
    from tidegate.plugin.cases.runs import Negatives
    from tidegate.session.ledger import Ledger
    from tidegate.session.login import Sessions
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings


class Choice(NamedTuple):
    """Which cases a suite wants, and what it says about them."""

    only: tuple[str, ...] = ()
    skip: Mapping[str, str] = {}
    resources: Mapping[str, str] = {}
    error: str = ""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes the items of a test that one of `tidegate.cases` has made."""
    if made := getattr(metafunc.function, "tidegate_items", None):
        metafunc.parametrize("case", made(metafunc.config))


def items(choice: Choice, config: pytest.Config) -> list[Any]:
    """An item for each case; a single one that fails when there can be none."""
    from tidegate.contract.cases import negative_cases
    from tidegate.plugin.cases.document import document_of, placing, settings_of

    try:
        document, settings = document_of(config), settings_of(config)
        place = placing(document, settings.base_url, settings.resources)
        cases = negative_cases(document, lambda operation: _makes(operation, place, settings))
        chosen = [case for case in cases if not choice.only or _named(case.name, choice.only)]
        _check_patterns(choice, [case.name for case in cases])
    except TidegateError as error:
        return [pytest.param(error, id="cannot be made")]
    return [pytest.param(case, id=case.name, marks=_marks(case, choice)) for case in chosen]


def run(case: Case | TidegateError, choice: Choice, request: pytest.FixtureRequest) -> None:
    """Runs an item; one that could not be made says why, and asks nobody."""
    if isinstance(case, TidegateError):
        pytest.fail(str(case), pytrace=False)
    negatives: Negatives = request.getfixturevalue("_negatives")
    negatives.run(case, choice, lambda: request.getfixturevalue("expired_token"))


def _makes(operation: Operation, place: Callable[[str], str], settings: Settings) -> bool:
    from tidegate.contract.cases.paths import is_of

    return any(is_of("PUT", place(operation.path), each, "create") for each in settings.resources)


def _named(name: str, patterns: Any) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _check_patterns(choice: Choice, names: list[str]) -> None:
    """A pattern that nothing fits says nothing any more, and would hide that."""
    for pattern in (*choice.only, *choice.skip):
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(
                f"The pattern {pattern!r} fits no negative case.\n"
                f"  seen: {len(names)} cases, such as {names[0] if names else 'none'!r}\n"
                "  next: take the pattern out, or write it like the name of a case; * stands for any text"
            )


def _marks(case: Case, choice: Choice) -> list[pytest.MarkDecorator]:
    reasons = [reason for pattern, reason in choice.skip.items() if fnmatchcase(case.name, pattern)]
    return [pytest.mark.skip(reason=reason) for reason in reasons[:1]]


@pytest.fixture(scope="session")
def expired_token() -> str | None:
    """A token of the admin that has expired; a suite that can make one defines a fixture of this name."""
    return None


@pytest.fixture(scope="session")
def _negatives(
    request: pytest.FixtureRequest,
    client: httpx.Client,
    admin: httpx.Client,
    base_url: str,
    settings: Settings,
    resources: tuple[Resource, ...],
    unique: Unique,
    ledger: Ledger,
    auth_headers: dict[str, str],
    _sessions: Sessions,
) -> Iterator[Negatives]:
    from tidegate.plugin.cases.document import document_of, placing
    from tidegate.plugin.cases.records import Pool
    from tidegate.plugin.cases.requests import Requests
    from tidegate.plugin.cases.runs import Negatives

    state = request.config.stash[STATE]
    document = document_of(request.config)
    place = placing(document, base_url, resources)
    with Pool(document.operations, place, settings, resources, admin, unique, ledger) as pool:
        requests = Requests(client, admin, pool, _sessions, _sessions.behind(auth_headers))
        yield Negatives(document, pool, requests, state)
