"""README.md says what the code does: its tables are compared with the declarations."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tidegate import errors
from tidegate.errors import TidegateError
from tidegate.plugin import fixtures
from tidegate.settings.model import Resource, Settings, env_name, fields_by_key

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def plain(value: object) -> str:
    """A default as the table shows it."""
    if value in (None, "", ()):
        return ""
    return f"`{', '.join(value) if isinstance(value, tuple) else f'{value:g}' if isinstance(value, float) else value}`"


def row(*cells: str) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def default(settings_class: type, key: str) -> object:
    """What a setting is when nobody sets it."""
    found: object = settings_class() if settings_class is Settings else settings_class(name="x")
    for step in key.split("."):
        found = getattr(found, step)
    return found


@pytest.mark.parametrize("key", fields_by_key())
def test_each_setting_is_in_the_table_with_its_variable_and_default(key: str) -> None:
    declared = fields_by_key()[key]
    expected = row(f"`{key}`", f"`{env_name(key, declared)}`", plain(default(Settings, key)), declared.metadata["doc"])
    assert expected in README, expected


@pytest.mark.parametrize("key", [name for name in Resource.__dataclass_fields__ if name != "name"])
def test_each_key_of_a_resource_is_in_the_table(key: str) -> None:
    shown = "`/<name>`" if key == "path" else plain(default(Resource, key))
    expected = row(f"`{key}`", shown, Resource.__dataclass_fields__[key].metadata["doc"])
    assert expected in README, expected


def test_each_exit_code_is_in_the_table() -> None:
    for error in TidegateError.__subclasses__():
        assert row(f"{error.exit_code}", f"{error.__doc__}") in README, error


def test_each_fixture_is_in_the_table() -> None:
    public = [name for name, value in vars(fixtures).items() if "ixture" in type(value).__name__ and name[0] != "_"]
    assert len(public) == 11
    for name in public:
        assert f"| `{name}` |" in README, name


def test_the_resources_shown_are_those_of_this_project() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    shown = tomllib.loads(blocks[0])["tool"]["tidegate"]["resources"]
    real = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["tidegate"]["resources"]
    assert {name: table | {"path": f"/{name}"} for name, table in shown.items()} == real


def test_the_exit_codes_at_the_top_of_errors_are_those_of_the_classes() -> None:
    drawn = dict(re.findall(r"[├└]── (\w+) +(\d+)", errors.__doc__ or ""))
    assert drawn == {error.__name__: str(error.exit_code) for error in TidegateError.__subclasses__()}


def test_the_version_is_one_and_the_same() -> None:
    import tidegate

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == tidegate.__version__
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
