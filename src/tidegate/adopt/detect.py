"""What a repository is: how its API starts and what it offers, with where each fact was found."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from tidegate.adopt import openapi, routes
from tidegate.adopt.answers import COMPOSE, DOCKERFILE, PLACEHOLDER, Answers
from tidegate.adopt.documents import read, text_of, walk
from tidegate.adopt.frameworks import framework
from tidegate.adopt.meaning import health_path, login_table
from tidegate.adopt.operations import Offer
from tidegate.adopt.services import Service, compose_service, dockerfile_service, foreign_compose_file
from tidegate.adopt.things import resources
from tidegate.adopt.toml import parsed

# What the first run is about where nothing is known; the placeholder serves it.
THINGS = {
    "things": {
        "marker": "name",
        "filter": "name_prefix={prefix}",
        "body": {"name": "{name}", "note": "new"},
        "change": {"note": "changed"},
    }
}


def detect(root: Path, live: Offer | None = None) -> Answers:
    """What was found; `live` is what a running server said of itself, which is believed most."""
    offered = live or document(root) or routes.offer(root)
    answers = _described(_started(root), offered)
    return _as_settled(root, replace(answers, suite=_suite(root)))


def document(root: Path) -> Offer | None:
    """What an OpenAPI document of the repository offers."""
    named = re.compile(r"(open-?api|swagger|api|api-docs|schema|spec)[\w.-]*\.(json|ya?ml)", re.IGNORECASE)
    candidates = [path for path in walk(root) if path.suffix in (".json", ".yaml", ".yml")]
    for path in sorted(candidates, key=lambda path: not named.fullmatch(path.name)):
        if re.search(r"[\"']?(openapi|swagger)[\"']?\s*:", text_of(path)[:4000]):
            found = read(path)
            if openapi.is_openapi(found):
                return openapi.offer(found, path.relative_to(root).as_posix())
    return None


def _started(root: Path) -> Answers:
    """How the API starts, and on which port."""
    if service := compose_service(root):
        answers = Answers(start=COMPOSE, compose_file=service.file, service=service.name, context=service.folder)
        answers = replace(answers, networks=service.networks)
    elif service := _dockerfile(root):
        answers = beside(root, Answers(start=DOCKERFILE, context=service.folder))
    else:
        what = "no compose file with an API" if foreign_compose_file(root) else "no compose file"
        said = f"{what} and no Dockerfile: a placeholder API stands in"
        return beside(root, Answers(start=PLACEHOLDER, found=(said,)))
    usual = framework(root, service.folder if (root / service.folder).is_dir() else ".") or framework(root)
    known, file, database = usual or (None, "", False)
    path = service.health or (known.health if known else None)
    found = [f"{service.file} starts the API" + (f", as service {service.name}" if answers.start == COMPOSE else "")]
    found += [f"{file} says {known.name}"] if known else []
    return replace(
        answers,
        port=service.port or (known.port if known else 8000),
        health={"path": path} if path and path != "/health" else {},
        database=database and answers.start == DOCKERFILE,
        migrate=known.migrate if known else "true",
        admin=service.admin,
        found=tuple(found),
    )


def beside(root: Path, answers: Answers) -> Answers:
    """The answers with a compose file of ours that does not stand in for one of theirs, nor share its containers."""
    if not foreign_compose_file(root):
        return replace(answers, compose_file="compose.yaml", project="")
    folder = re.sub(r"[^a-z0-9_-]", "", root.name.lower()).lstrip("_-") or "api"
    return replace(answers, compose_file="compose.tests.yaml", project=f"{folder}-tests")


def _dockerfile(root: Path) -> Service | None:
    found = dockerfile_service(root)
    placeholder = found and (root / found.folder / "api.json").is_file() and found.folder == "docker/api"
    return None if placeholder or (found and found.folder == "docker/tests") else found


def _described(answers: Answers, offered: Offer) -> Answers:
    """The answers with what the API offers in them."""
    health, login, found = health_path(offered), login_table(offered), resources(offered)
    known = answers.health
    if health:
        known = {"path": health} if health != "/health" else {}
    elif offered.complete and not known and answers.start != PLACEHOLDER:
        known = {"path": "/", "kind": "answer"}
    if not found and answers.start == PLACEHOLDER:
        found = dict(THINGS)
    said = f"{offered.source} describes {len(offered.operations)} operations" if offered.operations else ""
    return replace(
        answers,
        base_path=offered.base_path,
        health=known,
        login={} if login == {"path": "/auth/login"} or login is None else login,
        resources=found,
        document=offered.source if offered.complete and answers.start != PLACEHOLDER else "",
        found=(*answers.found, *filter(None, [said])),
    )


def _suite(root: Path) -> str:
    """`tests`, unless it holds tests of another kind, or pytest is configured for them."""
    folder = root / "tests"
    taken = any(folder.glob("[!.]*")) and "tidegate" not in text_of(folder / "conftest.py")
    configured = (root / "pytest.ini").is_file() and not (folder / "conftest.py").is_file()
    in_project = "pytest" in parsed(text_of(root / "pyproject.toml")).get("tool", {})
    return "api-tests" if taken or configured or in_project or (root / "api-tests").is_dir() else "tests"


def _as_settled(root: Path, answers: Answers) -> Answers:
    """The answers, but where an earlier run or a person has settled something, that."""
    table: dict[str, Any] = parsed(text_of(root / "pyproject.toml")).get("tool", {}).get("tidegate", {})
    env = dict(re.findall(r"(?m)^([A-Z_]+)=(.*?)\s*$", text_of(root / ".env.test")))
    stack = table.get("stack", {})
    port = str(env.get("API_PORT") or stack.get("port") or answers.port)
    return replace(
        answers,
        port=int(port) if port.isdecimal() else answers.port,
        context=env.get("API_CONTEXT", answers.context),
        service=stack.get("service", answers.service) if answers.start == COMPOSE else answers.service,
        base_path=env.get("API_BASE_PATH", answers.base_path),
        health=table.get("health", {} if table else answers.health),
        login=table.get("login", {} if table else answers.login),
        resources=table.get("resources", answers.resources),
        document=table.get("contract", {}).get("document", "" if table else answers.document),
    )
