"""What `init` knows about a repository: found in it, or answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COMPOSE, DOCKERFILE, PLACEHOLDER, RUNNING = "compose", "dockerfile", "placeholder", "running"
STARTS = {
    COMPOSE: "a service of your compose file",
    DOCKERFILE: "your Dockerfile",
    PLACEHOLDER: "a placeholder, until you have an API",
    RUNNING: "not at all: it runs already",
}
AGAINST = {
    COMPOSE: "your own service",
    DOCKERFILE: "the API of your Dockerfile",
    PLACEHOLDER: "the placeholder",
    RUNNING: "the API that runs",
}
# Of a stack that lives as long as its tests.
EMAIL, PASSWORD, TOKEN = "admin@example.com", "a-test-password", "a-key-of-the-tests"
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the API starts, and what the tests must know of it."""

    start: str = PLACEHOLDER
    context: str = "docker/api"
    compose_file: str = "compose.yaml"  # theirs when it starts the API, else the one that is written
    service: str = "api"
    networks: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()  # their compose files, where one of ours has to name them
    project: str = ""  # the name of the stack, where the folder's is not it
    port: int = 8000
    base_url: str = "http://localhost:8000"
    base_path: str = ""
    health: Table = field(default_factory=dict)
    login: Table = field(default_factory=dict)
    resources: Mapping[str, Table] = field(default_factory=dict)
    document: str = ""  # what describes the API: a path on it, or a file of the repository
    database: bool = False
    migrate: str = "true"
    admin: tuple[str, str] | None = None  # None: the API is to seed the one of .env.test
    suite: str = "tests"
    found: tuple[str, ...] = ()  # what was found where, one line each
