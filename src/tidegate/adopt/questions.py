"""The five questions of `init`, each with what was found as its default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tidegate.adopt.answers import COMPOSE, DOCKERFILE, PLACEHOLDER, RUNNING, STARTS, Answers
from tidegate.adopt.detect import THINGS, beside
from tidegate.adopt.services import compose_service, dockerfile_service
from tidegate.errors import UsageError
from tidegate.settings.http_forms import base_url

Ask = Callable[[str, str], str]  # a question and its default; gives the answer
T = TypeVar("T")
KINDS = ("basic", "token", "none")


class Questions:
    """Asks until an answer makes sense: one that does not must not cost those before it."""

    def __init__(self, ask: Ask, say: Callable[[str], None]) -> None:
        self._ask, self._say = ask, say

    def ask(self, question: str, default: str, read: Callable[[str], T]) -> T:
        """What `read` makes of the answer; it raises ValueError where that makes no sense."""
        while True:
            answer = self._ask(question, default)
            try:
                return read(answer)
            except ValueError as wrong:
                if answer == default:  # nobody is there who would give another
                    raise UsageError(f"{wrong}\n  next: tidegate init, and answer that question") from None
                self._say(str(wrong))


def asked(root: Path, answers: Answers, questions: Questions) -> Answers:
    """The answers after the questions."""
    answers = _start(root, answers, questions)
    answers = _port(answers, questions)
    usual = answers.health.get("path", "/health")
    health = questions.ask("Path that says it is well", usual, lambda path: _with_path(answers.health, path, "/health"))
    answers = replace(answers, health=health)
    answers = replace(answers, login=_login(answers.login, questions))
    return replace(answers, resources=_resources(answers, questions))


def _start(root: Path, answers: Answers, questions: Questions) -> Answers:
    possible = {
        COMPOSE: answers.start == COMPOSE or compose_service(root) is not None,
        DOCKERFILE: answers.start == DOCKERFILE or dockerfile_service(root) is not None,
        PLACEHOLDER: True,
        RUNNING: True,
    }
    choices = ", ".join(f"{start} ({STARTS[start]})" for start, is_there in possible.items() if is_there)

    def read(answer: str) -> str:
        if not possible.get(answer):
            raise ValueError(f"{answer!r} is no way to start the API here: expected one of {choices}")
        return answer

    chosen = questions.ask(f"What starts the API: {choices}", answers.start, read)
    if chosen == answers.start:
        return answers
    if chosen == COMPOSE:
        return replace(answers, start=chosen)
    context = {PLACEHOLDER: "docker/api"}.get(chosen, answers.context)
    return beside(root, replace(answers, start=chosen, context=context))


def _port(answers: Answers, questions: Questions) -> Answers:
    if answers.start == RUNNING:
        return replace(answers, base_url=questions.ask("URL of the API", answers.base_url, _url))
    port = questions.ask("Port that it listens on, inside its container", str(answers.port), _port_number)
    return replace(answers, port=port, base_url=f"http://localhost:{port}{answers.base_path}")


def _url(answer: str) -> str:
    try:
        return base_url(answer)
    except ValueError as form:
        raise ValueError(f"{answer!r} is no URL of an API: expected {form}") from None


def _port_number(answer: str) -> int:
    if not answer.isdecimal() or not 0 < int(answer) < 65_536:
        raise ValueError(f"{answer!r} is no port: expected a number from 1 to 65535")
    return int(answer)


def _with_path(table: Mapping[str, Any], path: str, usual: str) -> dict[str, Any]:
    if not path.startswith("/"):
        raise ValueError(f"{path!r} is no path: expected one that starts with a slash, such as {usual}")
    if path == table.get("path", usual):
        return dict(table)
    return {"path": path} if path != usual else {}


def _login(table: Mapping[str, Any], questions: Questions) -> dict[str, Any]:
    kind = table.get("kind")
    default = kind if kind in KINDS else table.get("path", "/auth/login")

    def read(answer: str) -> dict[str, Any]:
        if answer in KINDS:
            return dict(table) if answer == kind else {"kind": answer}
        return _with_path({} if kind in KINDS else table, answer, "/auth/login")

    return questions.ask("Path of the login (or basic, token, none)", str(default), read)


def _resources(answers: Answers, questions: Questions) -> dict[str, Mapping[str, Any]]:
    unknown = THINGS["things"] if answers.start == PLACEHOLDER else {}

    def read(answer: str) -> dict[str, Mapping[str, Any]]:
        given = [] if answer == "none" else [part.strip() for part in answer.split(",") if part.strip()]
        named = dict(map(_named, given))
        tables = {name: answers.resources.get(name, unknown) for name in named}
        return {name: {**tables[name], "path": path} if path else tables[name] for name, path in named.items()}

    return questions.ask("Resources that tests make (names or paths)", ", ".join(answers.resources) or "none", read)


def _named(answer: str) -> tuple[str, str]:
    """The name of a resource, and its path where one was typed and says more."""
    name = answer.rstrip("/").rpartition("/")[2]
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name) or not re.fullmatch(r"[\w./~-]+", answer):
        raise ValueError(f"{answer!r} is no name and no path of a resource: expected such as notes, or /api/v1/notes")
    path = f"/{answer.lstrip('/')}"
    return name, "" if path == f"/{name}" else path
