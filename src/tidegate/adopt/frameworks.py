"""Frameworks by their dependency files, and what is usual with each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tidegate.adopt.documents import text_of

FILES = ("package.json", "pyproject.toml", "requirements.txt", "Pipfile", "composer.json", "Gemfile", "pom.xml",
         "build.gradle", "build.gradle.kts", "go.mod")  # fmt: skip
POSTGRES = re.compile(r"psycopg|asyncpg|\bpg8000\b|\"pg\"|\"postgres\"|postgresql|jackc/pgx|lib/pq|gem ['\"]pg['\"]")


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework: how its dependency is spelled, and its usual port, health path and migrations."""

    name: str
    sign: str
    port: int
    health: str | None = None
    migrate: str = "true"


FRAMEWORKS = (
    Framework("Django REST framework", r"djangorestframework", 8000, None, "python manage.py migrate --noinput"),
    Framework("Django", r"(?i)\bdjango\b", 8000, None, "python manage.py migrate --noinput"),
    Framework("FastAPI", r"(?i)\bfastapi\b", 8000),
    Framework("Flask", r"(?i)\bflask\b", 5000),
    Framework("Laravel", r"laravel/framework", 8000, "/up", "php artisan migrate --force"),
    Framework("Rails", r"gem ['\"]rails['\"]", 3000, "/up", "bin/rails db:prepare"),
    Framework("Spring Boot", r"spring-boot", 8080, "/actuator/health"),
    Framework("NestJS", r"@nestjs/core", 3000),
    Framework("Fastify", r"\"fastify\"", 3000),
    Framework("Express", r"\"express\"", 3000),
    Framework("Go", r"(?m)^module ", 8080),
)


def framework(root: Path, folder: str = ".") -> tuple[Framework, str, bool] | None:
    """The framework, the file that says so, and whether PostgreSQL is a dependency; None when nothing is known."""
    texts = {name: text_of(root / folder / name) for name in FILES}
    for known in FRAMEWORKS:
        for name, text in texts.items():
            if text and (known.name != "Go" or name == "go.mod") and re.search(known.sign, text):
                return known, name, any(POSTGRES.search(other) for other in texts.values())
    return None
