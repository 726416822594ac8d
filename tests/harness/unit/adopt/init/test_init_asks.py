"""`tidegate init` at a terminal: what it asks, and what it makes of the answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.adopt.init.repositories import Terminal, sample

from tidegate.cli import main
from tidegate.settings import load


@pytest.mark.parametrize(("answer", "kept"), [("", True), ("n", True), ("y", False), ("YES", False)])
def test_only_a_yes_overwrites(root: Path, monkeypatch: pytest.MonkeyPatch, answer: str, kept: bool) -> None:
    main(["init", "--yes"])
    (root / "tests/test_health.py").write_text("# mine\n")
    terminal = Terminal(monkeypatch, "", "", "", "", "", answer)
    assert main(["init"]) == 0
    assert terminal.asked[5:] == ["Overwrite tests/test_health.py? [y/N] "]
    assert ((root / "tests/test_health.py").read_text() == "# mine\n") is kept


def test_it_asks_five_questions_and_takes_the_answers(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample("express", root)
    terminal = Terminal(monkeypatch, "placeholder", "9000", "/up", "basic", "notes, tags")
    assert main(["init"]) == 0
    assert len(terminal.asked) == 5
    assert terminal.asked[1:4] == [
        "Port that it listens on, inside its container [3000]: ",
        "Path that says it is well [/api/healthz]: ",
        "Path of the login (or basic, token, none) [/api/login]: ",
    ]
    settings = load(root, env={})
    assert (settings.stack.port, settings.health.path, settings.login.kind) == (9000, "/up", "basic")
    assert {resource.name: resource.path for resource in settings.resources} == {"notes": "/api/notes", "tags": "/tags"}
    assert (root / "docker/api/api.py").is_file()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["docker"], "'docker' is no way to start the API here: expected one of placeholder"),
        (["", "0"], "'0' is no port: expected a number from 1 to 65535"),
        (["running", "localhost"], "expected http:// or https://"),
        (["", "", "health"], "'health' is no path"),
        (["", "", "", "login"], "'login' is no path"),
        (["", "", "", "", "a b"], "'a b' is no name and no path of a resource"),
        (["", "", "", "", "/notes/{id}"], "'/notes/{id}' is no name and no path of a resource"),
    ],
)
def test_an_answer_that_makes_no_sense_is_named_and_that_question_asked_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answers: list[str], said: str
) -> None:
    terminal = Terminal(monkeypatch, *answers)
    assert main(["init"]) == 0
    assert said in capsys.readouterr().out
    assert terminal.asked[len(answers)] == terminal.asked[len(answers) - 1]
    assert len(terminal.asked) == 6


def test_a_resource_may_be_answered_as_a_path(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Terminal(monkeypatch, "", "", "", "", "/api/v2/members/, tags, /pens")
    assert main(["init"]) == 0
    found = {resource.name: resource.path for resource in load(root, env={}).resources}
    assert found == {"members": "/api/v2/members/", "tags": "/tags", "pens": "/pens"}
    assert 'NAME = "members"' in (root / "tests/test_members.py").read_text()


def test_without_a_terminal_it_says_how_to_go_on(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 64
    assert "next: tidegate init --yes" in capsys.readouterr().err
