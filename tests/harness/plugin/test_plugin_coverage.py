"""Coverage is the same number however a suite is split, and it says what is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin.conftest import Project
from projects import Answer, Call

from tidegate.errors import ContractFailed, SettingsError

SHARDS = 4
JSON: dict[str, Any] = {"application/json": {"schema": {}}}


def answers(*statuses: str) -> dict[str, Any]:
    return {status: {"description": status, "content": {} if status == "204" else JSON} for status in statuses}


QUERY: list[dict[str, Any]] = [
    {"name": name, "in": "query", "schema": {}} for name in ("limit", "offset", "email_prefix")
]
ID: list[dict[str, Any]] = [{"name": "id", "in": "path", "required": True, "schema": {}}]
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Stub", "version": "1"},
    "paths": {
        "/health": {"get": {"responses": answers("200", "503")}},
        "/auth/login": {
            "post": {"requestBody": {"required": True, "content": JSON}, "responses": answers("200", "401", "422")}
        },
        "/users": {
            "get": {"parameters": QUERY, "responses": answers("200", "401", "422")},
            "post": {
                "requestBody": {"required": True, "content": JSON},
                "responses": answers("201", "401", "409", "422"),
            },
        },
        "/users/{id}": {
            "get": {"parameters": ID, "responses": answers("200", "401", "404")},
            "delete": {"parameters": ID, "responses": answers("204", "401", "404")},
        },
        "/orders": {"get": {"responses": answers("200", "401")}},
    },
}
SUITE = """
import pytest

@pytest.fixture(scope="session")
def somebody(admin, unique):
    return admin.post("/users", json={"email": unique.email(), "name": "Ada"}).json()

@pytest.mark.parametrize("query", ["", "?limit=2", "?offset=1", "?limit=1&offset=1", "?email_prefix=x"])
def test_lists(admin, query):
    assert admin.get("/users" + query).is_success

@pytest.mark.parametrize("path", ["/users", "/users/1", "/orders"])
def test_without_a_token(client, path):
    assert client.get(path).status_code == 401

def test_reads(admin, somebody):
    assert admin.get(f"/users/{somebody['id']}").is_success

def test_an_unknown_one(admin, somebody):
    assert admin.get("/users/4711").status_code == 404

def test_the_same_again(admin, somebody):
    assert admin.post("/users", json=somebody).status_code >= 400

def test_lasts(client):
    assert client.get("/health").is_success
"""
SHARDED = """
import os

def pytest_collection_modifyitems(items):
    if "SHARD" in os.environ:
        items[:] = items[int(os.environ['SHARD'])::4]
"""


@pytest.fixture
def documented(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    def bent(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        return Answer(200, DOCUMENT) if call.path == "/openapi.json" else usual(call)

    project.stub.bend = bent
    project.test(SUITE, conftest=SHARDED)
    monkeypatch.setenv("TIDEGATE_CONTRACT_DOCUMENT", "/openapi.json")
    return project


def covered(project: Project, artifacts: str, *args: str) -> dict[str, Any]:
    """The coverage of a run with these arguments."""
    ran = project.run(f"--tidegate-set=artifacts={artifacts}", *args)
    assert ran.ret == 0, ran.stdout.str()
    return contract(project.path / artifacts)


def contract(artifacts: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((artifacts / "contract.json").read_text())["coverage"]
    return found


def merge(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tidegate", "contract", "merge", *args]
    return subprocess.run(command, cwd=project.path, capture_output=True, text=True, timeout=60)


def test_it_is_equal_to_the_last_digit_in_one_process_in_four_workers_and_in_four_shards(
    documented: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = covered(documented, "one")
    assert (whole["covered"], whole["points"]) == (18, 27)
    assert covered(documented, "workers", "-n4") == whole
    shards = [f"shard{number}" for number in range(SHARDS)]
    for number, shard in enumerate(shards):
        monkeypatch.setenv("SHARD", str(number))
        assert covered(documented, shard)["covered"] < whole["covered"]
    merged = merge(documented, *shards, "-o", "all/contract.json", "--cov-fail-under=66.6,users=70,orders=50")
    assert merged.returncode == 0, merged.stdout + merged.stderr
    assert contract(documented.path / "all") == whole
    short = merge(documented, *shards, "--cov-fail-under=66.67,users=70.1")
    assert short.returncode == ContractFailed.exit_code
    assert "the contract is covered to 66.6 % (18 of 27), and contract.fail_under wants 66.67 %" in short.stdout
    assert merge(documented, *shards, "--cov-fail-under=user=50").returncode == SettingsError.exit_code
