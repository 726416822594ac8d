"""The fixtures for records by the name of their resource: suites that know settings, and no paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from tidegate.session.ledger import Ledger
    from tidegate.session.making import Collections, Maker
    from tidegate.session.run import Unique
    from tidegate.settings import Resource, Settings


@pytest.fixture(scope="session")
def collection(admin: httpx.Client, resources: tuple[Resource, ...]) -> Collections:
    """`collection("things")` gives `create`, `read`, `find`, `update`, `delete` and `list` of the things, as the admin.

    `.using(client)` is the same for somebody else; `.send("create", body=…)` gives the bare answer.
    """
    from tidegate.session.making import Collections

    return Collections(admin, resources)


@pytest.fixture
def make(collection: Collections, unique: Unique, ledger: Ledger, settings: Settings) -> Iterator[Maker]:
    """`make("things", size=7)` makes a record from the resource's `body`, and its parent; they go after the test."""
    from tidegate.session.making import Maker

    with Maker(collection, unique, ledger, settings.admin_email) as maker:
        yield maker
