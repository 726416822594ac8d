"""A project whose stub shows an OpenAPI document, and keeps to it unless a test bends it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from plugin.conftest import Project
from projects import PYPROJECT, Answer, Call

from tidegate.cli.main import main

OBJECT: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}


def json_of(schema: dict[str, Any]) -> dict[str, Any]:
    """An answer with a body."""
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def paths() -> dict[str, Any]:
    """Three operations and their four answers."""
    problem = json_of({"type": "object"})
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    one = {"get": {"responses": {"200": json_of(OBJECT), "404": problem}, "parameters": [named]}}
    every = {"get": {"responses": {"200": json_of({"type": "array", "items": OBJECT})}}}
    return {
        "/things": every,
        "/things/{id}": one,
        "/parts": {"get": {"responses": {"200": json_of({"type": "array"})}}},
    }


class Promised:
    """A project, the document that its API shows, and what the API answers instead of what it promised."""

    def __init__(self, project: Project) -> None:
        self.project, self.path = project, project.path
        self.document: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": "1.0.0"},
            "paths": paths(),
        }
        self.answers: dict[str, Any] = {"/things": [{"id": 1, "name": "a"}], "/parts": []}
        self.shown: Answer | None = None
        """What comes instead of the document."""
        project.stub.bend = self._bend
        self.settings()

    def _bend(self, call: Call, usual: Callable[[Call], Answer]) -> Answer:
        if call.path == "/openapi.json":
            return self.shown or Answer(200, self.document)
        if call.path in self.answers:
            found = self.answers[call.path]
            return found if isinstance(found, Answer) else Answer(200, found)
        if call.path.startswith("/things/"):
            return Answer(200, {"id": 1, "name": "a"}) if call.path == "/things/1" else Answer(404, {"error": "none"})
        return usual(call)

    def settings(self, **more: str) -> None:
        """Settings of the contract, as TOML; strict and with the document unless they say otherwise."""
        table = {"document": '"/openapi.json"', "mode": '"strict"'} | more
        lines = [f"{name} = {value}" for name, value in table.items() if value]
        text = "\n".join([PYPROJECT, "[tool.tidegate.contract]", *lines])
        (self.path / "pyproject.toml").write_text(text + "\n")

    def test(self, *bodies: str, head: str = "") -> None:
        """Writes tests `test_0`, `test_1` and so on; the body of each is one line that has `client`."""
        tests = [f"def test_{number}(client):\n    {body}\n" for number, body in enumerate(bodies)]
        self.project.test("import pytest\n" + head + "\n" + "\n".join(tests))

    def run(self, *args: str) -> pytest.RunResult:
        """Runs the tests; in this process, unless there are workers, since starting one costs more than the tests."""
        if "-n" in args:
            return self.project.run(*args)
        return self.project.pytester.runpytest_inprocess(*args)

    def told(self, *args: str) -> list[str]:
        """Runs the tests, and gives what is said of the contract at the end."""
        return contract_lines(self.run(*args))

    def kept(self) -> dict[str, Any]:
        """What contract.json says."""
        found: dict[str, Any] = json.loads((self.path / "artifacts/contract.json").read_text())
        return found

    def found(self) -> list[str]:
        """Kind and place of each finding."""
        return [f"{each['kind']} {each['operation']} {each['where']}" for each in self.kept()["findings"]]

    def accept(self) -> None:
        """Locks what the last run saw."""
        assert main(["contract", "accept"]) == 0

    def rename(self, old: str, new: str) -> None:
        """Renames a field in the API's code, and so in its document."""
        schema = copy.deepcopy(OBJECT)
        schema["properties"][new] = schema["properties"].pop(old)
        schema["required"] = sorted(schema["properties"])
        self.document["paths"]["/things"]["get"]["responses"]["200"] = json_of({"type": "array", "items": schema})
        rows = self.answers["/things"]
        self.answers["/things"] = [{new if key == old else key: row[key] for key in row} for row in rows]


def contract_lines(result: pytest.RunResult) -> list[str]:
    """What the run said of the contract, without the name of the program."""
    lines = [line.removeprefix("tidegate: ") for line in result.stdout.lines if line.startswith("tidegate: ")]
    return [line.removeprefix("contract: ") for line in lines if line.startswith(("contract: ", "  "))]


EXTRA = [{"id": 1, "name": "a", "extra": True}]  # what the document says nothing about
