"""The record of a run, as those find it who look for it afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from plugin.conftest import Project
from projects import Answer


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def record(project: Project) -> list[dict[str, Any]]:
    return lines(project.path / "artifacts" / "exchanges.jsonl")


def configure(project: Project, table: str) -> None:
    with (project.path / "pyproject.toml").open("a") as file:
        file.write(f"[tool.tidegate.record]\n{table}\n")


WHO = """
import pytest
@pytest.fixture
def made(admin, unique):
    yield admin.post("/users", json={"email": unique.email(), "name": "x", "password": "password-1"}).json()
    admin.get("/users?after=1")
def test_a(made, client, auth_headers, as_identity, login):
    client.get("/users")
    client.get("/users", headers=auth_headers)
    as_identity("viewer").get("/users")
    own = login(made["email"], "password-1")
    client.get("/users", headers={"Authorization": f"Bearer {own}"})
"""


@pytest.mark.parametrize("run", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_each_exchange_says_who_sent_it_in_which_phase_of_which_test(
    project: Project, monkeypatch: pytest.MonkeyPatch, run: tuple[str, ...]
) -> None:
    [_] = project.stub.seed_users("viewer@example.com")
    project.stub.set_password("viewer@example.com", "viewer-password")
    with (project.path / "pyproject.toml").open("a") as file:
        file.write('[tool.tidegate.identities.viewer]\nemail = "viewer@example.com"\n')
    monkeypatch.setenv("API_VIEWER_PASSWORD", "viewer-password")
    project.test(WHO)
    assert project.run(*run).ret == 0
    seen = [(e["phase"], e["identity"], e["method"], e["url"].rpartition("/")[2], e["status"]) for e in record(project)]
    assert seen == [
        ("setup", "admin", "POST", "login", 200),
        ("setup", "admin", "POST", "users", 201),
        ("call", "anonymous", "GET", "users", 401),
        ("call", "admin", "GET", "users", 200),
        ("call", "viewer", "POST", "login", 200),
        ("call", "viewer", "GET", "users", 200),
        ("call", "", "POST", "login", 200),
        ("call", "", "GET", "users", 200),
        ("teardown", "admin", "GET", "users?after=1", 200),
    ]
    assert {exchange["test"] for exchange in record(project)} == {"test_it.py::test_a"}


def test_neither_the_gate_nor_clean_up_is_recorded(project: Project) -> None:
    project.test(
        "def test_a(admin, unique):\n"
        "    admin.post('/users', json={'email': unique.email(), 'name': 'x', 'password': 'p-123456'})"
    )
    assert project.run().ret == 0
    assert [exchange["method"] for exchange in record(project)] == ["POST", "POST"]
    assert any(request.startswith("DELETE") for request in project.stub.requests)


def test_a_killed_run_loses_nothing_and_the_next_one_says_where_it_is(project: Project) -> None:
    project.test(
        "import os\ndef test_a(client):\n    client.get('/users')\n    client.get('/health')\n"
        "    os.kill(os.getpid(), 9)"
    )
    project.run()
    [left] = (project.path / "artifacts").glob("exchanges-*.jsonl")
    assert [exchange["status"] for exchange in lines(left)] == [401, 200]
    project.test("def test_a(client): client.get('/health')")
    result = project.run()
    name = f"{left.stem}-killed.jsonl"
    result.stdout.fnmatch_lines([f"tidegate: note: a run before was killed; its exchanges are in {name}"])
    assert len(lines(left.with_name(name))) == 2
    assert len(record(project)) == 1
    project.run().stdout.no_fnmatch_line("*was killed*")
    assert len(lines(left.with_name(name))) == 2


def test_what_a_worker_that_crashed_has_recorded_is_in_the_record_of_its_run(project: Project) -> None:
    project.test(
        "import os\ndef test_a(client):\n    client.get('/users')\n    os.kill(os.getpid(), 9)\n"
        "def test_b(client): client.get('/health')"
    )
    project.run("-n", "1", "--max-worker-restart=1")
    assert sorted(exchange["status"] for exchange in record(project)) == [200, 401]
    assert [path.name for path in (project.path / "artifacts").glob("exchanges*")] == ["exchanges.jsonl"]


def test_the_settings_say_what_is_kept(project: Project) -> None:
    configure(project, 'body_limit = 10\nheaders = ["X-Tenant"]\ntrace = false')
    project.test("def test_a(client): client.get('/users', headers={'X-Tenant': 'acme', 'X-Other': 'acme'})")
    assert project.run().ret == 0
    [exchange] = record(project)
    headers = dict(exchange["request"]["headers"])
    assert (headers["X-Tenant"], headers["X-Other"], exchange["trace"]) == ("acme", "***", "")
    assert exchange["response"]["body"] == '{"detail":… cut: 37 bytes in all'
    assert "traceparent" not in headers


def test_nothing_is_written_where_exchanges_are_not_kept_and_secrets_are_masked_all_the_same(project: Project) -> None:
    configure(project, "exchanges = false")
    project.stub.answers("GET", "/users", Answer(200, {"refresh_token": "canary-0123456789"}))
    project.test("def test_a(client): assert not client.get('/users').json()['refresh_token']")
    result = project.run()
    assert not list((project.path / "artifacts").glob("exchanges*"))
    assert "canary" not in result.stdout.str()
    assert "***" in result.stdout.str()


FULL = """
import errno, os
really = os.write
def write(file, data):
    if "exchanges-" in os.readlink(f"/proc/self/fd/{file}"):
        raise OSError(errno.ENOSPC, "No space left on device")
    return really(file, data)
os.write = write
"""


def test_a_full_disk_is_noted_once_and_fails_no_test(project: Project) -> None:
    test = "def test_a(client): assert [client.get('/users').status_code for _ in '12'] == [401] * 2"
    project.test(test, conftest=FULL)
    result = project.run()
    result.assert_outcomes(passed=1)
    note = "tidegate: note: exchanges are missing in exchanges-*.jsonl, which could not be written: No space left*"
    result.stdout.fnmatch_lines([note])


MADE = """
def test_it(admin, unique):
    password, title = unique(), unique()
    admin.post("/users", json={"email": unique.email(), "name": "x", "password": password})
    raise AssertionError(f"title {title}, password {password}")
"""


@pytest.mark.parametrize("run", [(), ("-n", "1")], ids=["alone", "-n 1"])
def test_a_password_made_for_the_run_hides_no_other_value_of_the_run(project: Project, run: tuple[str, ...]) -> None:
    project.test(MADE)
    shown = r"E +AssertionError: title test-[0-9a-f]{12}-(gw0-)?[0-9a-f]{10}, password \*\*\*$"
    project.run(*run).stdout.re_match_lines([shown])
