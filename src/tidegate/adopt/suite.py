"""The first suite: a file for health, one for the login, and one for each resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword

from tidegate.adopt.answers import Answers
from tidegate.adopt.ours import ours
from tidegate.adopt.stackfile import swap

# Fixtures, of which one of the same name would take the place, and the words of the tests themselves.
TAKEN = {
    *("admin", "admin_token", "as_identity", "auth_headers", "base_url", "client", "gate", "ledger", "login"),
    *("resources", "settings", "stack", "unique", "request", "config", "cache", "pytestconfig", "monkeypatch"),
    *(
        "collection",
        "make",
        "expired_token",
        "action",
        "answer",
        "below",
        "change",
        "changed",
        "field",
        "found",
        "made",
        "marker",
    ),
    *("parent", "pytest", "sent", "unknown"),
}


def suite_files(answers: Answers) -> Iterator[tuple[str, str]]:
    """Path and content of each."""
    folder = answers.suite
    yield f"{folder}/conftest.py", ours("starter/tests/conftest.py")
    yield f"{folder}/test_health.py", ours("starter/tests/test_health.py")
    if answers.login.get("kind") != "none":
        yield f"{folder}/test_login.py", ours("starter/tests/test_login.py")
    for name in answers.resources:
        yield f"{folder}/test_{name}.py", named(name)


def named(name: str) -> str:
    """The tests of one resource, which speak of it by its name."""
    word = spoken(name)
    return swap(
        ours("starter/tests/test_records.py"),
        ("Things:", f"{name.replace('_', ' ').replace('-', ' ').capitalize()}:"),
        ("things", word),
        (f'NAME = "{word}"', f'NAME = "{name}"'),
    )


def spoken(name: str) -> str:
    """A name for the fixture of a resource: its own, unless that is none in Python or somebody else's."""
    word = re.sub(r"\W", "_", name)
    return word if word.isidentifier() and not iskeyword(word) and word not in TAKEN else f"the_{word}"
