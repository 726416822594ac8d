"""Facts of the API under test: an adopter changes these, and the tests stay as they are."""

import httpx
import pytest
from _pytest.terminal import TerminalReporter

from tests.promises import Promises, held, not_held
from tidegate.settings import Settings

collect_ignore = ["harness"]  # tidegate's own tests; they have their own pytest.ini
pytest_plugins = ["tests.records"]

TITLE = "Shop"  # the API that promises all of the below, by the title of its OpenAPI document
PROMISES = {  # what the pattern leaves open; the text is what a test says that skips on an API without it
    "orders": "it has no orders",
    "total": "it does not say how many records match",
    "email_prefix": "it does not filter by email_prefix",
    "offset": "it does not page by offset",
    "strict": "it takes values that the pattern says nothing about",
    "unique": "it takes the same e-mail twice",
    "messages": "it says why only where the pattern asks for it",
    "quiet": "its refusals say more than they should",
    "location": "it sends no Location",
    "www_authenticate": "it sends no WWW-Authenticate",
    "created_at": "it does not say when a record was made",
    "roles": "it has no roles",
    "customers": "it has no accounts that see their own records alone",
    "passwords": "the users that it creates cannot log in",
    "token_details": "it does not say how long a token lasts",
    "jwt": "only it can make its tokens",
    "contract": "its document is not the one in contract/",
}


@pytest.fixture(scope="session")
def promises(client: httpx.Client, settings: Settings) -> Promises:
    """What the API under test is held to: all of the above, unless it is another API or API_PROMISES says less."""
    return Promises(PROMISES, held(PROMISES, TITLE, client, settings))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Says what the API is not held to, since skipped tests notice nothing."""
    if line := not_held(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line)
