"""access.toml: roles x operations, each cell `allow`, `deny` or `own`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.errors import SettingsError
from tidegate.settings import Resource
from tidegate.settings.guess import guess
from tidegate.settings.identities import ADMIN, ANONYMOUS
from tidegate.settings.template import placeholders

ALLOW, DENY, OWN = CELLS = ("allow", "deny", "own")
MAKER = "maker"
SECTIONS = ("access", "roles", "owner", "fixed", "bodies", "denied")
KEYS = ("make", "body", "login")
SENT = ("email", "name", "unique", "account.email", "account.id", "account.password", "admin.email", "admin.password")
FILLED = ("email", "name", "unique", "password", "admin.email")
DENIED = (401, 403, 404)
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Role:
    """A column. `make` is the resource from which the admin makes its account; else it is there already."""

    name: str
    make: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    login: str = "email"

    @property
    def traits(self) -> dict[str, Any]:
        """What tells its accounts from those of other roles: all of `body` that is not made for each account."""
        return {name: value for name, value in self.body.items() if not placeholders(value)}


@dataclass(frozen=True, slots=True)
class Table:
    """Who may do what.

    `owner`: by resource, the fields that say whose a record is, or `maker`; `parents`: what a record belongs to.
    """

    name: str
    roles: Mapping[str, Role]
    rows: Mapping[str, Row]
    owner: Mapping[str, Mapping[str, Any] | str] = field(default_factory=dict)
    fixed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bodies: Mapping[str, Any] = field(default_factory=dict)
    denied: tuple[int, ...] = DENIED
    parents: Mapping[str, str] = field(default_factory=dict)

    def can_own(self, role: Role, resource: str) -> bool:
        """Whether there can be a record of the resource that is this role's own: its account, or what belongs to it."""
        if not resource or role.name in (ADMIN, ANONYMOUS):
            return False
        if resource == role.make or self.owner.get(resource) == MAKER:
            return True
        if resource in self.owner:
            return bool(role.make)
        return self.can_own(role, self.parents.get(resource, ""))


