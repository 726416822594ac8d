"""Every file that `init` would write, with its content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tidegate
from tidegate.adopt import stackfile, wheel
from tidegate.adopt.answers import COMPOSE, EMAIL, PASSWORD, PLACEHOLDER, RUNNING, TOKEN, Answers
from tidegate.adopt.documents import read, text_of
from tidegate.adopt.ours import ours, place
from tidegate.adopt.services import OVERRIDES
from tidegate.adopt.suite import suite_files
from tidegate.adopt.toml import with_tables
from tidegate.settings.sources import tidegate_table

SERVICE = "docker/tests.yaml"  # the test container, where compose.tests.yaml merges it with their files
SCRIPT, PARTS = "scripts/test", ("scripts/stack-compose", "scripts/evidence")
BASELINE = "contract/contract-baseline.toml"
BASELINE_OF_NOTHING = """\
# Known departures from the contract: each has an owner and a reason, and goes when it no longer occurs.
# Written by `--contract-update`, reviewed by people.
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file to write; `adds` when nothing that somebody wrote is lost by it."""

    path: str
    content: bytes
    executable: bool = False
    adds: bool = False


def plan(root: Path, answers: Answers) -> list[Planned]:
    """The files for these answers, in the order in which a reader wants to see them."""
    answers = _merged(root, answers)
    files = [*_settings(root, answers), *suite_files(answers)]
    if answers.start != RUNNING:
        files += [*_containers(root, answers), *_placeholder(answers)]
    return [file if isinstance(file, Planned) else Planned(file[0], file[1].encode()) for file in files]


def command(root: Path, answers: Answers) -> str:
    """What runs the suite alone once the files are there."""
    return "pytest" if answers.start == RUNNING else stackfile.run_command(_merged(root, answers))


def script(root: Path) -> str:
    """What runs the suite and keeps what the run leaves: scripts/test, unless that is somebody's own."""
    there = root / SCRIPT
    return "scripts/api-tests" if there.exists() and "scripts/stack-" not in text_of(there) else SCRIPT


def _merged(root: Path, answers: Answers) -> Answers:
    """The answers with a compose file that names theirs, when the repository has an override of its own already."""
    override = next((name for name in OVERRIDES if (root / name).is_file()), None)
    if answers.start != COMPOSE or override is None or _is_ours(root / override):
        return answers
    theirs = read(root / answers.compose_file)
    name = str(theirs.get("name") or "") if isinstance(theirs, dict) else ""
    return replace(answers, merged=(answers.compose_file, override), compose_file="compose.tests.yaml", project=name)


def _is_ours(path: Path) -> bool:
    return text_of(path).startswith(stackfile.OVERRIDE.partition(";")[0])


def _settings(root: Path, answers: Answers) -> Iterator[tuple[str, str] | Planned]:
    project = _raw(root / "pyproject.toml")
    yield Planned("pyproject.toml", with_tables(project, tables(answers)).encode(), adds=True)
    said = tidegate_table(root)
    yield Planned(".env.test", env_file(_raw(root / ".env.test"), answers, said).encode(), adds=True)
    ini = ours("pytest.ini")
    if answers.suite == "tests":
        yield "pytest.ini", ini
    else:
        yield f"{answers.suite}/pytest.ini", stackfile.swap(ini, ("testpaths = tests", "testpaths = ."))


def _raw(path: Path) -> str:
    """The text with its line ends as they are."""
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def tables(answers: Answers) -> dict[str, Mapping[str, Any]]:
    """The tables of [tool.tidegate]."""
    stack: dict[str, Any] = {}
    if answers.start != RUNNING and answers.compose_file != "compose.yaml":
        stack["compose_file"] = answers.compose_file
    if answers.start == COMPOSE:
        stack |= {"service": answers.service, "port": answers.port}
    contract = {"document": answers.document} if answers.document else {}
    found = {"health": answers.health, "login": answers.login, "stack": stack, "contract": contract}
    found |= {f"resources.{name}": table for name, table in answers.resources.items()}
    return {name: table for name, table in found.items() if table or name.startswith("resources.")} or {"": {}}


