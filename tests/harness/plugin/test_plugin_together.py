"""Ten runs at the same time against one shared server."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin.conftest import INI
from projects import PYPROJECT, Answer, Bent, Call, environment_of
from stub_api import ADMIN_EMAIL

RUNS = 10
SECRET = "a-password-of-staging"
BODIES = """
[tool.tidegate.resources.users.body]
email = "{email}"
name = "{name}"
[tool.tidegate.resources.orders.body]
user_id = "{parent.id}"
lines = [{ sku = "a", quantity = 1, unit_price = 1 }]
"""
# The runs wait for each other, so that they do overlap; each changes what it made, and leaves it behind.
SUITE = """
import os, pathlib, re, time, pytest

HERE = pathlib.Path(os.environ["MEETING"])

def leave(admin, unique):
    user = admin.post("/users", json={"email": unique.email(), "name": unique.name()}).json()
    lines = [{"sku": "a", "quantity": 1, "unit_price": 1}]
    admin.post("/orders", json={"user_id": user["id"], "lines": lines})
    return user

def everybody(admin):
    query = {"email_prefix": "test-", "limit": 100}
    return admin.get("/users", params=query).json()["items"]

def meet(where, unique):
    (HERE / f"{where}-{unique.marker}").touch()
    for _ in range(6000):
        if len(list(HERE.glob(f"{where}-*"))) == RUNS:
            return
        time.sleep(0.01)
    pytest.fail("the others never came")

def test_changes_and_leaves(admin, unique):
    meet("begun", unique)
    for _ in range(5):
        user = leave(admin, unique)
        assert admin.patch(f"/users/{user['id']}", json={"name": unique.name()}).is_success
        assert admin.get(f"/users/{user['id']}").json()["email"] == user["email"]

def test_cannot_touch_what_another_run_made(admin, unique):
    from tidegate import WriteRefused
    meet("made", unique)
    made = [user for user in everybody(admin) if re.match("test-[0-9a-f]{12}-", user["email"])]
    others = [user for user in made if not user["email"].startswith(unique.marker)]
    assert len({user["email"].rpartition("-")[0] for user in others}) == RUNS - 1
    for user in others[:9]:
        for send in (admin.delete, lambda path: admin.patch(path, json={"name": "mine"})):
            with pytest.raises(WriteRefused):
                send(f"/users/{user['id']}")
    meet("tried", unique)

@pytest.fixture
def after(unique):
    yield
    meet("undone", unique)

def test_what_went_with_its_parent_is_another_runs_by_now(after, admin, make, unique):
    early = [make("orders") for _ in range(2 * (RUN % 2))]
    meet("early", unique)
    for order in early:
        assert admin.delete(f"/users/{order['user_id']}").is_success
    meet("freed", unique)
    late = [make("orders") for _ in range(2 * (1 - RUN % 2))]
    meet("late", unique)
    if late:
        meet("undone", unique)
    for order in late:
        assert admin.get(order.path).json()["user_id"] == order["user_id"]
"""


def test_ten_runs_on_one_shared_server_touch_nobodys_data_and_leave_nothing(
    tmp_path: Path, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that gives the ids of deleted records again at once, and deletes orders with their user."""
    give_ids_again(stub, monkeypatch)
    stub.set_password(ADMIN_EMAIL, SECRET)
    theirs = {"somebody@example.com", "testimony@example.com", "test-of-somebody@example.com", "tester-1@example.com"}
    stub.order_for(stub.seed_users(*theirs)[0])
    before = (stub.rows(), stub.rows("orders"))
    touched = strangers_data_touched(stub)
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    place = stub.url.removeprefix("http://")
    env = {"TIDEGATE_SHARED": place, "API_ADMIN_PASSWORD": SECRET, "MEETING": str(meeting)}
    runs = [started(tmp_path, n, environment_of(stub) | env, f"--allow-writes={place}") for n in range(RUNS)]
    outputs = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * RUNS, "\n".join(outputs)
    assert touched == []
    assert len(list(meeting.iterdir())) == 7 * RUNS
    assert (stub.rows(), stub.rows("orders")) == before
    assert [path for n in range(RUNS) for path in (tmp_path / f"run{n}/artifacts/ledger").iterdir()] == []


def give_ids_again(stub: Bent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes each new record's id the smallest that none has."""
    store = stub.records._stored

    def stored(resource: str, row: dict[str, Any]) -> dict[str, Any]:
        return store(
            resource, row | {"id": next(n for n in itertools.count(1) if n not in stub.records.tables[resource])}
        )

    monkeypatch.setattr(stub.records, "_stored", stored)


def strangers_data_touched(stub: Bent) -> list[str]:
    """Fills itself with each request of a run that changes what another one made."""
    made_by: dict[str, str] = {}
    touched: list[str] = []

    def watch(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        run, (_, name, *key) = call.headers.get("x-run", ""), call.path.split("/")
        with stub._lock:
            if (call.method, name) == ("POST", "users"):
                made_by[json.loads(call.raw)["email"]] = run
            rows = {str(row["id"]): row for row in stub.rows(name)} if call.method in ("PATCH", "DELETE") else {}
            if row := rows.get(key[0] if key else ""):
                owner = next(user for user in stub.rows() if user["id"] == row.get("user_id", row["id"]))
                touched.extend([f"{run}: {call.method} {call.path}"] * (made_by.get(owner["email"]) != run))
            return usual(call)

    stub.bend = watch
    return touched


def started(above: Path, number: int, env: dict[str, str], *args: str) -> subprocess.Popen[str]:
    """A run of its own, from a folder of its own, as from a machine of its own; each of its requests names it."""
    folder = above / f"run{number}"
    folder.mkdir()
    (folder / "pytest.ini").write_text(INI)
    named = f'[tool.tidegate.client]\nheaders = {{ X-Run = "{number}" }}\n'
    (folder / "pyproject.toml").write_text(PYPROJECT + BODIES + named)
    (folder / "test_it.py").write_text(f"RUNS, RUN = {RUNS}, {number}\n{SUITE}")
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", *args],
        cwd=folder,
        env={**path_of_python(), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def path_of_python() -> dict[str, str]:
    """What a run needs of this process's environment."""
    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
