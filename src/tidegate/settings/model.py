"""All settings together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tidegate.settings import forms, http_forms
from tidegate.settings.client import Client
from tidegate.settings.contract import Contract
from tidegate.settings.evidence import Evidence
from tidegate.settings.fields import setting
from tidegate.settings.health import Health
from tidegate.settings.identities import ADMIN, Account, declared
from tidegate.settings.login import Login
from tidegate.settings.record import Recording
from tidegate.settings.resource import Resource
from tidegate.settings.stack import Stack
from tidegate.settings.target import Target

SECRET_NAME = re.compile(r"PASSW|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a run, and where each came from."""

    base_url: str = setting(
        "http://localhost:8000",
        http_forms.base_url,
        "Where the API listens",
        env="API_BASE_URL",
        example='"https://api.example.com/v1"',
    )
    admin_email: str | None = setting(None, forms.text, "E-mail of the seeded admin", env="API_ADMIN_EMAIL")
    admin_password: str | None = setting(
        None, forms.text, "Password of the seeded admin", env="API_ADMIN_PASSWORD", secret=True
    )
    admin_token: str | None = setting(
        None, forms.text, "Fixed token of the admin, where `login.kind` is `token`", env="API_ADMIN_TOKEN", secret=True
    )
    api_token: str | None = setting(
        None, forms.text, "The same, where there is only one token", env="API_TOKEN", secret=True
    )
    prefix: str = setting(
        "test-", forms.prefix, "Start of every value that marks a record as made by tests", example='"e2e-"'
    )
    artifacts: str = setting("artifacts", forms.text, "Folder for what a run leaves, from the project's root")
    health: Health = field(default_factory=Health)
    login: Login = field(default_factory=Login)
    client: Client = field(default_factory=Client)
    target: Target = field(default_factory=Target)
    stack: Stack = field(default_factory=Stack)
    record: Recording = field(default_factory=Recording)
    contract: Contract = field(default_factory=Contract)
    evidence: Evidence = field(default_factory=Evidence)
    identities: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    resources: tuple[Resource, ...] = ()
    root: Path = field(default_factory=Path.cwd)
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # Everything in .env.test and the environment, which wins: a suite's own facts need no second reader.
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    # The values in .env.test, which is committed: no password for a shared server may be one of them.
    written: frozenset[str] = field(default=frozenset(), repr=False)
    # What looks like a mistake and need not be one.
    doubts: tuple[str, ...] = ()

    def health_url(self, base_url: str) -> str:
        """What the gate asks when the API is at `base_url`."""
        return self.health.path if self.health.path.startswith("http") else base_url + self.health.path

    @property
    def artifacts_dir(self) -> Path:
        """The artifacts folder as an absolute path."""
        return self.root / self.artifacts

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown: what is secret of those who log in, and in variables by their names."""
        named = {value for name, value in self.variables.items() if SECRET_NAME.search(name) and len(value) >= 6}
        for account in self.accounts.values():
            named |= {account.password or "", account.token or ""}
            if self.login.kind == "basic" and account.password:
                named.add(self.login.basic(account.email, account.password))
        return tuple(sorted(filter(None, {*named, self.login.client_secret})))

    @property
    def accounts(self) -> Mapping[str, Account]:
        """Everybody whom the tests may log in as, by name: the admin, and the declared identities."""
        token = self.admin_token or self.api_token
        admin = Account(name=ADMIN, email=self.admin_email, password=self.admin_password, token=token)
        return {ADMIN: admin, **self.identities}


Section = Health | Login | Client | Target | Stack | Recording | Contract | Evidence
SECTIONS: Mapping[str, type[Section]] = MappingProxyType(
    {
        "health": Health,
        "login": Login,
        "client": Client,
        "target": Target,
        "stack": Stack,
        "record": Recording,
        "contract": Contract,
        "evidence": Evidence,
    }
)


def fields_by_key(identities: Iterable[str] = ()) -> dict[str, Field[Any]]:
    """Every plain setting, and those of these identities, by its dotted key, in the order of declaration."""
    found = {name: f for name, f in Settings.__dataclass_fields__.items() if f.metadata}
    for section, made_of in SECTIONS.items():
        found |= {f"{section}.{name}": f for name, f in made_of.__dataclass_fields__.items()}
    return found | declared(identities)
