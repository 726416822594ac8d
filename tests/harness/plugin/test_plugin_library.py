from __future__ import annotations

from pathlib import Path

import pytest
from plugin.conftest import Project
from plugin.test_suite_variants import run_against
from stub_api import Variant

LIBRARIES = ["httpx", "httpx2"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_client_is_one_of_the_chosen_library(
    project: Project, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDEGATE_CLIENT_LIBRARY", library)
    project.test(f"""
import sys
import pytest
from tidegate import LoginRefused

def test_it(client, admin, login, unique):
    assert {{type(client).__module__.split(".")[0], type(admin).__module__.split(".")[0]}} == {{{library!r}}}
    assert admin.post("/users", json={{"email": unique.email(), "name": "x"}}).status_code == 201
    with pytest.raises(LoginRefused):
        login("nobody@example.com", "x")
    assert [name for name in ("httpx", "httpx2") if name in sys.modules] == [{library!r}]
""")
    project.run().assert_outcomes(passed=1)
    assert project.stub.emails() == set()


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_suite_passes_with_either_library(tmp_path: Path, library: str) -> None:
    outcome = run_against(Variant(), tmp_path, TIDEGATE_CLIENT_LIBRARY=library)
    assert (outcome.exit_code, outcome.failed) == (0, []), outcome.output
    assert " made, 0 records removed at the end" in outcome.output
