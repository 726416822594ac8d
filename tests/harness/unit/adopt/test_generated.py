"""Every file that init writes is made of this repository's own, so that a change here is a change there."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tidegate import plugin
from tidegate.adopt import ours as own
from tidegate.adopt import planned, stackfile, suite, wheel
from tidegate.adopt.answers import COMPOSE, DOCKERFILE, PLACEHOLDER, Answers
from tidegate.adopt.detect import THINGS
from tidegate.errors import UsageError

ROOT = Path(__file__).resolve().parents[4]
THEIRS = Answers(
    start=COMPOSE, compose_file="compose.yml", service="backend", port=3000, base_path="/v1", resources=THINGS
)
BUILT = Answers(start=DOCKERFILE, context=".", port=9000, resources=THINGS)
WITH_DATABASE = Answers(start=DOCKERFILE, context=".", database=True, migrate="bin/rails db:prepare", resources=THINGS)
EMPTY = Answers(start=PLACEHOLDER, resources=THINGS)
# A word that each of our files gets in a test, and the files that init writes from it.
MADE_OF = {
    "compose.yaml": {"compose.yaml"},
    "docker/stack.yaml": {"docker/stack.yaml", "compose.override.yaml"},
    "docker/tests/Dockerfile": {"docker/tests/Dockerfile"},
    "docker/tests/requirements.lock": {"docker/tests/requirements.lock"},
    "pytest.ini": {"pytest.ini"},
    ".github/workflows/tests.yml": {".github/workflows/tests.yml"},
    "scripts/test": {"scripts/test"},
    "scripts/stack-compose": {"scripts/stack-compose"},
    "scripts/evidence": {"scripts/evidence"},
    ".env.test": {".env.test"},
    "starter/api/Dockerfile": {"docker/api/Dockerfile"},
    "starter/api/api.py": {"docker/api/api.py"},
    "starter/tests/conftest.py": {"tests/conftest.py"},
    "starter/tests/test_health.py": {"tests/test_health.py"},
    "starter/tests/test_login.py": {"tests/test_login.py"},
    "starter/tests/test_records.py": {"tests/test_things.py"},
}
# Of the adopter's API, or of a folder.
FACTS = {"pyproject.toml", "artifacts/.gitignore", "docker/api/api.json", "contract/contract-baseline.toml"}
BYTES = {"docker/tests/entrypoint", "docker/tests/without-capabilities"}


def written(root: Path, answers: Answers) -> dict[str, str]:
    files = planned.plan(root, answers)
    return {file.path: file.content.decode() for file in files if not file.path.endswith(".whl")}


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


def test_every_file_has_its_original(tmp_path: Path) -> None:
    made = {name for names in MADE_OF.values() for name in names}
    for answers in (THEIRS, BUILT, WITH_DATABASE, EMPTY):
        assert written(tmp_path, answers).keys() <= made | FACTS | BYTES


@pytest.mark.parametrize("original", MADE_OF)
def test_a_change_of_ours_is_a_change_of_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, original: str) -> None:
    before = {**written(tmp_path, EMPTY), **written(tmp_path, THEIRS)}
    real = own.ours

    def changed(path: str) -> str:
        word, text = "# changed", real(path)
        if path != original:
            return text
        # Before the first line that says something, and within what only the test container is made of.
        text = f"{word}\n{text}" if not text.startswith('"""') else text.replace('"""', f'"""{word} ', 1)
        return text.replace("x-hardened:", f"x-hardened: {word}") + f"{word}\n"

    for module in (planned, stackfile, suite):
        monkeypatch.setattr(module, "ours", changed)
    after = {**written(tmp_path, EMPTY), **written(tmp_path, THEIRS)}
    assert {name for name, text in after.items() if text != before[name]} == MADE_OF[original]


@pytest.mark.parametrize("name", sorted(BYTES))
def test_the_scripts_of_the_test_image_are_ours(tmp_path: Path, name: str) -> None:
    (found,) = (file for file in planned.plan(tmp_path, BUILT) if file.path == name)
    assert found.executable
    assert found.content == (ROOT / name).read_bytes()


