"""Settings for people: each with its value and where it came from, and all of them as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import Field
from itertools import groupby
from typing import Any

from tidegate.settings.fields import env_name
from tidegate.settings.identities import declared as declared_identities
from tidegate.settings.model import Settings, fields_by_key
from tidegate.settings.resource import Resource

HIDDEN = "*** (hidden)"
UNSET = "(not set)"


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Key, value and origin of every setting; secrets are hidden."""
    rows = [("root", str(settings.root), "where pyproject.toml or .env.test was found")]
    for key, declared in fields_by_key(settings.identities).items():
        value = _value(settings, key)
        shown = UNSET if value is None else HIDDEN if declared.metadata["secret"] else _text(value)
        rows.append((key, shown, settings.origins.get(key, "default")))
    for resource in settings.resources:
        for name, declared in _declared(Resource).items():
            value = getattr(resource, name)
            if value != declared.metadata["default"]:
                origin = settings.origins.get(f"resources.{resource.name}.{name}", "default")
                rows.append((f"resources.{resource.name}.{name}", _text(value), origin))
    return rows


def _value(settings: Settings, key: str) -> Any:
    found: Any = settings
    for step in key.split("."):
        found = found[step] if isinstance(found, Mapping) else getattr(found, step)
    return found


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {inner}" for name, inner in value.items())
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)


def _declared(section: type[Any]) -> dict[str, Field[Any]]:
    return {name: field for name, field in section.__dataclass_fields__.items() if field.metadata}


def markdown() -> str:
    """Every setting as a page of tables, made from the declarations."""
    lines = ["# Settings", "", INTRODUCTION]
    for section, keys in groupby(fields_by_key().items(), lambda item: item[0].partition(".")[0] * ("." in item[0])):
        lines += ["", f"## [tool.tidegate{'.' * bool(section)}{section}]", "", *_table(keys, with_variable=True)]
    lines += ["", "## [tool.tidegate.identities.NAME]", "", IDENTITIES, ""]
    lines += _table(declared_identities(["NAME"]).items(), with_variable=True)
    lines += ["", "## [tool.tidegate.resources.NAME]", "", RESOURCES, ""]
    lines += _table(_declared(Resource).items(), with_variable=False)
    return "\n".join(lines) + "\n"


INTRODUCTION = """\
Later sources win: defaults, `[tool.tidegate]` in `pyproject.toml`, `.env.test`, the environment, the command line
(`--tidegate-set KEY=VALUE` for pytest, `--set KEY=VALUE` for `tidegate`). `tidegate settings` shows each with its value
and where it came from. A path into JSON is dotted (`data.items.0`) or a JSON pointer (`/data/items/0`)."""

IDENTITIES = """\
One table for each person, beside the admin, that tests log in as: `as_identity("NAME")` gives a client. An empty table
is enough where variables say the rest."""

RESOURCES = """\
One table for each kind of record that tests make. `{name}` in a text is a placeholder; one that is the whole text keeps
the type of its value."""


def _table(fields: Iterable[tuple[str, Field[Any]]], *, with_variable: bool) -> list[str]:
    columns = ["key", "variable", "default", "", "example"]
    rows = [[*columns], ["---"] * len(columns)]
    for key, declared in fields:
        name = key.rpartition(".")[2]
        variable = f"`{env_name(key, declared)}`"
        example = f"`{declared.metadata['example']}`" if declared.metadata["example"] else ""
        key_cell = f"`{name}`" if declared.metadata["file"] else ""
        rows.append([key_cell, variable, _default(key, declared), declared.metadata["doc"], example])
    if not with_variable:
        rows = [[row[0], *row[2:]] for row in rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def _default(key: str, declared: Field[Any]) -> str:
    if key == "path":
        return "`/NAME`"
    default = declared.metadata["default"]
    return "" if default in (None, "", ()) or default == {} else f"`{_text(default)}`"
