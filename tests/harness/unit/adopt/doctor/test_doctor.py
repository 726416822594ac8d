"""`tidegate doctor`: one line a check, what to change where one fails, and nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Answer, Bent, Call, environment_of
from unit.adopt.doctor.doctor_settings import PYPROJECT, Doctor

from tidegate.adopt import docker, doctor
from tidegate.adopt.doctor import Session, examine
from tidegate.adopt.live import Answer as Fetched
from tidegate.settings import load


def test_an_api_that_fits_is_ok_in_every_line(see: Doctor, stub: Bent, tmp_path: Path) -> None:
    code, lines = see()
    assert code == 0
    assert lines == {
        "settings": f"ok 11 chosen settings, 2 resources, read from {tmp_path}",
        "engine": "ok Docker 28, Compose 2",
        "port": f"ok {stub.url.removeprefix('http://')} takes connections",
        "health": f"ok {stub.url}/health answered 200 (0.0 s, 1 try)",
        "login": "ok POST /auth/login took admin@example.com, and GET /orders answered 200",
        "orders": "ok created, read, listed, deleted",
        "users": "ok created, read, listed, changed, deleted",
        "document": "skipped no OpenAPI document at a usual path of the API, and none in the repository",
    }


def test_it_leaves_no_record_and_no_ledger(see: Doctor, stub: Bent, tmp_path: Path) -> None:
    see()
    assert stub.emails() == set()
    assert [*(tmp_path / "artifacts/ledger").glob("*.jsonl")] == []


@pytest.mark.parametrize(
    ("changed", "line", "said"),
    [
        ("email_prefix={prefix}", "users", "lists 0 records, and not the one that was just made: check filter"),
        ('role = "viewer"', "users", "POST /users answered 422"),
        ("user_id={parent.id}", "orders", "lists 0 records, and not the one that was just made"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(see: Doctor, stub: Bent, changed: str, line: str, said: str) -> None:
    wrong = {
        "email_prefix={prefix}": "email_prefix=x{prefix}",
        'role = "viewer"': 'role = "owner"',
        "user_id={parent.id}": "user_id={parent.id}9",
    }
    code, lines = see(pyproject=PYPROJECT.replace(changed, wrong[changed]))
    assert code == 78
    assert lines[line].startswith("FAILED")
    assert said in lines[line]
    assert stub.emails() == set()


def test_a_marker_that_the_api_does_not_keep_is_named(see: Doctor, stub: Bent) -> None:
    def changed(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        answer = usual(call)
        if isinstance(answer.body, dict) and "email" in answer.body:
            answer.body = answer.body | {"email": answer.body["email"].upper()}
        return answer

    stub.bend = changed
    code, lines = see()
    assert (code, "which does not start with test-: let body set the marker" in lines["users"]) == (78, True)


def test_a_delete_that_deletes_nothing_is_seen(see: Doctor, stub: Bent) -> None:
    """And what is left is named, so that it can be swept when the API is mended."""
    stub.answers("DELETE", "/users", Answer(204))
    code, lines = see()
    assert code in (75, 78)
    assert "can still be read after its delete" in lines["users"]
    assert lines["clean-up"].startswith("FAILED")
    assert "next: tidegate sweep" in lines["clean-up"]


def test_a_parent_that_cannot_be_made_is_named_at_its_child(see: Doctor, stub: Bent) -> None:
    stub.answers("POST", "/users", Answer(500))
    code, lines = see()
    assert code == 78
    assert "its parent, users, cannot be made" in lines["orders"]
    assert "check body, create, path and id" in lines["users"]


def test_a_resource_without_an_example_is_skipped(see: Doctor) -> None:
    code, lines = see(pyproject='[tool.tidegate.resources.users]\nmarker = "email"\n')
    assert (code, lines["users"]) == (0, "skipped set body in [tool.tidegate.resources.users] to try a record")


def test_a_document_names_what_is_not_declared(see: Doctor, stub: Bent) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {path: {"post": {}, "delete": {}} for path in ("/users", "/users/{id}", "/pens", "/pens/{id}")},
    }
    stub.answers("GET", "/openapi.json", Answer(200, document))
    code, lines = see()
    assert (code, lines["document"]) == (
        0,
        "ok /openapi.json describes 8 operations; not declared as resources: pens",
    )


def test_bad_settings_are_78_with_each_problem(see: Doctor) -> None:
    code, lines = see(pyproject="[tool.tidegate]\nnonsense = 1\n")
    assert (code, lines) == (78, {})


def test_on_a_shared_target_it_only_reads(tmp_path: Path, stub: Bent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker, "engine", lambda: (False, "docker is not installed"))
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    written = []

    def example(resource: object) -> None:
        written.append(resource)

    session = Session(
        health=lambda: "well",
        login=lambda: "in",
        example=example,  # type: ignore[arg-type]
        fetch=lambda _path: Fetched(404, ""),
        listening=lambda _id: None,
        why_no_writes="staging.example.com is shared, so nothing is made there",
        refusals=(OSError,),
    )
    found = [*examine(load(tmp_path, env=environment_of(stub)), session)]
    assert {finding.check for finding in found if finding.state == doctor.SKIPPED} >= {"users", "orders", "engine"}
    assert all(finding.code == 0 for finding in found)
    assert written == []


def test_what_an_api_does_in_the_middle_of_a_round_trip_is_no_traceback(see: Doctor, stub: Bent) -> None:
    def broken(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        return Answer(500, {"detail": "boom"}) if call.method == "PATCH" else usual(call)

    stub.bend = broken
    code, lines = see()
    assert code == 78
    assert re.match(r"FAILED PATCH /users/\d+ answered 500 ", lines["users"])
    assert "check update and change in [tool.tidegate.resources.users]" in lines["users"]
    assert stub.emails() == set()


def test_a_filter_that_the_api_ignores_is_a_note(see: Doctor) -> None:
    code, lines = see(pyproject=PYPROJECT.replace("email_prefix={prefix}", "nothing_of_ours={prefix}"))
    assert code == 0
    assert "listed (the API ignores the filter: clean-up then looks at every record" in lines["users"]