@pytest.mark.parametrize("answers", [BUILT, WITH_DATABASE, EMPTY])
def test_a_stack_of_theirs_has_nothing_of_the_example(tmp_path: Path, answers: Answers) -> None:
    files = written(tmp_path, answers)
    for name in ("docker/stack.yaml", "compose.yaml", ".env.test", "docker/tests/Dockerfile"):
        assert not [word for word in ("shop", "JWT", "TEST_STACK", "PROMISES", "psycopg") if word in files[name]], name
    services = yaml(files["docker/stack.yaml"])["services"]
    assert services.keys() == {"api", "tests"} | ({"db", "migrate"} if answers.database else set())
    assert services["api"].get("depends_on", {}).keys() == ({"db", "migrate"} if answers.database else set())
    assert ("DATABASE_URL" in services["api"]["environment"]) is answers.database
    assert services["tests"]["build"]["context"] == "docker/tests"
    ours = yaml((ROOT / "docker/stack.yaml").read_text())["services"]["tests"]
    theirs = dict(services["tests"])
    for key in ("build", "environment"):
        del ours[key], theirs[key]
    assert theirs == ours


def test_migrations_are_the_frameworks(tmp_path: Path) -> None:
    services = yaml(written(tmp_path, WITH_DATABASE)["docker/stack.yaml"])["services"]
    assert services["migrate"]["entrypoint"] == "${MIGRATE_COMMAND:-bin/rails db:prepare}"


def test_an_override_adds_the_test_container_and_the_admin_to_seed(tmp_path: Path) -> None:
    services = yaml(written(tmp_path, THEIRS)["compose.override.yaml"])["services"]
    assert services["backend"] == {"env_file": ".env.test"}
    tests = services["tests"]
    assert tests["environment"]["API_BASE_URL"] == "http://backend:3000/v1"
    assert tests["environment"]["TIDEGATE_DISPOSABLE"].startswith("backend$")
    assert tests["depends_on"] == {"backend": {"condition": "service_started"}}
    assert tests["cap_drop"] == ["ALL"]


def test_the_test_container_is_in_the_networks_of_their_service(tmp_path: Path) -> None:
    assert "networks" not in yaml(written(tmp_path, THEIRS)["compose.override.yaml"])["services"]["tests"]
    answers = Answers(start=COMPOSE, service="backend", networks=("inner", "outer"))
    tests = yaml(written(tmp_path, answers)["compose.override.yaml"])["services"]["tests"]
    assert tests["networks"] == ["inner", "outer"]


def test_an_admin_that_their_own_file_seeds_is_not_seeded_again(tmp_path: Path) -> None:
    answers = Answers(start=COMPOSE, service="backend", admin=("root@example.com", "hunter22"))
    assert yaml(written(tmp_path, answers)["compose.override.yaml"])["services"].keys() == {"tests"}
    assert "API_ADMIN_EMAIL=root@example.com\nAPI_ADMIN_PASSWORD=hunter22\n" in written(tmp_path, answers)[".env.test"]


def test_the_workflow_is_ours_and_runs_the_script_as_a_laptop_does(tmp_path: Path) -> None:
    ours = yaml((ROOT / ".github/workflows/tests.yml").read_text())
    assert yaml(written(tmp_path, BUILT)[".github/workflows/tests.yml"]) == ours
    assert "scripts/test" in [step.get("run") for step in ours["jobs"]["tests"]["steps"]]


@pytest.mark.parametrize("answers", [THEIRS, BUILT, EMPTY])
def test_the_script_and_its_parts_are_ours_to_the_letter(tmp_path: Path, answers: Answers) -> None:
    found = {file.path: file for file in planned.plan(tmp_path, answers) if file.path.startswith("scripts/")}
    assert found.keys() == {"scripts/test", "scripts/stack-compose", "scripts/evidence"}
    assert all(file.content == (ROOT / name).read_bytes() for name, file in found.items())
    assert [name for name, file in found.items() if file.executable] == ["scripts/test"]


