"""The people of a table of who may do what: accounts that the admin made, logged in, or those who are declared."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tidegate.errors import LoginRefused
from tidegate.plugin.contract.judging import judging
from tidegate.session.answers import Record
from tidegate.session.jsonpath import plant
from tidegate.settings import Account
from tidegate.settings.identities import ADMIN
from tidegate.settings.template import fill

if TYPE_CHECKING:
    import httpx

    from tidegate.contract.access import Role
    from tidegate.session.login import Login, Sessions
    from tidegate.session.making import Maker
    from tidegate.session.run import Unique
    from tidegate.settings import Settings


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks; `record` is the account, where the admin made it."""

    role: Role
    client: httpx.Client
    email: str = ""
    password: str = field(default="", repr=False)
    record: Record | None = None


@dataclass(slots=True)
class Accounts:
    """One person for each role of the table, made when first needed; `maker` removes the accounts at the end."""

    table: str
    settings: Settings
    maker: Maker
    unique: Unique
    sessions: Sessions
    login: Login
    open_as: Callable[..., httpx.Client]
    as_identity: Callable[[str], httpx.Client]
    learn: Callable[[list[str]], None]
    _known: dict[str, Person] = field(default_factory=dict)
    _refused: dict[str, LoginRefused] = field(default_factory=dict)

    def of(self, role: Role) -> Person:
        """The person of this role whom all cases share."""
        if role.name not in self._known:
            self._known[role.name] = self.new(role)
        return self._known[role.name]

    def forget(self, role: Role) -> None:
        """Has a new one made for the next case: this one is not what it was."""
        if role.make:
            self._known.pop(role.name, None)

    def new(self, role: Role) -> Person:
        """A person of this role for one case, or the one that there is where none can be made."""
        __tracebackhide__ = True
        if role.make:
            return self._made(role)
        declared = self.settings.accounts.get(role.name) or self.settings.accounts[ADMIN]
        with judging(True):  # a login that other tests share
            client = self.as_identity(role.name)
        return Person(role, client, declared.email or "", declared.password or "")

    def _made(self, role: Role) -> Person:
        __tracebackhide__ = True
        if role.name in self._refused:  # not tried again: many refused logins look like an attack
            raise self._refused[role.name]
        # Of all kinds of characters, since many APIs ask for them.
        password = f"{secrets.token_urlsafe(18)}-aA1"
        self.learn([password])
        values = {
            "email": self.unique.email(),
            "name": self.unique.name(),
            "unique": self.unique(),
            "password": password,
            "admin.email": self.settings.admin_email,
        }
        fields: dict[str, Any] = fill(role.body, values)
        email = fields.get(role.login) or self._named(role, values)
        plant(fields, role.login, email)
        record = self.maker.create(*self.maker.prepared(role.make, **fields))
        account = Account(name=role.name, email=str(email), password=password)
        try:
            session = self.sessions.open(account, self.login)
        except LoginRefused as refused:
            self._refused[role.name] = LoginRefused(_cannot_log_in(role, refused, self.table), refused.status)
            raise self._refused[role.name] from None
        client = self.open_as(role.name, session, account)
        return Person(role, client, str(email), password, record)

    def _named(self, role: Role, values: dict[str, Any]) -> Any:
        """What the account logs in as, where its role does not say it: what its resource's body has there."""
        resource = next(each for each in self.settings.resources if each.name == role.make)
        return fill(resource.body.get(role.login) or "{email}", values)


def _cannot_log_in(role: Role, refused: LoginRefused, table: str) -> str:
    seen = "\n".join(line for line in str(refused).splitlines() if not line.startswith("  next:"))
    return (
        f"the account that was made for {role.name} cannot log in: {seen}\n"
        f"  next: see that body of [roles.{role.name}] in {table} makes an account that can: it needs {{password}}"
        " where the API takes one, and login must name the field to log in by"
    )