def env_file(text: str, answers: Answers, said: Mapping[str, Any] | None = None) -> str:
    """.env.test with those of our variables that it does not set yet; what [tool.tidegate] has `said` stays true.

    A value of .env.test wins over one of pyproject.toml, and Compose knows the former alone.
    """
    said = said or {}
    email, password = answers.admin or (EMAIL, PASSWORD)
    values = {
        "API_BASE_URL": answers.base_url if answers.start == RUNNING else said.get("base_url", answers.base_url),
        "API_ADMIN_EMAIL": said.get("admin_email", email),
        "API_ADMIN_PASSWORD": password,
    }
    if answers.login.get("kind") == "token":
        values["API_TOKEN"] = TOKEN
    if answers.start not in (COMPOSE, RUNNING):
        values |= {"API_CONTEXT": answers.context, "API_PORT": str(answers.port)}
        values |= {"API_BASE_PATH": answers.base_path} if answers.base_path else {}
    set_already = {line.partition("=")[0].strip().removeprefix("export ") for line in text.splitlines()}
    added = [f"{name}={value}" for name, value in values.items() if name not in set_already]
    head = "" if text else ours(".env.test").splitlines()[0] + "\n"
    gap = "" if not text or text.endswith("\n") else "\n"
    return head + text + gap + "".join(f"{line}\n" for line in added)


def _containers(root: Path, answers: Answers) -> Iterator[tuple[str, str] | Planned]:
    if answers.merged:
        yield answers.compose_file, stackfile.merging_file(answers, SERVICE)
        yield SERVICE, stackfile.override_file(answers)
    elif answers.start == COMPOSE:
        yield _override(root), stackfile.override_file(answers)
    else:
        yield answers.compose_file, stackfile.compose_file(answers)
        yield "docker/stack.yaml", stackfile.stack_file(answers)
    packed = None if wheel.from_index() else wheel.NAME
    yield "docker/tests/Dockerfile", stackfile.dockerfile(f"tidegate=={tidegate.__version__}", packed)
    yield "docker/tests/requirements.lock", ours("docker/tests/requirements.lock")
    for name in ("entrypoint", "without-capabilities"):
        yield Planned(f"docker/tests/{name}", place(f"docker/tests/{name}").read_bytes(), executable=True)
    if packed:
        yield Planned(f"docker/tests/{packed}", wheel.build(), adds=True)
    yield "artifacts/.gitignore", "*\n!.gitignore\n"
    yield BASELINE, _raw(root / BASELINE) or BASELINE_OF_NOTHING
    yield from _scripts(root)
    yield ".github/workflows/tests.yml", stackfile.workflow(script(root))


def _scripts(root: Path) -> Iterator[Planned]:
    """Our own scripts as they are, which find the services in the compose file; only their name may be another."""
    name = script(root)
    yield Planned(name, ours(SCRIPT).replace(SCRIPT, name).encode(), executable=True)
    for part in PARTS:
        yield Planned(part, ours(part).replace(SCRIPT, name).encode())


def _override(root: Path) -> str:
    """The override's name: the one that an earlier run has used, else the first."""
    return next((name for name in OVERRIDES if _is_ours(root / name)), OVERRIDES[0])


def _placeholder(answers: Answers) -> Iterator[tuple[str, str]]:
    if answers.start == PLACEHOLDER:
        yield "docker/api/Dockerfile", ours("starter/api/Dockerfile")
        yield "docker/api/api.py", ours("starter/api/api.py")
        yield "docker/api/api.json", json.dumps(declared(answers), indent=2) + "\n"


def declared(answers: Answers) -> dict[str, Any]:
    """What the placeholder serves: the settings, as far as it needs them."""
    base, login = answers.base_path, answers.login
    return {
        "health": base + answers.health.get("path", "/health"),
        "login": {
            "kind": login.get("kind", "json"),
            "path": base + login.get("path", "/auth/login"),
            "token": login.get("token", "access_token"),
            "send": login.get("send", "Authorization: Bearer {token}"),
        },
        "resources": {name: _served(name, table, base) for name, table in answers.resources.items()},
    }


def _served(name: str, table: Mapping[str, Any], base: str) -> dict[str, Any]:
    body: Mapping[str, Any] = table.get("body", {})
    return {
        "path": base + table.get("path", f"/{name}"),
        "items": table.get("items", "items"),
        "record": table.get("record", ""),
        "id": table.get("id", "id"),
        "marker": table.get("marker", ""),
        "filter": table.get("filter", ""),
        "parent_field": table.get("parent_field", ""),
        "fields": {field: kind for field, value in body.items() if (kind := _type(value))},
        "required": list(body),
    }


def _type(value: Any) -> str:
    """The JSON type of an example; empty for a placeholder of which the type is another record's affair."""
    if isinstance(value, str):
        return "" if value == "{parent.id}" else "string"
    kinds = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "")