def read_table(text: str, name: str, resources: Iterable[Resource], identities: Iterable[str]) -> Table:
    """The table in `text`; raises SettingsError with every mistake, and what may have been meant."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, [str(error)]) from None
    parents = {resource.name: resource.parent or "" for resource in resources}
    reading = _Reading(plain, tuple(parents), tuple(identities))
    problems = list(reading.problems())
    if problems:
        raise _wrong(name, problems)
    made = {role: Role(role, **table) for role, table in plain.get("roles", {}).items()}
    columns = {ANONYMOUS: Role(ANONYMOUS)} | made | {role: Role(role) for role in reading.others()}
    return Table(
        name,
        columns | {ADMIN: Role(ADMIN)},
        plain.get("access", {}),
        owner=plain.get("owner", {}),
        fixed=plain.get("fixed", {}),
        bodies=plain.get("bodies", {}),
        denied=tuple(plain.get("denied", DENIED)),
        parents=parents,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    plain: Mapping[str, Any]
    resources: tuple[str, ...]
    identities: tuple[str, ...]

    def problems(self) -> Iterator[str]:
        """Everything that is wrong, in the order of the file's sections."""
        for section in self.plain:
            if section not in SECTIONS:
                yield f"[{section}] is no section of it: expected {', '.join(SECTIONS)}{guess(section, SECTIONS)}"
            elif section == "denied":
                yield from self._of_denied()
            elif not isinstance(self.plain[section], dict):
                yield f"{section} is {self.plain[section]!r}: expected a table"
            else:
                yield from getattr(self, f"_of_{section}")(self.plain[section])

    def others(self) -> list[str]:
        """The declared identities that some row names."""
        named = {role for row in self.plain.get("access", {}).values() for role in row}
        return [name for name in self.identities if name in named and name not in self.plain.get("roles", {})]

    def _of_access(self, rows: Mapping[str, Any]) -> Iterator[str]:
        roles = self.plain.get("roles", {})
        known = (ANONYMOUS, ADMIN, *(roles if isinstance(roles, dict) else ()), *self.identities)
        for name, row in rows.items():
            if not re.fullmatch(r"[A-Z]+ /\S*", name):
                yield f'"{name}" is no operation: expected a method and a path, such as "GET /things/{{id}}"'
            if not isinstance(row, dict):
                yield f'"{name}" is {row!r}: expected a cell for each role, such as {{ {ANONYMOUS} = "deny" }}'
                continue
            for role, cell in row.items():
                if role not in known:
                    yield f'"{name}": {role} is no role: known are {", ".join(known)}{guess(role, known)}'
                if cell not in CELLS:
                    yield f'"{name}": {role} is {cell!r}: expected {", ".join(CELLS)}{guess(str(cell), CELLS)}'
                elif cell == OWN and role in (ANONYMOUS, ADMIN):
                    yield f'"{name}": {role} has nothing of its own: expected {ALLOW} or {DENY}'

    def _of_roles(self, roles: Mapping[str, Any]) -> Iterator[str]:
        for name, role in roles.items():
            where = f"[roles.{name}]"
            if name in (ADMIN, ANONYMOUS):
                yield f"{where}: {name} is there without being declared"
            elif not isinstance(role, dict):
                yield f"{where} is {role!r}: expected a table"
            else:
                yield from self._of_role(where, role)

    def _of_role(self, where: str, role: Mapping[str, Any]) -> Iterator[str]:
        for key, value in role.items():
            if key not in KEYS:
                yield f"{where}: {key} is no key of it: expected {', '.join(KEYS)}{guess(key, KEYS)}"
            elif not isinstance(value, dict if key == "body" else str):
                yield f"{where}: {key} is {value!r}: expected {'a table' if key == 'body' else 'a text'}"
        yield from _placeholders(where, role.get("body"), FILLED)
        yield from self._known(where, role.get("make"), "make")
        if "make" not in role:
            yield f"{where}: make is missing: the resource whose records are its accounts, such as {self._example}"

    def _of_owner(self, owners: Mapping[str, Any]) -> Iterator[str]:
        for name, fields in owners.items():
            yield from self._known("[owner]", name)
            if fields != MAKER and not isinstance(fields, dict):
                form = f'fields of a record such as {{ owner = "{{id}}" }}, or "{MAKER}" where who makes one owns it'
                yield f"[owner] {name} is {fields!r}: expected {form}"

    def _of_fixed(self, fixed: Mapping[str, Any]) -> Iterator[str]:
        for name, fields in fixed.items():
            yield from self._known("[fixed]", name)
            if not isinstance(fields, dict):
                yield f'[fixed] {name} is {fields!r}: expected fields and values, such as {{ role = "admin" }}'

    def _of_bodies(self, bodies: Mapping[str, Any]) -> Iterator[str]:
        rows = self.plain.get("access", {})
        for name in bodies:
            if name not in rows:
                yield f'[bodies] "{name}" is no row of [access]{guess(name, rows)}'
            yield from _placeholders(f'[bodies] "{name}"', bodies[name], SENT)

    def _of_denied(self) -> Iterator[str]:
        found = self.plain["denied"]
        if not isinstance(found, list) or not all(type(status) is int and 300 <= status < 500 for status in found):
            yield f"denied is {found!r}: expected statuses, such as {list(DENIED)}"

    def _known(self, where: str, name: Any, key: str = "") -> Iterator[str]:
        if isinstance(name, str) and name not in self.resources:
            named = f"{key} is {name!r}, which" if key else name
            declared = ", ".join(self.resources) or "none"
            yield f"{where}: {named} is no declared resource: declared are {declared}{guess(name, self.resources)}"

    @property
    def _example(self) -> str:
        return repr(next(iter(self.resources), "accounts"))


def _placeholders(where: str, template: Any, known: tuple[str, ...]) -> Iterator[str]:
    for name in placeholders(template):
        if name not in known:
            yield f"{where}: there is no {{{name}}} there: known are {', '.join(known)}{guess(name, known)}"


def _wrong(name: str, problems: list[str]) -> SettingsError:
    said = "".join(f"\n  seen: {problem}" for problem in problems)
    return SettingsError(f"{name} is not a table of who may do what{said}\n  next: correct it there")
