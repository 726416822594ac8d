"""README.md says what the code does: its tables are compared with the declarations."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path

from tidegate import errors, plugin
from tidegate.errors import TidegateError
from tidegate.settings import load, markdown

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def row(*cells: str) -> str:
    """One row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def test_the_page_of_settings_is_what_the_declarations_say() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == markdown(), "make it anew: tidegate settings --markdown > docs/settings.md"


def test_each_exit_code_is_in_the_table() -> None:
    for error in TidegateError.__subclasses__():
        assert row(f"{error.exit_code}", f"{error.__doc__}") in README, error


def test_each_fixture_is_in_the_table() -> None:
    public = [name for name, value in vars(plugin).items() if "ixture" in type(value).__name__ and name[0] != "_"]
    assert len(public) == 16
    for name in public:
        assert f"| `{name}` |" in README, name


def test_the_resources_shown_are_those_of_this_project() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    shown = tomllib.loads(blocks[0])["tool"]["tidegate"]["resources"]
    real = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["tidegate"]["resources"]
    assert {name: table | {"path": f"/{name}"} for name, table in shown.items()} == real


def test_the_exit_codes_at_the_top_of_errors_are_those_of_the_classes() -> None:
    drawn = dict(re.findall(r"[├└]── (\w+) +(\d+)", errors.__doc__ or ""))
    kinds = [kind for error in TidegateError.__subclasses__() for kind in (error, *error.__subclasses__())]
    ours = [kind for kind in kinds if kind.__module__ == TidegateError.__module__]  # stages refine some for themselves
    assert drawn == {kind.__name__: str(kind.exit_code) for kind in ours}


def test_the_version_is_one_and_the_same() -> None:
    import tidegate

    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == tidegate.__version__
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_settings_shown_for_an_api_of_ones_own_are_taken(tmp_path: Path) -> None:
    shown = re.findall(r"```toml\n(.*?)```", textwrap.dedent(README), re.DOTALL)[1]
    (tmp_path / "pyproject.toml").write_text(textwrap.dedent(shown.replace("\n   ", "\n")))
    (members,) = load(tmp_path, env={}).resources
    assert (members.path, members.paging) == ("/api/members/", "page")
