"""`tidegate init`: what it says, what it writes, and what it never does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from projects import Answer, Bent, Call

from tidegate.adopt import write as writing
from tidegate.adopt.planned import Planned
from tidegate.cli import main
from tidegate.settings import load

SAMPLES = Path(__file__).resolve().parents[2] / "stack" / "samples"
SCHEMA = {"properties": {"name": {"type": "string"}}}
TRANSCRIPT = """\
found      no compose file and no Dockerfile: a placeholder API stands in
found      openapi.yaml describes 12 operations
What starts the API: placeholder
Port that it listens on, inside its container: 8000
Path that says it is well: /healthz
Path of the login (or basic, token, none): /sessions
Resources that tests make (names or paths): authors, books

new        pyproject.toml
new        .env.test
new        pytest.ini
new        tests/conftest.py
new        tests/test_health.py
new        tests/test_login.py
new        tests/test_authors.py
new        tests/test_books.py
new        compose.yaml
new        docker/stack.yaml
new        docker/tests/Dockerfile
new        docker/tests/requirements.lock
new        docker/tests/entrypoint
new        docker/tests/without-capabilities
new        docker/tests/tidegate-0.1.0-py3-none-any.whl
new        artifacts/.gitignore
new        contract/contract-baseline.toml
new        scripts/test
new        scripts/stack-compose
new        scripts/evidence
new        .github/workflows/tests.yml
new        docker/api/Dockerfile
new        docker/api/api.py
new        docker/api/api.json

next:
  scripts/test                    runs the suite against the placeholder, and leaves a report in artifacts
  docker compose run --rm tests   the same without a report of the services; its stack stays up
  tidegate doctor                 checks each setting against the running API, and says what to change
  docker compose down             ends what the run has started
  replace docker/api with your API, or set API_CONTEXT in .env.test to the folder of its Dockerfile
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample(name: str, root: Path) -> None:
    shutil.copytree(SAMPLES / name, root, dirs_exist_ok=True)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Terminal:
    """Somebody who answers, the default where nothing is left to say; what was asked is kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self.answers = list(answers)
        monkeypatch.setattr("builtins.input", self.type)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    def type(self, prompt: str) -> str:
        self.asked.append(prompt)
        return self.answers.pop(0) if self.answers else ""


def test_this_is_what_it_says_to_somebody_with_a_document(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample("openapi", root)
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr() == (TRANSCRIPT, "")


@pytest.mark.parametrize("name", ["openapi", "express", "django", None])
def test_again_it_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str], name: str | None) -> None:
    if name:
        sample(name, root)
    main(["init", "--yes"])
    before = contents(root)
    capsys.readouterr()
    assert main(["init", "--yes"]) == 0
    lines = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert {line.split()[0] for line in lines} == {"unchanged"}
    assert contents(root) == before


@pytest.mark.parametrize("name", ["openapi", "express", "django", None])
def test_what_it_writes_are_settings_that_load(root: Path, name: str | None) -> None:
    if name:
        sample(name, root)
    before = contents(root)
    main(["init", "--yes"])
    settings = load(root, env={})
    assert settings.resources
    assert all(resource.body for resource in settings.resources)
    assert settings.admin_email
    assert settings.admin_password
    assert before.items() <= contents(root).items()
    assert os.access(root / "docker/tests/entrypoint", os.X_OK)
    assert os.access(root / "scripts/test", os.X_OK)


def test_a_file_of_somebody_else_is_shown_and_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".github/workflows").mkdir(parents=True)
    (root / ".github/workflows/tests.yml").write_text("name: mine\n")
    main(["init", "--yes"])
    said = capsys.readouterr().out
    assert "differs    .github/workflows/tests.yml\n    --- there\n    +++ new\n" in said
    assert "\n    -name: mine\n" in said
    assert "kept       1 of your files as they are" in said
    assert (root / ".github/workflows/tests.yml").read_text() == "name: mine\n"


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


def test_what_pyproject_says_already_stays_true(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """.env.test wins over pyproject.toml, so that another value there would undo it."""
    (root / "pyproject.toml").write_text(
        '[tool.tidegate]\nadmin_email = "boss@myapi.test"\nbase_url = "http://localhost:9000/v1"\n'
    )
    assert main(["init", "--yes"]) == 0
    settings = load(root, env={})
    assert (settings.admin_email, settings.base_url) == ("boss@myapi.test", "http://localhost:9000/v1")
    assert "API_ADMIN_EMAIL=boss@myapi.test\n" in (root / ".env.test").read_text()


def test_without_a_terminal_it_says_how_to_go_on(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 64
    assert "next: tidegate init --yes" in capsys.readouterr().err


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


def test_a_resource_that_is_added_gets_its_tests_at_the_next_run(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", "--yes"])
    with (root / "pyproject.toml").open("a") as project:
        project.write('[tool.tidegate.resources.pens]\nbody = { name = "{name}" }\n')
    capsys.readouterr()
    assert main(["init", "--yes"]) == 0
    lines = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert [line for line in lines if line.startswith(("new", "extends", "written"))] == [
        "new        tests/test_pens.py"
    ]
    assert 'NAME = "pens"' in (root / "tests/test_pens.py").read_text()


def test_a_running_api_is_only_read(root: Path, stub: Bent, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own document is believed; nothing is written to it."""
    methods = set()

    def noted(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        methods.add(call.method)
        return usual(call)

    stub.bend = noted
    assert main(["init", "--yes", "--api-url", f"{stub.url}/"]) == 0
    said = capsys.readouterr().out
    assert "What starts the API: running" in said
    assert "placeholder" not in said
    assert f"URL of the API: {stub.url}" in said
    assert "  pytest            runs the suite against the API that runs" in said
    assert methods == {"GET"}
    assert load(root, env={}).base_url == stub.url
    assert not (root / "compose.yaml").exists()


@pytest.mark.parametrize(("status", "found"), [(405, "/sessions"), (404, "/auth/login"), (401, "/auth/login")])
def test_a_login_is_a_usual_path_that_is_not_for_reading(root: Path, stub: Bent, status: int, found: str) -> None:
    def bent(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        if call.path == "/sessions":
            return Answer(status)
        return Answer(404) if "log" in call.path or "token" in call.path else usual(call)

    stub.bend = bent
    assert main(["init", "--yes", "--api-url", stub.url]) == 0
    assert load(root, env={}).login.path == found


def test_a_document_of_a_running_api_is_used(root: Path, stub: Bent) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/pens": {"post": {"requestBody": {"content": {"application/json": {"schema": SCHEMA}}}}},
            "/pens/{id}": {"delete": {}},
        },
    }  # fmt: skip
    stub.answers("GET", "/openapi.json", Answer(200, document))
    assert main(["init", "--yes", "--api-url", stub.url]) == 0
    settings = load(root, env={})
    assert [(resource.name, resource.body) for resource in settings.resources] == [("pens", {"name": "{name}"})]
    assert settings.login.kind == "none"


def test_a_url_of_another_form_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--api-url", "localhost:8000"]) == 64
    assert "--api-url is 'localhost:8000': expected http:// or https://" in capsys.readouterr().err
    assert contents(root) == {}


def test_where_nothing_answers_nothing_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--api-url", "http://127.0.0.1:9"]) == 69
    assert "nothing answers at http://127.0.0.1:9" in capsys.readouterr().err
    assert contents(root) == {}
