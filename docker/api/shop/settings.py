"""What the API reads from its environment, checked once at start-up."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVER = "postgresql+psycopg"
SHORTEST_SECRET = 32  # bytes; an HMAC-SHA256 key shorter than its digest weakens the signature
# How values begin that were copied from a file in public.
PUBLISHED_SECRETS = ("test-only-", "change", "default", "example", "secret")


class SettingError(Exception):
    """One environment variable that the API cannot work with; the message names it and never shows a secret."""


@dataclass(frozen=True)
class Settings:
    """Everything the API is told from outside."""

    database_url: URL
    jwt_secret: str = field(repr=False)
    token_seconds: int = 900
    host: str = "127.0.0.1"
    port: int = 8000


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The API's settings, or SettingError for the first variable that is wrong."""
    return Settings(
        database_url=read_database_url(environment),
        jwt_secret=_read_secret(environment),
        token_seconds=_read_number(environment, "API_TOKEN_SECONDS", 900, 1, 86_400),
        host=environment.get("HOST") or "127.0.0.1",
        port=_read_number(environment, "PORT", 8000, 1, 65_535),
    )


def read_required(environment: Mapping[str, str], name: str, meaning: str) -> str:
    """The variable's value; SettingError when it is absent or empty."""
    if value := environment.get(name, ""):
        return value
    raise SettingError(f"{name} is missing. Set it to {meaning}.")


def read_database_url(environment: Mapping[str, str] = os.environ) -> URL:
    """Where the database is; SettingError when DATABASE_URL is missing or isn't a PostgreSQL address."""
    form = f"{DRIVER}://user:password@host:5432/name"
    text = read_required(environment, "DATABASE_URL", form)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingError(f"DATABASE_URL can't be read as an address. Its form is {form}.") from None
    if url.drivername not in {"postgres", "postgresql", DRIVER}:
        raise SettingError(f"DATABASE_URL starts with {url.drivername!r}. Its form is {form}.")
    return url.set(drivername=DRIVER)


def _read_secret(environment: Mapping[str, str]) -> str:
    secret = read_required(environment, "API_JWT_SECRET", f"a random value of {SHORTEST_SECRET} bytes or more")
    if environment.get("API_TEST_STACK") == "1":
        return secret
    if len(secret.encode()) < SHORTEST_SECRET:
        raise SettingError(f"API_JWT_SECRET is shorter than {SHORTEST_SECRET} bytes. Set a longer random value.")
    if secret.lower().startswith(PUBLISHED_SECRETS) or len(set(secret)) < 8:
        raise SettingError(
            "API_JWT_SECRET is a published or guessable value. Set a random one, or API_TEST_STACK=1 on a test stack."
        )
    return secret


def _read_number(environment: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = environment.get(name) or str(default)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if lowest <= number <= highest:
        return number
    raise SettingError(f"{name} is {text[:40]!r}. Set a whole number from {lowest} to {highest}.")
