"""What is kept of a run that only the outside of its tests can see, and that its database is had again."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from stack.checkout import Checkout, copy

from tidegate.evidence.bundle import open_bundle
from tidegate.stack import snapshot
from tidegate.stack.dumps import NotRestorable, parse

pytestmark = pytest.mark.docker

CANARY = "a-canary-that-signs-every-token"
# The first test fails with a record that its teardown removes; then pytest is killed.
TESTS = """
import os, signal

def test_red(make, client):
    made = make("users")
    assert client.get(f"/users/{made['id']}").status_code == 418

def test_killed(client):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = copy(tmp_path / "checkout", "tidegate-outside", TIDEGATE_STACK="compose", API_JWT_SECRET=CANARY)
    yield checkout
    if checkout.containers():
        checkout.take_down()


def commit(checkout: Checkout) -> str:
    """All of the checkout as one commit, which it returns."""
    checkout.write(".gitignore", "artifacts/\n")
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "all"]):
        done = checkout.run("git", "-c", "user.name=somebody", "-c", "user.email=somebody@example.com", *words)
        assert done.returncode == 0, done.stderr
    return checkout.run("git", "rev-parse", "HEAD").stdout.strip()


def everything(folder: Path) -> str:
    """All that the files of a folder hold."""
    read = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".zip"}
    return "\n".join((gzip.decompress(data) if path.suffix == ".gz" else data).decode() for path, data in read.items())


def test_a_red_run_that_was_killed_leaves_all_that_the_outside_saw_and_no_secret(
    checkout: Checkout, tmp_path: Path
) -> None:
    head = commit(checkout)
    checkout.write("tests/test_wrong.py", TESTS)
    checkout.write("tests/test_red_herring.py", "")
    (tmp_path / "private").mkdir()
    checkout.variables |= {"TMPDIR": str(tmp_path / "private"), "TZ": "Asia/Tokyo"}
    answer = checkout.run("scripts/test", "-p", "no:randomly", "tests/test_wrong.py")
    assert answer.returncode == 137, answer.stderr
    assert answer.stderr.endswith(
        "test: bundle in artifacts, report: artifacts/report.html\n"
        "test: make it red again: tidegate reproduce artifacts\n"
    )
    assert [*(tmp_path / "private").iterdir()] == []
    assert checkout.containers() == []

    artifacts = checkout.folder / "artifacts"
    bundle = open_bundle(artifacts)
    assert (bundle.run["ended"], bundle.run["exit_code"], bundle.run["git"]["commit"]) == (None, 137, head)
    patch = (artifacts / "patch.diff").read_text()
    assert "b/tests/test_wrong.py" in patch
    assert "b/tests/test_red_herring.py" in patch
    assert bundle.run["tz"].startswith("JST")
    assert next(test.outcome for test in bundle.tests()) == "failed"
    assert {"api", "db", "migrate"} <= bundle.stack["services"].keys()
    assert bundle.stack["services"]["tests"]["image_id"].startswith("sha256:")
    assert any("GET" in line.text and line.at > bundle.run["started"] for line in bundle.log("api"))
    rows = {}
    for name in ("baseline", "failure"):
        dump = parse(gzip.decompress((artifacts / f"snapshots/{name}.sql.gz").read_bytes()).decode())
        rows[name] = next(len(table.rows) for table in dump.tables if "users" in table.name)
    assert rows == {"baseline": 1, "failure": 2}
    assert (artifacts / "report.html").stat().st_size > 10_000
    assert [path.suffix for path in (artifacts / "runs").iterdir()] == [".zip"]
    text = everything(artifacts)
    assert [value for value in (CANARY, "tide-and-gate-2026") if value in text] == []


@pytest.mark.usefixtures("images")
def test_a_database_is_put_back_under_an_api_that_runs(checkout: Checkout, tmp_path: Path) -> None:
    up = checkout.compose("up", "--detach", "--wait", "db", "api")
    assert up.returncode == 0, up.stderr
    port = checkout.compose("port", "api", "8000").stdout.strip()
    database = snapshot.find(checkout.project)
    assert database
    assert (database.service, database.dumps) == ("db", "pg_dump -U stack -d stack")
    with httpx.Client(base_url=f"http://{port}", timeout=30) as client:
        login = client.post("/auth/login", json={"email": "admin@example.com", "password": "tide-and-gate-2026"})
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        hostile = {"email": "first@example.com", "name": "a\\.\\N\\! 'x'; -- é"}
        assert client.post("/users", json=hostile).status_code == 201
        before = client.get("/users").json()
        path = tmp_path / "baseline.sql"
        assert snapshot.dump(database, path)
        made = [client.post("/users", json={"email": f"{n}@example.com", "name": "n"}).json()["id"] for n in range(3)]
        assert client.delete(f"/users/{made[0] - 1}").status_code == 204
        snapshot.restore(database, parse(path.read_text()))
        assert client.get("/users").json() == before
        assert client.post("/users", json={"email": "again@example.com", "name": "n"}).json()["id"] == made[0]
        broken = path.read_text().replace("public.users_id_seq", "public.gone")
        with pytest.raises(NotRestorable, match="gone"):
            snapshot.restore(database, parse(broken))
        assert len(client.get("/users").json()["items"]) == len(before["items"]) + 1  # all of it, or nothing
