"""Ten runs at the same time against one shared server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from plugin.conftest import INI
from projects import PYPROJECT, Bent, environment_of
from stub_api import ADMIN_EMAIL

RUNS = 10
SECRET = "a-password-of-staging"
# The runs wait for each other, so that they do overlap; each changes what it made, and leaves it behind.
SUITE = """
import os, pathlib, re, time, pytest

HERE = pathlib.Path(os.environ["MEETING"])

def make(admin, unique):
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
        user = make(admin, unique)
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
"""


def test_ten_runs_on_one_shared_server_touch_nobodys_data_and_leave_nothing(tmp_path: Path, stub: Bent) -> None:
    stub.set_password(ADMIN_EMAIL, SECRET)
    theirs = {"somebody@example.com", "testimony@example.com", "test-of-somebody@example.com", "tester-1@example.com"}
    stub.order_for(stub.seed_users(*theirs)[0])
    before = (stub.rows(), stub.rows("orders"))
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    place = stub.url.removeprefix("http://")
    env = {"TIDEGATE_SHARED": place, "API_ADMIN_PASSWORD": SECRET, "MEETING": str(meeting)}
    runs = [started(tmp_path / f"run{n}", environment_of(stub) | env, f"--allow-writes={place}") for n in range(RUNS)]
    outputs = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0] * RUNS, "\n".join(outputs)
    assert len(list(meeting.iterdir())) == 3 * RUNS
    assert (stub.rows(), stub.rows("orders")) == before
    assert [path for n in range(RUNS) for path in (tmp_path / f"run{n}/artifacts/ledger").iterdir()] == []


def started(folder: Path, env: dict[str, str], *args: str) -> subprocess.Popen[str]:
    """A run of its own, from a folder of its own, as from a machine of its own."""
    folder.mkdir()
    (folder / "pytest.ini").write_text(INI)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "test_it.py").write_text(f"RUNS = {RUNS}\n{SUITE}")
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
