"""The five questions of `init`, each with what was found as its default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tidegate.adopt.answers import COMPOSE, DOCKERFILE, PLACEHOLDER, RUNNING, STARTS, Answers
from tidegate.adopt.detect import THINGS, beside
from tidegate.adopt.services import compose_service, dockerfile_service
from tidegate.errors import UsageError

Ask = Callable[[str, str], str]  # a question and its default; gives the answer
KINDS = ("basic", "token", "none")


def asked(root: Path, answers: Answers, ask: Ask) -> Answers:
    """The answers after the questions."""
    answers = _start(root, answers, ask)
    answers = _port(answers, ask)
    path = ask("Path that says it is well", answers.health.get("path", "/health"))
    answers = replace(answers, health=_with_path(answers.health, path, "/health"))
    answers = replace(answers, login=_login(answers.login, ask))
    return replace(answers, resources=_resources(answers, ask))


def _start(root: Path, answers: Answers, ask: Ask) -> Answers:
    possible = {
        COMPOSE: answers.start == COMPOSE or compose_service(root) is not None,
        DOCKERFILE: answers.start == DOCKERFILE or dockerfile_service(root) is not None,
        PLACEHOLDER: True,
        RUNNING: True,
    }
    choices = ", ".join(f"{start} ({STARTS[start]})" for start, is_there in possible.items() if is_there)
    chosen = ask(f"What starts the API: {choices}", answers.start)
    if not possible.get(chosen):
        raise UsageError(f"{chosen!r} is no way to start the API here\n  next: one of {choices}")
    if chosen == answers.start:
        return answers
    if chosen == COMPOSE:
        return replace(answers, start=chosen)
    context = {PLACEHOLDER: "docker/api"}.get(chosen, answers.context)
    return beside(root, replace(answers, start=chosen, context=context))


def _port(answers: Answers, ask: Ask) -> Answers:
    if answers.start == RUNNING:
        return replace(answers, base_url=ask("URL of the API", answers.base_url).rstrip("/"))
    port = ask("Port that it listens on, inside its container", str(answers.port))
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"{port!r} is no port\n  next: a number from 1 to 65535")
    return replace(answers, port=int(port), base_url=f"http://localhost:{port}{answers.base_path}")


def _with_path(table: Mapping[str, Any], path: str, usual: str) -> dict[str, Any]:
    if not path.startswith("/"):
        raise UsageError(f"{path!r} is no path\n  next: one that starts with a slash, such as {usual}")
    if path == table.get("path", usual):
        return dict(table)
    return {"path": path} if path != usual else {}


def _login(table: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    kind = table.get("kind")
    default = kind if kind in KINDS else table.get("path", "/auth/login")
    answer = ask("Path of the login (or basic, token, none)", str(default))
    if answer in KINDS:
        return dict(table) if answer == kind else {"kind": answer}
    return _with_path({} if kind in KINDS else table, answer, "/auth/login")


def _resources(answers: Answers, ask: Ask) -> dict[str, Mapping[str, Any]]:
    answer = ask("Resources that tests make", ", ".join(answers.resources) or "none")
    names = [] if answer == "none" else [name.strip().strip("/") for name in answer.split(",") if name.strip()]
    if wrong := [name for name in names if not name.replace("_", "").replace("-", "").isalnum()]:
        raise UsageError(
            f"{wrong[0]!r} is no name of a resource\n  next: names such as those in its paths: notes, tags"
        )
    unknown = THINGS["things"] if answers.start == PLACEHOLDER else {}
    return {name: answers.resources.get(name, unknown) for name in names}
