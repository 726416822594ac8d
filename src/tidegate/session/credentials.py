"""What may log in to a shared target: credentials from the environment alone, and none that everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tidegate.errors import SettingsError
from tidegate.session.hosts import Place, base_of, is_disposable, place_of
from tidegate.session.sent import leaves
from tidegate.settings import Settings
from tidegate.settings.fields import env_name
from tidegate.settings.model import fields_by_key
from tidegate.settings.template import placeholders

ENVIRONMENT = "environment"
CHOSEN = (ENVIRONMENT, "command line")  # by whoever starts the run
PASSWORD = re.compile(r"passw|pwd|secret", re.I)
NAMED = re.compile(r"pass|pwd|secret|token|key|auth|credential", re.I)
# In any case; the last is the password of the example in this repository.
KNOWN = frozenset(
    {
        *("admin", "administrator", "root", "test", "tests", "testing", "guest", "demo", "default", "secret"),
        *("password", "passw0rd", "password1", "password123", "admin123", "test123", "changeme", "change-me"),
        *("letmein", "welcome", "qwerty", "1234", "12345", "123456", "12345678", "123456789", "postgres", "mysql"),
        "tide-and-gate-2026",
    }
)


def check_credentials(settings: Settings, base_url: str) -> None:
    """Raises SettingsError, before anything is sent, when a shared target would get credentials that it must not."""
    where = settings.origins.get("target.allow_writes", ENVIRONMENT)
    if where not in CHOSEN:
        raise SettingsError(
            f"TIDEGATE_ALLOW_WRITES ({where}) is refused: what is committed cannot allow to write to a shared server\n"
            "  next: give --allow-writes=HOST, or set it in the environment, for the one run that may"
        )
    for place in dict.fromkeys(place_of(base_of(url)) for url in _visited(settings, base_url)):
        if is_disposable(place, settings.target, proxied=settings.client.proxy is not None):
            continue
        problems = [*_problems(settings), *_literals(settings)]
        if problems:
            raise SettingsError(_refusal(problems, place))


def _visited(settings: Settings, base_url: str) -> Iterator[str]:
    """Where credentials go: to the API, and where the settings name another server for the login or for the gate."""
    yield base_url
    if settings.login.asks:
        yield settings.login.url(base_url)
    if settings.health.login:
        yield settings.health_url(base_url)


def _problems(settings: Settings) -> Iterator[str]:
    where = settings.origins.get("target.allow_admin_changes", ENVIRONMENT)
    if settings.target.allow_admin_changes and where not in CHOSEN:
        yield f"target.allow_admin_changes comes from {where}, which cannot give the admin of a shared server away"
    for key, declared in fields_by_key(settings.identities).items():
        value = _at(settings, key)
        if not declared.metadata["secret"] or not isinstance(value, str):
            continue
        name, origin = env_name(key, declared), settings.origins.get(key, "default")
        if origin != ENVIRONMENT:
            yield f"{name} comes from {origin}, not from the environment"
        elif value in settings.written:
            yield f"{name} is a value that stands in .env.test as well"
        elif value.casefold() in KNOWN:
            yield f"{name} is one of the passwords that everybody tries first"


def _literals(settings: Settings) -> Iterator[str]:
    """What is wrong with texts that stand in the settings under the name of a password or of a key."""
    for key, table in (
        ("login.body", settings.login.body),
        ("login.headers", settings.login.headers),
        ("client.headers", settings.client.headers),
    ):
        for name, text in leaves(key, table):
            if placeholders(text) or not NAMED.search(name.removeprefix(key)):
                continue
            bare = text.rpartition(" ")[2]  # what stands after a scheme
            if name.startswith("login.") and PASSWORD.search(name.removeprefix(key)):
                yield f"{name} is a password that stands in the settings"
            elif bare in settings.written:
                yield f"{name} is a value that stands in .env.test as well"
            elif bare.casefold() in KNOWN:
                yield f"{name} is one of the passwords that everybody tries first"


def _at(settings: Settings, key: str) -> Any:
    found: Any = settings
    for step in key.split("."):
        found = found.get(step) if isinstance(found, Mapping) else getattr(found, step, None)
    return found


def _refusal(problems: list[str], place: Place) -> str:
    return "\n".join(
        [
            f"{place} is a shared target, and these credentials are not for one",
            *(f"  seen: {problem}" for problem in problems),
            "  next: set them in the environment, from where secrets are kept; a host for tests alone belongs"
            " into TIDEGATE_DISPOSABLE, or target.disposable in [tool.tidegate]",
        ]
    )
