"""From sources to checked, frozen Settings that know where each value came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tidegate.errors import SettingsError
from tidegate.outside import VARIABLE
from tidegate.settings.client import settle
from tidegate.settings.fields import env_name
from tidegate.settings.guess import guess, nearest
from tidegate.settings.identities import Account, names_in
from tidegate.settings.login import Login
from tidegate.settings.model import SECTIONS, Settings, fields_by_key
from tidegate.settings.resources import read_resources
from tidegate.settings.show import HIDDEN
from tidegate.settings.sources import ENV_FILE, Source, env_file, environment, find_root, tidegate_table

TABLE = "[tool.tidegate] in pyproject.toml"
COMMAND_LINE = "command line"
Declared = Mapping[str, Field[Any]]
# Read elsewhere: by the settings' own loading, by scripts and by tidegate's own tests.
FOREIGN = frozenset({ENV_FILE, VARIABLE, "TIDEGATE_REQUIRE_DOCKER"})

# What docker/stack.yaml takes from .env.test: not ours to read, but a near miss of one is a typo here as well.
STACK = frozenset(
    {
        *("API_IMAGE", "API_CONTEXT", "API_HOST_PORT", "API_ENV_FILE"),
        *("API_HEALTHCHECK", "API_HEALTHCHECK_OFF", "API_READY", "API_JWT_SECRET", "API_PROMISES"),
    }
)


def load(
    start: Path | None = None,
    *,
    env: Mapping[str, str] | None = None,
    env_path: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Settings:
    """The settings of the project around `start` (default: the working directory).

    `env` replaces the process environment; `env_path` names another file than .env.test; `overrides` are dotted
    keys from the command line. Raises SettingsError with every problem found, one a line.
    """
    env = environment() if env is None else env
    root = find_root((start or Path.cwd()).resolve())
    table = tidegate_table(root)
    # A path typed by hand is meant from where it was typed; one in the environment from the project's root.
    file = env_file(Path.cwd(), env_path) if env_path else env_file(root, env.get(ENV_FILE) or None)
    problems: list[str] = []
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    identities = names_in(table.get("identities", {}), problems)
    declared = fields_by_key(identities)
    for source in (
        _from_table(table, declared, problems),
        _from_env(file, declared, problems, guess_typos=True),
        _from_env(Source("environment", env), declared, problems),
        Source(COMMAND_LINE, _known(overrides or {}, COMMAND_LINE, declared, problems)),
    ):
        _take(source, declared, values, origins, problems)
    prefix = values.get("prefix", Settings.__dataclass_fields__["prefix"].default)
    resources = read_resources(table.get("resources", {}), prefix, problems)
    problems += settle(values, origins, root)
    if not problems:
        problems += Login(**_below("login.", values)).contradictions()
    if problems:
        raise SettingsError("the settings cannot be used\n" + "\n".join(f"  {problem}" for problem in problems))
    origins |= {f"resources.{name}.{key}": TABLE for name, inner in table.get("resources", {}).items() for key in inner}
    variables = MappingProxyType({**file.values, **env})
    accounts = {name: Account(name=name, **_below(f"identities.{name}.", values)) for name in identities}
    return _build(
        values,
        origins,
        resources=resources,
        root=root,
        variables=variables,
        written=frozenset([*file.values.values(), *env_file(root, None).values.values()]),
        identities=MappingProxyType(accounts),
        doubts=tuple(_doubts(env, declared)),
    )


def _doubts(env: Mapping[str, str], declared: Declared) -> Iterator[str]:
    """Variables of the environment that look like misspelled settings: others may set them there for themselves."""
    known = {*(env_name(key, field) for key, field in declared.items()), *STACK}
    for name in sorted(name for name in env if name.startswith("API_") and name not in known):
        if meant := nearest(name, known):
            yield f"{name} (environment) is not a setting, and has no effect; did you mean {meant}?"


def _build(values: Mapping[str, Any], origins: Mapping[str, str], **rest: Any) -> Settings:
    sections: dict[str, Any] = {name: made_of(**_below(f"{name}.", values)) for name, made_of in SECTIONS.items()}
    plain = {key: value for key, value in values.items() if "." not in key}
    return Settings(**plain, **sections, **rest, origins=MappingProxyType(dict(origins)))


def _below(start: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}


def _take(
    source: Source, declared: Declared, values: dict[str, Any], origins: dict[str, str], problems: list[str]
) -> None:
    for key, raw in source.values.items():
        field = declared[key]
        try:
            values[key] = field.metadata["form"](raw)
            origins[key] = source.origin
        except ValueError as form:
            problems.append(f"{_spelled(key, field, source)} is {_shown(raw, field)}: expected {form}")


def _spelled(key: str, field: Field[Any], source: Source) -> str:
    name = key if source.origin in (TABLE, COMMAND_LINE) else env_name(key, field)
    return f"{name} ({source.origin})"


def _shown(raw: object, field: Field[Any]) -> str:
    if raw == "":
        return "empty"
    # A password may also sit in a URL, where it does not belong, and hold any character.
    return HIDDEN if field.metadata["secret"] else re.sub(r"(//|:(?!//)).*@", r"\1***@", repr(raw))


def _from_table(table: Mapping[str, Any], declared: Declared, problems: list[str]) -> Source:
    flat = {key: value for key, value in table.items() if key not in (*SECTIONS, "identities", "resources")}
    for section in SECTIONS:
        inner = table.get(section, {})
        if isinstance(inner, dict):
            flat |= {f"{section}.{key}": value for key, value in inner.items()}
        else:
            problems.append(f"{section} ({TABLE}) is {inner!r}: expected a table, [tool.tidegate.{section}]")
    tables = table.get("identities")
    for name, inner in tables.items() if isinstance(tables, dict) else ():
        if isinstance(inner, dict) and f"identities.{name}.email" in declared:
            flat |= {f"identities.{name}.{key}": value for key, value in inner.items()}
    for key, field in declared.items():
        if key in flat and not field.metadata["file"]:
            problems.append(
                f"{key} ({TABLE}) does not belong into a file that is committed: set {env_name(key, field)}"
            )
    return Source(TABLE, _known(flat, TABLE, declared, problems))


def _known(flat: Mapping[str, Any], origin: str, declared: Declared, problems: list[str]) -> dict[str, Any]:
    known = [*declared, *SECTIONS, "identities", "resources"]
    for key in flat.keys() - declared.keys():
        problems.append(f"{key} ({origin}) is not a setting{guess(key, known)}")
    return {key: value for key, value in flat.items() if key in declared}


def _from_env(source: Source, declared: Declared, problems: list[str], *, guess_typos: bool = False) -> Source:
    """The settings among variables; a TIDEGATE_ name that is none of them is a problem.

    Other names are not ours to judge, but in the file (`guess_typos`) a near miss of one of ours is a typo.
    """
    by_name = {env_name(key, field): key for key, field in declared.items()}
    for name in source.values.keys() - by_name.keys() - FOREIGN - STACK:
        meant = guess(name, [*by_name, *STACK])
        if name.startswith("TIDEGATE_") or (guess_typos and meant and name.startswith("API_")):
            problems.append(f"{name} ({source.origin}) is not a setting{meant}")
    return Source(source.origin, {by_name[name]: raw for name, raw in source.values.items() if name in by_name})
