"""Files that are there already: shown, added to or left as they are, and none of them half written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from unit.adopt.init.repositories import contents, sample

from tidegate.adopt import write as writing
from tidegate.adopt.planned import Planned
from tidegate.cli import main
from tidegate.settings import load


def test_a_file_of_somebody_else_is_shown_and_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".github/workflows").mkdir(parents=True)
    (root / ".github/workflows/tests.yml").write_text("name: mine\n")
    main(["init", "--yes"])
    said = capsys.readouterr().out
    assert "differs    .github/workflows/tests.yml\n    --- there\n    +++ new\n" in said
    assert "\n    -name: mine\n" in said
    assert "kept       1 of your files as they are" in said
    assert (root / ".github/workflows/tests.yml").read_text() == "name: mine\n"


def test_an_existing_env_file_and_project_are_only_added_to(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".env.test").write_text("NODE_ENV=test\nMAIL_SECRET=sesame\nAPI_ADMIN_EMAIL=me@example.com")
    (root / "pyproject.toml").write_text('[project] # mine\nname = "x"\n')
    assert main(["init", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "extends    .env.test\n" in said
    assert "    +API_ADMIN_PASSWORD=***\n" in said
    assert "    +API_PORT=8000\n" in said
    assert "sesame" not in said
    before = "NODE_ENV=test\nMAIL_SECRET=sesame\nAPI_ADMIN_EMAIL=me@example.com\n"
    assert (root / ".env.test").read_text().startswith(f"{before}API_BASE_URL=")
    assert (root / "pyproject.toml").read_text().startswith('[project] # mine\nname = "x"\n\n[tool.tidegate.')
    assert load(root, env={}).admin_email == "me@example.com"


def test_their_own_override_stays_and_the_command_names_ours(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample("express", root)
    (root / "docker-compose.override.yml").write_text("services: {}\n")
    assert main(["init", "--yes"]) == 0
    run = "docker compose -f compose.tests.yaml run --rm tests"
    assert f"  {run}   the same" in capsys.readouterr().out
    assert (root / "docker-compose.override.yml").read_text() == "services: {}\n"
    assert load(root, env={}).stack.compose_file == "compose.tests.yaml"
    assert run in (root / "compose.tests.yaml").read_text()
    assert not (root / "compose.override.yaml").exists()


STORE = "services:\n  db: {image: postgres:17}\n"


@pytest.mark.parametrize("name", ["compose.yaml", "docker-compose.yml"])
def test_a_compose_file_without_the_api_is_neither_changed_nor_stood_in_for(
    root: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A compose.yaml beside their docker-compose.yml would be taken instead of it; a project is shared by its name."""
    (root / name).write_text(STORE)
    assert main(["init", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "  docker compose -f compose.tests.yaml run --rm tests   the same" in said
    assert "  docker compose -f compose.tests.yaml down " in said
    assert (root / name).read_text() == STORE
    assert sorted(path.name for path in root.glob("*compose*")) == sorted([name, "compose.tests.yaml"])
    ours = (root / "compose.tests.yaml").read_text()
    assert "\nname: test_a_compose_file" in ours
    assert "override" not in ours
    assert load(root, env={}).stack.compose_file == "compose.tests.yaml"
    before = contents(root)
    main(["init", "--yes"])
    assert contents(root) == before


def test_tests_of_their_own_are_left_alone(root: Path) -> None:
    (root / "tests").mkdir()
    (root / "tests/test_unit.py").write_text("def test_it(): pass\n")
    (root / "pytest.ini").write_text("[pytest]\naddopts = -x\n")
    assert main(["init", "--yes"]) == 0
    assert [path.name for path in (root / "tests").iterdir()] == ["test_unit.py"]
    assert (root / "pytest.ini").read_text() == "[pytest]\naddopts = -x\n"
    assert "testpaths = .\n" in (root / "api-tests/pytest.ini").read_text()
    stack = (root / "docker/stack.yaml").read_text()
    assert "source: ./api-tests, target: /suite/tests" in stack
    assert "source: ./api-tests/pytest.ini, target: /suite/pytest.ini" in stack


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ctrl-C while the fifth file is put in its place; the files that were finished before."""
    done: list[str] = []
    replace = os.replace

    def stopped(source: Any, target: Any) -> None:
        if len(done) == 4:
            raise KeyboardInterrupt
        replace(source, target)
        done.append(str(target))

    monkeypatch.setattr(os, "replace", stopped)
    return done


def test_ctrl_c_leaves_no_half_file(
    root: Path, interrupted: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["init", "--yes"]) == 130
    assert sorted(str(root / name) for name in contents(root)) == sorted(interrupted)
    assert "tidegate: interrupted" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(root)
    assert main(["init", "--yes"]) == 0
    assert "kept" not in capsys.readouterr().out


def test_what_a_killed_run_left_is_in_nobodys_way(root: Path) -> None:
    (root / ".pytest.ini.part").write_text("half")
    assert main(["init", "--yes"]) == 0
    assert not (root / ".pytest.ini.part").exists()


def test_a_folder_in_the_way_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "pytest.ini").mkdir()
    assert main(["init", "--yes"]) == 64
    assert f"{root / 'pytest.ini'} cannot be read: Is a directory" in capsys.readouterr().err


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(root: Path) -> None:
    (root / "real").write_text("old")
    (root / "real").chmod(0o640)
    (root / "link").symlink_to("real")
    writing.write(root, Planned("link", b"new"))
    assert (root / "link").is_symlink()
    assert (root / "real").read_text() == "new"
    assert (root / "real").stat().st_mode & 0o777 == 0o640
