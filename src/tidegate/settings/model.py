"""Every setting, once: its default, its form, its environment variable and what it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms

SECRET_NAME = re.compile(r"PASSW|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE", re.IGNORECASE)


def setting(
    default: Any,
    form: Callable[[object], Any],
    doc: str,
    *,
    env: str | None = None,
    secret: bool = False,
) -> Any:
    """A dataclass field that knows how its value is read and described."""
    return field(default=default, metadata={"form": form, "doc": doc, "env": env, "secret": secret}, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the gate asks whether the API is up, and what counts as a yes."""

    path: str = setting(
        "/health",
        forms.path_or_url,
        "Path below the base URL, or a whole URL, that the gate polls",
        env="API_HEALTH_PATH",
    )
    words: tuple[str, ...] = setting(
        ("ok", "healthy", "up", "pass"), forms.words, "Words of a JSON `status` that mean up, in any case"
    )
    timeout: float = setting(30.0, forms.seconds, "Seconds until the gate gives up")
    try_timeout: float = setting(5.0, forms.seconds, "Seconds that one try of the gate may take")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How a session gets its token."""

    path: str = setting("/auth/login", forms.url_path, "Path of the login, a POST", env="API_LOGIN_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The HTTP client of the tests."""

    timeout: float = setting(10.0, forms.seconds, "Seconds for one request of a test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of record that tests make, and how clean-up finds and removes it."""

    name: str
    path: str = setting("", forms.url_path, "Path of the collection; records are below it")
    id: str = setting("id", forms.text, "Field that holds the id; dots lead into objects")
    marker: str | None = setting(None, forms.text, "Field that carries the prefix; only records with it are swept")
    filter: str | None = setting(None, forms.filter_template, "Query that lists our records; absent: the ledger alone")
    parent: str | None = setting(None, forms.text, "Resource that a record belongs to; its marker is the parent's")
    parent_field: str | None = setting(None, forms.text, "Field that holds the parent's id")
    delete_first: tuple[str, ...] = setting((), forms.names, "Resources that must be deleted before this one")
    created: str = setting("created_at", forms.text, "Field with the time of creation, for records without a run id")
    page_size: int = setting(100, forms.count, "Records per page when clean-up lists")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a run, and where each came from."""

    base_url: str = setting("http://localhost:8000", forms.base_url, "Where the API listens", env="API_BASE_URL")
    admin_email: str | None = setting(None, forms.text, "E-mail of the seeded admin", env="API_ADMIN_EMAIL")
    admin_password: str | None = setting(
        None, forms.text, "Password of the seeded admin", env="API_ADMIN_PASSWORD", secret=True
    )
    prefix: str = setting("test-", forms.prefix, "Start of every value that marks a record as made by tests")
    artifacts: str = setting("artifacts", forms.text, "Folder for what a run leaves, from the project's root")
    health: Health = field(default_factory=Health)
    login: Login = field(default_factory=Login)
    client: Client = field(default_factory=Client)
    resources: tuple[Resource, ...] = ()
    root: Path = field(default_factory=Path.cwd)
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # Everything in .env.test and the environment, which wins: a suite's own facts need no second reader.
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def health_url(self, base_url: str) -> str:
        """What the gate asks when the API is at `base_url`."""
        return self.health.path if self.health.path.startswith("http") else base_url + self.health.path

    @property
    def artifacts_dir(self) -> Path:
        """The artifacts folder as an absolute path."""
        return self.root / self.artifacts

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown: the admin's password, and what a variable's name calls a secret."""
        named = {value for name, value in self.variables.items() if SECRET_NAME.search(name) and len(value) >= 6}
        return tuple(sorted(named | ({self.admin_password} if self.admin_password else set())))


SECTIONS: Mapping[str, type[Health] | type[Login] | type[Client]] = MappingProxyType(
    {"health": Health, "login": Login, "client": Client}
)


def env_name(key: str, declared: Field[Any]) -> str:
    """The environment variable that sets `key`."""
    return declared.metadata["env"] or "TIDEGATE_" + key.upper().replace(".", "_")


def fields_by_key() -> dict[str, Field[Any]]:
    """Every plain setting by its dotted key, in the order of declaration."""
    found = {name: f for name, f in Settings.__dataclass_fields__.items() if f.metadata}
    for section, declared in SECTIONS.items():
        found |= {f"{section}.{name}": f for name, f in declared.__dataclass_fields__.items()}
    return found
