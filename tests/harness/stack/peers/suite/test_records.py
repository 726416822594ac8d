"""Whatever the API is: records are made, read, listed, changed and deleted, and nobody makes one without a login."""

from __future__ import annotations

import httpx
import pytest

from tidegate.session.examples import Example, Examples
from tidegate.session.run import Unique
from tidegate.settings import Settings

LEFT = 12  # more than two pages


@pytest.fixture(scope="session")
def every(admin: httpx.Client, settings: Settings, unique: Unique) -> list[Example]:
    """Ways to make records of each declared resource."""
    examples = Examples(admin, settings, unique)
    return [examples(resource.name) for resource in settings.resources]


def test_what_a_test_leaves_is_removed_at_the_end(every: list[Example]) -> None:
    for things in every:
        for _ in range(LEFT):
            things.make()


def test_a_record_is_made_read_listed_changed_and_deleted(every: list[Example], settings: Settings) -> None:
    for things in every:
        made, change = things.make(), things.change()
        assert made.id in {record.id for record in things.records.list(prefix=settings.prefix)}
        before = things.records.read(made.id).body
        things.records.update(made.id, change)
        assert things.records.read(made.id).body != before
        things.records.delete(made.id)
        assert things.records.find(made.id) is None


def test_nobody_makes_one_without_a_login(every: list[Example], client: httpx.Client) -> None:
    for things in every:
        refused = things.records.using(client).send("create", things.new_id(), things.body())
        assert refused.status_code in (401, 403), refused.text


def test_an_unknown_one_is_not_found(every: list[Example]) -> None:
    for things in every:
        assert things.records.find("00000000-0000-4000-8000-000000000000") is None
