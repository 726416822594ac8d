"""The first suite: a file for health, one for the login, and one for each resource."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.adopt.answers import Answers
from tidegate.adopt.ours import ours
from tidegate.adopt.stackfile import swap


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
    word = name.replace("-", "_")
    return swap(
        ours("starter/tests/test_records.py"),
        ("Things:", f"{word.replace('_', ' ').capitalize()}:"),
        ("things", word),
        (f'NAME = "{word}"', f'NAME = "{name}"'),
    )
