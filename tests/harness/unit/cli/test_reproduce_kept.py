"""What is said of a stack that stays can be typed, and takes all of it away."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tidegate.cli.reproduce import kept
from tidegate.stack.commands import Finished

DOWN = "docker compose -p again down --volumes --remove-orphans"


@pytest.mark.parametrize(
    ("images", "command"),
    [("again-db:there\nagain-api:there\n", f"{DOWN} && docker image rm again-api:there again-db:there"), ("", DOWN)],
)
def test_the_way_to_take_it_away_names_the_images_of_that_project(
    images: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def run(words: list[str], **_options: object) -> Finished:
        asked.extend(words)
        return subprocess.CompletedProcess(words, 0, images, "")

    monkeypatch.setattr(kept, "run", run)
    assert kept.kept("again", "", None, []) == ["API       gone", f"away      {command}"]
    assert asked[-1] == "reference=again-*"


def test_where_nothing_was_red_nothing_is_said_to_have_stopped(tmp_path: Path) -> None:
    assert len(kept.not_stopped(tmp_path / "red")) == 1
    (tmp_path / "red").touch()
    assert kept.not_stopped(tmp_path / "red") == []
