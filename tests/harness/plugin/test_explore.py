"""`tidegate explore` finds what is planted, on its own records, and leaves nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from projects import Answer, Call, environment_of
from stub_documented import DocumentedApi

from tidegate.errors import WriteRefused

ANSWERED = {
    "type": "object",
    "required": ["id", "email", "name", "size", "parts"],
    "properties": {
        "id": {"type": "integer"},
        "email": {"type": "string"},
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "kind": {"type": "string"},
        "note": {},
        "parts": {"type": "array"},
        "reads": {"type": "integer"},
        "seen_at": {"type": "string", "format": "date-time"},
    },
}


class Explored(DocumentedApi):
    """The documented stub with answers of a documented shape, and with creates that nobody has declared."""

    notes = 0

    def document(self) -> dict[str, Any]:
        found = super().document()
        shown = {"description": "", "content": {"application/json": {"schema": ANSWERED}}}
        things, thing = found["paths"]["/things"], found["paths"]["/things/{thing_id}"]
        for responses, status in ((things["post"], "201"), (thing["get"], "200"), (thing["patch"], "200")):
            responses["responses"][status] = shown
        for reads in (things["get"], found["paths"]["/report"]["get"]):
            reads["responses"]["200"] = {**shown, "content": {"application/json": {}}}
        things["delete"] = {"responses": {"204": {"description": ""}}}
        found["paths"]["/notes"] = {"post": {"responses": {"201": {"description": ""}}}}
        found["paths"]["/notes/{note_id}"] = {"delete": {"responses": {"204": {"description": ""}}}}
        return found

    def answer(self, call: Call) -> Answer:
        if call.path == "/openapi.json":
            return Answer(200, self.document())
        if call.path.startswith("/api/notes"):
            self.notes += 1
        answered = super().answer(call)
        if call.method != "POST" or answered.status != 201:
            return answered
        if self._is("a flat thing has no size") and answered.body.get("kind") == "flat":
            return Answer(201, {**answered.body, "size": None})
        if self._is("a second part breaks it") and len(answered.body["parts"]) > 1:
            return Answer(500, {"detail": "IndexError"})
        return answered


@pytest.fixture
def explored(request: pytest.FixtureRequest) -> Iterator[Explored]:
    with Explored(None, *getattr(request, "param", ())) as running:
        yield running


FOREIGN = {"email": "foreign@example.com", "name": "Foreign", "size": 1, "parts": []}
CONTRACT = """
[tool.tidegate.contract]
document = "/openapi.json"
levels = { undocumented-operation = "off" }
"""


def explore(stub: Explored, folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "pyproject.toml").write_text(stub.pyproject() + CONTRACT)
    command = [sys.executable, "-m", "tidegate", "explore", "--seed=1", "--max-time=600", *args]
    env = {"PATH": os.environ["PATH"], **environment_of(stub), **environment, "API_BASE_URL": stub.origin}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


def findings(folder: Path) -> set[tuple[str, str, str]]:
    told = json.loads((folder / "artifacts" / "contract.json").read_text())["findings"]
    return {(each["kind"], each["operation"], each["where"]) for each in told}


@pytest.mark.parametrize(
    "explored",
    [("a second part breaks it", "a flat thing has no size", "a limit that is none breaks it", "note: anyOf")],
    indirect=True,
)
def test_it_finds_failures_and_breaches_and_removes_what_it_made(explored: Explored, tmp_path: Path) -> None:
    foreign = {str(number): {"id": number, **FOREIGN} for number in range(3)}  # the ids that are drawn most often
    explored.things, before = {key: dict(row) for key, row in foreign.items()}, explored.rows()
    ran = explore(explored, tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert findings(tmp_path) == {
        ("server-error", "POST /things", "500"),
        ("undocumented-status", "POST /things", "500"),
        ("server-error", "GET /things", "500"),
        ("undocumented-status", "GET /things", "500"),
        ("invalid-body", "POST /things", "201 body /size"),
        ("illegal-request", "POST /things", "request body /note"),
    }
    assert {key: row | foreign[key] for key, row in explored.things.items()} == explored.things
    assert explored.things.keys() == foreign.keys()
    assert explored.rows() == before
    assert explored.notes == 0
    assert "not explored: POST /notes: it may make what nobody would remove" in ran.stdout
    for name in ("DELETE /notes/{note_id}", "DELETE /things"):
        assert f"not explored: {name}: it may change what no test has made" in ran.stdout
    assert "curl" in ran.stdout
    assert {each.name for each in tmp_path.iterdir()} == {"artifacts", "pyproject.toml"}


def test_it_finds_nothing_where_the_document_is_kept(explored: Explored, tmp_path: Path) -> None:
    ran = explore(
        explored, tmp_path, "--max-examples=6", "--operation=POST /things", "--operation=PATCH /things/{thing_id}"
    )
    assert (ran.returncode, findings(tmp_path)) == (0, set()), ran.stdout
    assert explored.things == {}
    assert not any(request.startswith("GET /api/report") for request in explored.requests)
    assert "--seed 1 draws the same ones again" in ran.stdout


def test_a_shared_target_is_never_explored(explored: Explored, tmp_path: Path) -> None:
    host = explored.origin.removeprefix("http://")
    ran = explore(explored, tmp_path, f"--set=target.shared={host}", f"--set=target.allow_writes={host}")
    assert ran.returncode == WriteRefused.exit_code
    assert "nothing was explored" in ran.stderr
    assert explored.requests == []
