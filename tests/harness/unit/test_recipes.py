"""Every page of docs/recipes can be used as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tidegate.settings import load
from tidegate.settings.template import placeholders

RECIPES = Path(__file__).resolve().parents[3] / "docs" / "recipes"
PAGES = sorted(path for path in RECIPES.glob("*.md") if path.name != "README.md")
BLOCKS = [
    pytest.param(page, toml, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, toml in enumerate(re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
]


def env_file(page: Path) -> str:
    """What the page has for .env.test."""
    (found,) = re.findall(r"```ini\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@pytest.mark.parametrize(("page", "toml"), BLOCKS)
def test_the_settings_of_a_page_are_accepted(tmp_path: Path, page: Path, toml: str) -> None:
    (tmp_path / "pyproject.toml").write_text(toml)
    (tmp_path / ".env.test").write_text(env_file(page))
    settings = load(tmp_path, env={})
    assert any(origin.startswith("[tool.tidegate]") for origin in settings.origins.values())
    for resource in settings.resources:
        assert resource.marker
        assert resource.filter
        assert {"name", "email", "unique"} & {*placeholders(resource.body)}
        assert resource.change


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_what_its_login_needs(tmp_path: Path, page: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / ".env.test").write_text(env_file(page))
    variables = load(tmp_path, env={}).variables
    assert {"API_ADMIN_EMAIL", "API_ADMIN_PASSWORD"} <= variables.keys() or "API_TOKEN" in variables


def test_the_index_names_every_page_and_no_other() -> None:
    index = (RECIPES / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\(([\w-]+\.md)\)", index)
    assert sorted(named) == sorted(page.name for page in PAGES)
    assert len(PAGES) == 8


@pytest.mark.parametrize("page", [*PAGES, RECIPES / "README.md"], ids=lambda page: page.stem)
def test_a_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
