"""[tool.tidegate.identities.<name>]: who, beside the admin, the tests may log in as."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import Field, dataclass
from typing import Any

from tidegate.settings import forms
from tidegate.settings.fields import env_name, setting

ADMIN, ANONYMOUS = "admin", "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody whom the tests may log in as."""

    name: str
    email: str | None = setting(None, forms.text, "E-mail, or user name", example='"viewer@example.com"')
    password: str | None = setting(None, forms.text, "Password", secret=True)
    token: str | None = setting(None, forms.text, "Fixed token, where `login.kind` is `token`", secret=True)

    def variable(self, key: str) -> str:
        """The environment variable that holds `email`, `password`, `token` or the `client_secret`, which all share."""
        if key == "client_secret":
            return "API_CLIENT_SECRET"
        return env_name(f"identities.{self.name}.{key}", Account.__dataclass_fields__[key])


def declared(names: Iterable[str]) -> dict[str, Field[Any]]:
    """The settings of these identities by their dotted keys."""
    fields = {key: field for key, field in Account.__dataclass_fields__.items() if field.metadata}
    return {f"identities.{name}.{key}": field for name in names for key, field in fields.items()}


def names_in(table: object, problems: list[str]) -> tuple[str, ...]:
    """The identities that [tool.tidegate.identities] declares; problems are appended."""
    if not isinstance(table, dict):
        problems.append(f"identities is {table!r}: expected tables, [tool.tidegate.identities.<name>]")
        return ()
    found = []
    for name, inner in table.items():
        where = f"[tool.tidegate.identities.{name}] in pyproject.toml"
        if name in (ADMIN, ANONYMOUS):
            known = "set admin_email" if name == ADMIN else "it is who has not logged in"
            problems.append(f"{where}: {name} is there without being declared: {known}")
        elif not re.fullmatch(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", name):
            problems.append(f"{where}: expected a name of small letters and digits, such as viewer or second-admin")
        elif not isinstance(inner, dict):
            problems.append(f"{where} is {inner!r}: expected a table")
        else:
            found.append(name)
    return tuple(found)