def test_where_scripts_test_is_somebodys_own_ours_has_another_name(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/test").write_text("#!/bin/sh\nnpm test\n")
    files = written(tmp_path, BUILT)
    assert "scripts/test" not in files
    assert "\n#   scripts/api-tests [pytest arguments]\n" in files["scripts/api-tests"]
    assert "run: scripts/api-tests\n" in files[".github/workflows/tests.yml"]
    assert not [name for name, text in files.items() if "scripts/test" in text]


def test_an_override_of_their_own_is_merged_by_one_file_that_every_command_names(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text("name: shelf\nservices: {}\n")
    (tmp_path / "docker-compose.override.yml").write_text("services: {}\n")
    files = written(tmp_path, THEIRS)
    assert yaml(files["compose.tests.yaml"]) == {
        "name": "shelf",
        "include": [
            {
                "path": ["compose.yml", "docker-compose.override.yml", "docker/tests.yaml"],
                "project_directory": ".",
            }
        ],
    }
    assert yaml(files["docker/tests.yaml"])["services"].keys() == {"backend", "tests"}
    assert tomllib.loads(files["pyproject.toml"])["tool"]["tidegate"]["stack"]["compose_file"] == "compose.tests.yaml"
    assert planned.command(tmp_path, THEIRS) == "docker compose -f compose.tests.yaml run --rm tests"


def test_an_original_that_lost_a_line_we_change_is_an_error() -> None:
    with pytest.raises(LookupError, match="no longer says 'that line'"):
        stackfile.swap("another\n", ("that line", "x"))
    with pytest.raises(LookupError, match="no longer has the service 'api'"):
        stackfile.block("services:\n", "api")
    with pytest.raises(LookupError, match="no longer has a default for PORT"):
        stackfile.with_defaults("services:\n", PORT="1")


@pytest.mark.parametrize("from_index", [True, False])
def test_tidegate_comes_from_where_it_was_installed_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_index: bool
) -> None:
    monkeypatch.setattr(wheel, "from_index", lambda: from_index)
    files = {file.path for file in planned.plan(tmp_path, BUILT)}
    image = written(tmp_path, BUILT)["docker/tests/Dockerfile"]
    assert any(name.endswith(".whl") for name in files) is not from_index
    assert ("RUN pip install --quiet --no-deps --compile tidegate==" in image) is from_index
    assert ("COPY tidegate-" in image) is not from_index


def test_the_wheel_of_tidegate_carries_every_original() -> None:
    from hatch_build import FILES

    assert {name for name in MADE_OF if not name.startswith("starter/")} | BYTES == {*FILES}


def test_an_installation_without_the_originals_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(own, "REPOSITORY", tmp_path)
    with pytest.raises(UsageError, match=r"holds no compose\.yaml to generate from\n  next: "):
        own.ours("compose.yaml")


def test_a_fixed_key_has_its_variable(tmp_path: Path) -> None:
    env = written(tmp_path, Answers(login={"kind": "token"}))[".env.test"]
    assert "API_TOKEN=a-key-of-the-tests\n" in env
    assert "API_TOKEN" not in written(tmp_path, EMPTY)[".env.test"]


def test_no_resource_takes_the_name_of_a_fixture() -> None:
    public = {name for name, value in vars(plugin).items() if "ixture" in type(value).__name__ and name[0] != "_"}
    assert {"make", "settings", "admin"} <= public
    assert public <= suite.TAKEN
    assert [suite.spoken(name) for name in ("notes", "settings", "class", "7", "a-b")] == [
        "notes", "the_settings", "the_class", "the_7", "a_b",
    ]  # fmt: skip


def test_the_placeholder_is_told_what_the_settings_say() -> None:
    told = planned.declared(Answers(base_path="/v1", health={"path": "/up"}, resources=THINGS))
    assert json.loads(json.dumps(told)) == told
    assert (told["health"], told["login"]["path"]) == ("/v1/up", "/v1/auth/login")
    assert told["resources"]["things"]["path"] == "/v1/things"
    assert told["resources"]["things"]["required"] == ["name", "note"]


def test_a_document_of_the_repository_is_held_to_and_is_where_the_tests_run(tmp_path: Path) -> None:
    files = written(tmp_path, replace(BUILT, document="spec/openapi.yaml"))
    assert tomllib.loads(files["pyproject.toml"])["tool"]["tidegate"]["contract"] == {"document": "spec/openapi.yaml"}
    mounts = yaml(files["docker/stack.yaml"])["services"]["tests"]["volumes"]
    assert [mount["source"] for mount in mounts if mount["target"] == "/suite/spec"] == ["./spec"]


def test_known_departures_stay_when_init_runs_again(tmp_path: Path) -> None:
    (tmp_path / "contract").mkdir()
    (tmp_path / "contract/contract-baseline.toml").write_text("[[known]]\n")
    assert written(tmp_path, BUILT)["contract/contract-baseline.toml"] == "[[known]]\n"
