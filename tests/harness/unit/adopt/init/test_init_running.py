"""`tidegate init` with an API that runs: it is only read, and its own document is believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Answer, Bent, Call
from unit.adopt.init.repositories import contents

from tidegate.cli import main
from tidegate.settings import load

SCHEMA = {"properties": {"name": {"type": "string"}}}


def test_a_running_api_is_only_read(root: Path, stub: Bent, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own document is believed; nothing is written to it."""
    methods = set()

    def noted(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        methods.add(call.method)
        return usual(call)

    stub.bend = noted
    assert main(["init", "--yes", "--api-url", f"{stub.url}/"]) == 0
    said = capsys.readouterr().out
    assert "What starts the API: running" in said
    assert "placeholder" not in said
    assert f"URL of the API: {stub.url}" in said
    assert "  pytest            runs the suite against the API that runs" in said
    assert methods == {"GET"}
    assert load(root, env={}).base_url == stub.url
    assert not (root / "compose.yaml").exists()


@pytest.mark.parametrize(("status", "found"), [(405, "/sessions"), (404, "/auth/login"), (401, "/auth/login")])
def test_a_login_is_a_usual_path_that_is_not_for_reading(root: Path, stub: Bent, status: int, found: str) -> None:
    def bent(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        if call.path == "/sessions":
            return Answer(status)
        return Answer(404) if "log" in call.path or "token" in call.path else usual(call)

    stub.bend = bent
    assert main(["init", "--yes", "--api-url", stub.url]) == 0
    assert load(root, env={}).login.path == found


def test_a_document_of_a_running_api_is_used(root: Path, stub: Bent) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/pens": {"post": {"requestBody": {"content": {"application/json": {"schema": SCHEMA}}}}},
            "/pens/{id}": {"delete": {}},
        },
    }  # fmt: skip
    stub.answers("GET", "/openapi.json", Answer(200, document))
    assert main(["init", "--yes", "--api-url", stub.url]) == 0
    settings = load(root, env={})
    assert [(resource.name, resource.body) for resource in settings.resources] == [("pens", {"name": "{name}"})]
    assert settings.login.kind == "none"


def test_a_url_of_another_form_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--api-url", "localhost:8000"]) == 64
    assert "--api-url is 'localhost:8000': expected http:// or https://" in capsys.readouterr().err
    assert contents(root) == {}


def test_where_nothing_answers_nothing_is_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--api-url", "http://127.0.0.1:9"]) == 69
    assert "nothing answers at http://127.0.0.1:9" in capsys.readouterr().err
    assert contents(root) == {}
