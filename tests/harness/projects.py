"""A small project that declares the stub API's resources, and a stub that can be bent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from preloaded import pytest_run
from stub_api import ADMIN_EMAIL, ADMIN_PASSWORD, Answer, Call, StubApi, Variant

from tidegate.session.scene import Scene, open_scene
from tidegate.settings import Settings, load

PYPROJECT = """\
[tool.tidegate.resources.users]
marker = "email"
filter = "email_prefix={prefix}"

[tool.tidegate.resources.orders]
parent = "users"
parent_field = "user_id"
filter = "user_id={parent.id}"
"""

Bend = Callable[[Call, Callable[[Call], Answer]], Answer]


class Bent(StubApi):
    """A stub whose `bend`, when set, answers each request; it gets the call and the way to the usual answer."""

    bend: Bend | None = None

    def answer(self, call: Call) -> Answer:
        return self.bend(call, super().answer) if self.bend else super().answer(call)

    def lists(
        self,
        choose: Callable[[list[dict[str, Any]], dict[str, str]], Iterable[dict[str, Any]]] = lambda rows, _query: rows,
        *,
        cap: int = 100,
        offset: bool = True,
        shape: Callable[[list[dict[str, Any]]], Any] = lambda page: {"items": page},
    ) -> None:
        """Bends only the list of users: which rows, how many at most, whether `offset` counts, in what shape."""

        def bent(call: Call, usual: Callable[[Call], Answer]) -> Answer:
            if (call.method, call.path) != ("GET", "/users"):
                return usual(call)
            first = int(call.query.get("offset", 0)) if offset else 0
            rows = list(choose(self.rows(), call.query))
            return Answer(200, shape(rows[first : first + min(cap, int(call.query["limit"]))]))

        self.bend = bent

    def answers(self, method: str, path: str, answer: Answer) -> None:
        """Bends every request of `method` to a path that starts so."""
        self.bend = lambda call, usual: answer if call.method == method and call.path.startswith(path) else usual(call)

    def set_password(self, email: str, password: str) -> None:
        """Gives the user with this e-mail another password."""
        [user] = [row for row in self.rows() if row["email"] == email]
        self.records.update("users", self.records.tables["users"][user["id"]], {"password": password})

    def emails(self) -> set[str]:
        """The e-mails of all users but the admin."""
        return {row["email"] for row in self.rows() if row.get("role") != "admin"}

    def order_for(self, user_id: Any) -> Any:
        """Stores an order and returns its id."""
        return self.records.create(
            "orders", {"user_id": user_id, "lines": [{"sku": "a", "quantity": 1, "unit_price": 1}]}
        )["id"]


def settings_of(folder: Path, stub: StubApi, pyproject: str = PYPROJECT, **env: str) -> Settings:
    """The settings of a project in `folder` that tests `stub`."""
    (folder / "pyproject.toml").write_text(pyproject)
    return load(folder, env={**environment_of(stub), **env})


def environment_of(stub: StubApi) -> dict[str, str]:
    """The environment that a run against `stub` needs."""
    return {"API_BASE_URL": stub.url, "API_ADMIN_EMAIL": ADMIN_EMAIL, "API_ADMIN_PASSWORD": ADMIN_PASSWORD}


def run_project(*arguments: str) -> pytest.RunResult:
    """What `pytester.runpytest_subprocess` gives, in a third of the time: pytest in the folder that is current."""
    folder = Path.cwd()
    apart = tempfile.mkdtemp(prefix="runpytest-", dir=folder)
    done = pytest_run([f"--basetemp={apart}", *arguments], folder, dict(os.environ), timeout=60)
    print(done.stdout, done.stderr)
    for name in ("stdout", "stderr"):
        (folder / name).write_text(getattr(done, name))
    return pytest.RunResult(done.returncode, done.stdout.splitlines(), done.stderr.splitlines(), 0)


def scene_of(settings: Settings) -> Scene:
    """What clean-up works on in a project with these settings."""
    return open_scene(settings, settings.base_url, settings.resources)


__all__ = ["PYPROJECT", "Answer", "Bent", "Call", "Variant", "environment_of", "run_project", "scene_of", "settings_of"]
