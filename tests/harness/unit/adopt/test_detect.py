"""What init finds in a repository."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tidegate.adopt.answers import COMPOSE, DOCKERFILE, PLACEHOLDER
from tidegate.adopt.detect import THINGS, detect, document
from tidegate.adopt.frameworks import framework
from tidegate.adopt.services import compose_service

SAMPLES = Path(__file__).resolve().parents[2] / "stack" / "samples"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def sample(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(SAMPLES / name, folder / name))


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_an_empty_repository_gets_a_placeholder_with_one_resource(root: Path) -> None:
    found = detect(root)
    assert (found.start, found.context, found.port, found.resources) == (PLACEHOLDER, "docker/api", 8000, THINGS)
    assert (found.health, found.login, found.admin, found.suite) == ({}, {}, None, "tests")


def test_express_with_compose_is_read_from_its_compose_file_and_its_routes(tmp_path: Path) -> None:
    found = detect(sample("express", tmp_path))
    assert (found.start, found.compose_file, found.service, found.port) == (COMPOSE, "compose.yml", "backend", 3000)
    assert (found.health, found.login) == ({"path": "/api/healthz"}, {"path": "/api/login"})
    assert found.admin == ("root@notes.example.com", "correct-horse-battery")
    assert found.resources == {
        "notes": {
            "path": "/api/notes",
            "update": "PUT",
            "marker": "title",
            "filter": "*",
            "body": {"title": "{name}", "text": "{name}"},
            "change": {"text": "{name}"},
        }
    }


def test_django_with_a_dockerfile_is_read_from_its_routes_and_models(tmp_path: Path) -> None:
    found = detect(sample("django", tmp_path))
    assert (found.start, found.context, found.port, found.database) == (DOCKERFILE, ".", 8000, False)
    assert found.suite == "api-tests"  # its tests folder holds tests of another kind
    assert (found.health, found.login) == ({"path": "/health/"}, {"path": "/login/"})
    assert found.admin == ("admin@tasks.example.com", "correct-horse-battery")
    assert found.resources["tasks"]["path"] == "/tasks/"
    assert found.resources["tasks"]["body"] == {"title": "{name}", "effort": 1}


def test_an_openapi_document_alone_says_all_but_how_to_start(tmp_path: Path) -> None:
    found = detect(sample("openapi", tmp_path))
    assert (found.start, found.base_path, found.health) == (PLACEHOLDER, "/v1", {"path": "/healthz"})
    assert found.login == {
        "path": "/sessions",
        "body": {"username": "{email}", "password": "{password}"},
        "token": "data.token",
    }
    assert list(found.resources) == ["authors", "books"]
    assert found.resources["authors"]["filter"] == "q={prefix}"
    assert found.resources["books"] == {
        "update": "PUT",
        "marker": "title",
        "filter": "author_id={parent.id}",
        "paging": "none",
        "parent": "authors",
        "parent_field": "author_id",
        "body": {"title": "{name}", "author_id": "{parent.id}", "kind": "novel"},
        "change": {"title": "{name}", "author_id": "{parent.id}", "kind": "novel"},
    }


@pytest.mark.parametrize(
    ("services", "chosen", "port"),
    [
        ({"db": {"image": "postgres:17"}, "api": {"build": "."}}, "api", None),
        ({"worker": {"build": "."}, "web": {"build": ".", "ports": ["8080:80"]}}, "web", 80),
        ({"thing": {"build": ".", "expose": [5000]}}, "thing", 5000),
        ({"app": {"build": ".", "ports": [{"target": 9000, "published": 1}]}}, "app", 9000),
        ({"app": {"build": ".", "ports": ["127.0.0.1:${P:-81}:${P:-81}/tcp"]}}, "app", 81),
        ({"app": {"image": "me/app", "environment": ["PORT=7000"]}}, "app", 7000),
    ],
)
def test_the_service_that_looks_like_an_api_is_taken(
    root: Path, services: dict[str, Any], chosen: str, port: int | None
) -> None:
    (root / "docker-compose.yml").write_text(json.dumps({"services": services}))
    found = compose_service(root)
    assert found
    assert (found.file, found.name, found.port) == ("docker-compose.yml", chosen, port)


@pytest.mark.parametrize("networks", [["inner"], {"inner": {"aliases": ["x"]}}])
def test_the_networks_of_the_service_are_known(root: Path, networks: Any) -> None:
    (root / "compose.yaml").write_text(json.dumps({"services": {"api": {"build": ".", "networks": networks}}}))
    assert detect(root).networks == ("inner",)


def test_a_compose_file_of_stores_alone_starts_no_api(root: Path) -> None:
    (root / "compose.yaml").write_text(json.dumps({"services": {"db": {"image": "postgres:17"}}}))
    assert compose_service(root) is None
    assert detect(root).start == PLACEHOLDER


@pytest.mark.parametrize("text", ["services: [", "a: b", "services: {api: 5}", "\x00", "services: {api: !reset }"])
def test_a_compose_file_that_cannot_be_read_is_none(root: Path, text: str) -> None:
    (root / "compose.yaml").write_text(text)
    assert detect(root).start == PLACEHOLDER


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("package.json", '{"dependencies": {"express": "^5"}}', "Express"),
        ("package.json", '{"dependencies": {"@nestjs/core": "^11", "express": "^5"}}', "NestJS"),
        ("requirements.txt", "Django==5.2\n", "Django"),
        ("requirements.txt", "django\ndjangorestframework\n", "Django REST framework"),
        ("pyproject.toml", '[project]\ndependencies = ["fastapi[standard]"]\n', "FastAPI"),
        ("composer.json", '{"require": {"laravel/framework": "^12"}}', "Laravel"),
        ("Gemfile", 'gem "rails", "~> 8.0"\n', "Rails"),
        ("pom.xml", "<parent><artifactId>spring-boot-starter-parent</artifactId></parent>", "Spring Boot"),
        ("build.gradle.kts", 'id("org.springframework.boot") version "3"\nspring-boot-starter-web', "Spring Boot"),
        ("go.mod", "module example.com/api\n", "Go"),
    ],
)
def test_frameworks_are_known_by_their_dependencies(root: Path, file: str, text: str, name: str) -> None:
    (root / file).write_text(text)
    found = framework(root)
    assert found
    assert (found[0].name, found[1]) == (name, file)


def test_a_driver_of_postgresql_brings_the_database_and_the_usual_migrations(root: Path) -> None:
    write(root, Dockerfile="FROM scratch\n", requirements_txt="django\npsycopg[binary]\n")
    found = detect(root)
    assert (found.start, found.database, found.migrate) == (DOCKERFILE, True, "python manage.py migrate --noinput")


def test_a_health_check_in_the_dockerfile_names_the_health_path(root: Path) -> None:
    write(
        root, Dockerfile="FROM scratch\nEXPOSE 9000\nHEALTHCHECK CMD curl -f http://localhost:9000/_status || exit 1\n"
    )
    found = detect(root)
    assert (found.port, found.health) == (9000, {"path": "/_status"})


@pytest.mark.parametrize(
    ("files", "suite"),
    [
        ({}, "tests"),
        ({"tests/test_x.py": "def test_x(): pass\n"}, "api-tests"),
        ({"tests/x.test.js": "it()\n"}, "api-tests"),
        ({"pytest.ini": "[pytest]\n"}, "api-tests"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "api-tests"),
        ({"tests/.gitkeep": ""}, "tests"),
    ],
)
def test_tests_of_another_kind_keep_their_folder(root: Path, files: dict[str, str], suite: str) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    assert detect(root).suite == suite


def test_what_a_person_has_settled_wins_over_what_is_found(tmp_path: Path) -> None:
    root = sample("express", tmp_path)
    (root / "pyproject.toml").write_text('[tool.tidegate.health]\npath = "/mine"\n[tool.tidegate.resources.pens]\n')
    found = detect(root)
    assert (found.health, found.login, found.resources) == ({"path": "/mine"}, {}, {"pens": {}})


def test_a_document_is_found_wherever_it_is_and_whatever_it_is_called(root: Path) -> None:
    (root / "docs").mkdir()
    (root / "docs" / "contract.json").write_text('{"openapi": "3.0.0", "paths": {"/up": {"get": {}}}}')
    (root / "openapi.yaml").write_text("openapi: 3.1.0\n# without paths\n")
    found = document(root)
    assert found
    assert (found.source, [op.path for op in found.operations]) == ("docs/contract.json", ["/up"])


def test_what_others_have_installed_is_not_looked_at(root: Path) -> None:
    (root / "node_modules" / "x").mkdir(parents=True)
    (root / "node_modules" / "x" / "openapi.json").write_text('{"openapi": "3.0.0", "paths": {"/up": {}}}')
    assert document(root) is None
