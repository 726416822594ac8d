"""Which of a stack's containers is the database, also under another name of its image."""

from __future__ import annotations

from typing import Any

import pytest

from tidegate.stack.containers import SERVICE
from tidegate.stack.snapshot import DUMP, database_in, labels


def inspected(image: str, told: dict[str, str]) -> dict[str, Any]:
    """A container as `docker inspect` has it."""
    return {"Id": "1", "Config": {"Image": image, "Labels": {SERVICE: "db", **told}}}


@pytest.mark.parametrize("image", ["postgres:17", "mirror.example.com/library/postgres@sha256:ab", "postgres"])
def test_a_database_is_still_found_when_its_image_has_another_name(image: str) -> None:
    known = database_in([inspected(image, {})])
    again = database_in([inspected("tidegate-again-7-db:there", labels({"image": image}))])
    assert known is not None
    assert known == again


@pytest.mark.parametrize("service", [{"image": "redis:8"}, {"image": "postgres:17", "labels": {DUMP: ""}}, {}])
def test_what_is_no_database_or_says_itself_what_it_is_gets_no_label(service: dict[str, Any]) -> None:
    assert labels(service) == {}
