"""The suite against your API. Any fixture of tidegate can be replaced here by one of the same name."""

import pytest

from tidegate.session.examples import Examples


@pytest.fixture(scope="session")
def examples(admin, settings, unique):
    """`examples("name")`: records of a declared resource, made from its `body` in pyproject.toml."""
    return Examples(admin, settings, unique)
