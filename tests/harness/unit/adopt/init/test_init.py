"""`tidegate init --yes`: what it says, what it writes, and what it does at the next run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from unit.adopt.init.repositories import contents, sample

from tidegate.cli import main
from tidegate.settings import load

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


def test_what_pyproject_says_already_stays_true(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """.env.test wins over pyproject.toml, so that another value there would undo it."""
    (root / "pyproject.toml").write_text(
        '[tool.tidegate]\nadmin_email = "boss@myapi.test"\nbase_url = "http://localhost:9000/v1"\n'
    )
    assert main(["init", "--yes"]) == 0
    settings = load(root, env={})
    assert (settings.admin_email, settings.base_url) == ("boss@myapi.test", "http://localhost:9000/v1")
    assert "API_ADMIN_EMAIL=boss@myapi.test\n" in (root / ".env.test").read_text()


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
