"""The pytest plugin. It is loaded by every pytest run on the machine, so it imports nothing that is not needed then."""

from tidegate.plugin.cases.access import _access
from tidegate.plugin.cases.negative import _negatives, expired_token, pytest_generate_tests
from tidegate.plugin.fixtures import (
    _contract,
    _guard,
    _transport,
    base_url,
    client,
    gate,
    ledger,
    resources,
    settings,
    stack,
    unique,
)
from tidegate.plugin.guarding import (
    pytest_collection_modifyitems,
)
from tidegate.plugin.hooks import (
    pytest_cmdline_main,
    pytest_configure,
    pytest_configure_node,
    pytest_deselected,
    pytest_runtest_call,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    pytest_runtest_teardown,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from tidegate.plugin.logins import _open_as, _sessions, admin, admin_token, as_identity, auth_headers, login
from tidegate.plugin.making import collection, make
from tidegate.plugin.options import pytest_addoption

__all__ = [
    "_access",
    "_contract",
    "_guard",
    "_negatives",
    "_open_as",
    "_sessions",
    "_transport",
    "admin",
    "admin_token",
    "as_identity",
    "auth_headers",
    "base_url",
    "client",
    "collection",
    "expired_token",
    "gate",
    "ledger",
    "login",
    "make",
    "pytest_addoption",
    "pytest_cmdline_main",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_deselected",
    "pytest_generate_tests",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
    "pytest_testnodedown",
    "resources",
    "settings",
    "stack",
    "unique",
]
