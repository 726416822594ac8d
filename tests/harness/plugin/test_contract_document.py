"""Where the API's document comes from."""

from __future__ import annotations

import json

import pytest
from plugin.conftest import Project
from plugin.promised import OBJECT, Promised, json_of
from projects import Answer


@pytest.fixture
def promised(project: Project, monkeypatch: pytest.MonkeyPatch) -> Promised:
    monkeypatch.chdir(project.path)
    made = Promised(project)
    made.answers["/things"] = [{"id": "x", "name": "a"}]
    made.test("client.get('/things')")
    return made


FOUND = ["invalid-body GET /things 200 body /*/id"]


def test_it_is_asked_for_once_and_neither_recorded_nor_counted(promised: Promised) -> None:
    promised.test("client.get('/parts')", "client.get('/parts')")
    assert promised.run("--tidegate-set", "client.budget=2").ret == 0
    assert promised.project.stub.requests.count("GET /openapi.json") == 1
    assert "openapi.json" not in (promised.path / "artifacts/exchanges.jsonl").read_text()
    assert promised.kept()["exchanges"] == 2


def test_it_may_be_shown_to_those_alone_who_are_logged_in(promised: Promised) -> None:
    usual = promised.project.stub.bend
    assert usual

    def closed(call, then):  # type: ignore[no-untyped-def]
        anybody = call.path == "/openapi.json" and "authorization" not in call.headers
        return Answer(401, {"error": "who are you?"}) if anybody else usual(call, then)

    promised.project.stub.bend = closed
    assert promised.run().ret == 1
    assert promised.found() == FOUND


def test_auto_finds_it_at_a_usual_place(promised: Promised) -> None:
    promised.answers["/v3/api-docs"] = promised.document
    promised.shown = Answer(404, {})
    assert promised.run("--contract-document=auto").ret == 1
    assert promised.found() == FOUND


def test_auto_that_finds_none_says_so_and_is_an_error_once_there_was_one(promised: Promised) -> None:
    promised.shown = Answer(404, {})
    result = promised.run("--contract-document=auto")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*note: the API shows no OpenAPI document at any usual place*"])
    (promised.path / "contract").mkdir()
    (promised.path / "contract/openapi.lock.json").write_text(json.dumps(promised.document))
    again = promised.run("--contract-document=auto")
    assert again.ret == 65
    again.stdout.fnmatch_lines(["*the API shows no document any more*"])


def test_a_file_may_have_others_beside_it(promised: Promised) -> None:
    parts = promised.path / "docs"
    parts.mkdir()
    promised.document["paths"]["/things"]["get"]["responses"]["200"] = json_of(
        {"type": "array", "items": {"$ref": "parts.json#/Thing"}}
    )
    (parts / "api.json").write_text(json.dumps(promised.document))
    (parts / "parts.json").write_text(json.dumps({"Thing": OBJECT}))
    assert promised.run("--contract-document=docs/api.json").ret == 1
    assert promised.found() == FOUND
    (parts / "parts.json").unlink()
    result = promised.run("--contract-document=docs/api.json")
    assert result.ret == 65
    result.stdout.fnmatch_lines(["*seen: *docs/parts.json: FileNotFoundError*"])


def test_a_url_elsewhere_gets_no_header_of_the_settings(promised: Promised) -> None:
    promised.settings(document=f'"{promised.project.stub.origin.replace("127.0.0.1", "localhost")}/openapi.json"')
    with (promised.path / "pyproject.toml").open("a") as settings:
        settings.write('[tool.tidegate.client]\nheaders = { X-Key = "k-1234567890" }\n')
    seen: list[str] = []
    usual = promised.project.stub.bend
    assert usual

    def watch(call, then):  # type: ignore[no-untyped-def]
        seen.extend(call.headers.get("x-key", "none") for _ in [0] if call.path == "/openapi.json")
        return usual(call, then)

    promised.project.stub.bend = watch
    promised.run()
    assert seen == ["none"]
    assert promised.found() == FOUND


def test_an_address_at_which_nothing_is_ends_the_run(promised: Promised) -> None:
    result = promised.run("--contract-document=http://127.0.0.1:9/openapi.json")
    assert result.ret == 65
    result.stdout.fnmatch_lines(["*document cannot be had*", "  seen: *Connect*", "  next: *contract.document*"])
