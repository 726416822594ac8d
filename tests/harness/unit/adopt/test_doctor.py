"""`tidegate doctor`: one line a check, what to change where one fails, and nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import Answer, Bent, Call, environment_of
from wire import free_port

from tidegate.adopt import docker, doctor
from tidegate.adopt.doctor import Session, examine
from tidegate.adopt.live import Answer as Fetched
from tidegate.cli import main
from tidegate.errors import LoginRefused
from tidegate.session import credentials
from tidegate.settings import load
from tidegate.stack import listening

PYPROJECT = """\
[tool.tidegate.resources.users]
marker = "email"
filter = "email_prefix={prefix}"
body = { email = "{email}", name = "{name}", role = "viewer" }
change = { name = "{name}" }

[tool.tidegate.resources.orders]
parent = "users"
parent_field = "user_id"
filter = "user_id={parent.id}"
body = { user_id = "{parent.id}", lines = [{ sku = "a", quantity = 1, unit_price = 1 }] }
"""
Doctor = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture
def see(stub: Bent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """The exit code of `tidegate doctor` and its lines by what they are about."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(docker, "engine", lambda: (True, "Docker 28, Compose 2"))
    monkeypatch.setattr(docker, "published", lambda *_: None)
    monkeypatch.setattr(docker, "container", lambda _: None)
    for name, value in environment_of(stub).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, pyproject: str = PYPROJECT) -> tuple[int, dict[str, str]]:
        (tmp_path / "pyproject.toml").write_text(pyproject)
        code = main(["doctor", *arguments])
        out = capsys.readouterr().out
        return code, {line.split()[1]: f"{line.split()[0]} {line.split(None, 2)[2]}" for line in out.splitlines()}

    return run


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


def test_an_api_that_is_not_there_is_said_once_and_nothing_else_is_tried(see: Doctor) -> None:
    code, lines = see("--set", f"base_url=http://127.0.0.1:{free_port()}")
    assert code == 69
    assert "takes no connection" in lines["port"]
    assert "docker compose up --detach" in lines["port"]
    assert {lines[name] for name in ("login", "users", "orders")} == {"skipped the API cannot be asked"}
    assert "health" not in lines


def test_a_health_path_that_is_not_there_is_69(see: Doctor) -> None:
    code, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert (code, lines["health"][:6]) == (69, "FAILED")
    assert "/nowhere" in lines["health"]


def test_a_wrong_password_is_77_and_not_shown(see: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_ADMIN_PASSWORD", "not-the-password")
    code, lines = see()
    assert (code, lines["login"][:6], lines["users"]) == (77, "FAILED", "skipped nobody is logged in")
    assert "not-the-password" not in str(lines)


def test_credentials_that_are_not_for_the_target_are_not_sent(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*_: object) -> None:
        raise LoginRefused("known to everybody")

    def noted(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        asked.append(call.path)
        return usual(call)

    stub.bend = noted
    monkeypatch.setattr(credentials, "check_credentials", refuse)
    code, lines = see()
    assert (code, lines["login"]) == (77, "FAILED known to everybody")
    assert "/auth/login" not in asked


def test_a_token_that_is_carried_wrongly_is_told_from_a_refused_login(see: Doctor) -> None:
    carried = '[tool.tidegate.login]\nsend = "X-Token: {token}"\n' + PYPROJECT
    code, lines = see(pyproject=carried)
    assert code == 77
    assert "is logged in, but GET /orders answered 401" in lines["login"]
    assert "login.send" in lines["login"]


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


def test_the_running_stack_is_found_by_its_published_port(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    code, lines = see()
    assert (code, lines["health"]) == (0, f"ok {stub.url}/health answered 200 (0.0 s, 1 try)")


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


def lies(monkeypatch: pytest.MonkeyPatch, stub: Bent, found: docker.Container, *lines: str) -> None:
    """Compose has this container of the API."""
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "container", lambda _: found)
    monkeypatch.setattr(docker, "last_lines", lambda _: [*lines])


def test_a_container_that_has_ended_is_told_with_its_code_and_its_last_lines(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = environment_of(stub)["API_ADMIN_PASSWORD"]
    lies(monkeypatch, stub, docker.Container("c1", "exited", 3, ()), "no such  table", "", f"gave up with {secret}")
    monkeypatch.setattr(docker, "published", lambda *_: f"127.0.0.1:{free_port()}")
    code, lines = see()
    assert code == 69
    assert lines["port"].endswith(
        "the container of api has ended with code 3; its last lines: no such table | gave up with ***"
    )


def test_a_port_that_is_not_the_published_one_is_told(see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch) -> None:
    lies(monkeypatch, stub, docker.Container("c1", "running", 0, (3000,)))
    monkeypatch.setattr(docker, "published", lambda *_: f"127.0.0.1:{free_port()}")
    _, lines = see()
    assert lines["port"].endswith("api publishes its port 3000, not 8000: set API_PORT to the one it listens on")


@pytest.mark.parametrize(
    ("sockets", "said"),
    [
        ([("0.0.0.0", 3000)], "the container of api listens on port 3000, not 8000: set API_PORT, and publish that"),
        ([("127.0.0.1", 8000)], "the container of api listens on its own loopback alone: let it listen on 0.0.0.0"),
        ([("0.0.0.0", 8000)], "its log says more."),
        (None, "its log says more."),
    ],
)
def test_a_container_that_listens_elsewhere_is_told(
    see: Doctor, stub: Bent, monkeypatch: pytest.MonkeyPatch, sockets: list[tuple[str, int]] | None, said: str
) -> None:
    lies(monkeypatch, stub, docker.Container("c1", "running", 0, (8000,)))
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    monkeypatch.setattr(listening, "inside", lambda _id: sockets)
    stub.answers("GET", "/health", Answer(503, {"detail": "its log says more."}))
    _, lines = see("--set", "health.try_timeout=0.2")
    assert lines["health"].startswith("FAILED")
    assert ("the container" in lines["health"]) == said.startswith("the container")
    assert said in lines["health"]


@pytest.mark.parametrize("status", [401, 404])
def test_a_health_path_that_answers_is_named_where_the_set_one_does_not(see: Doctor, stub: Bent, status: int) -> None:
    stub.answers("GET", "/nowhere", Answer(status))
    _, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert lines["health"].endswith("; /health answers 200: set API_HEALTH_PATH to that")


def test_no_other_health_path_is_named_where_the_set_one_says_that_the_api_is_not_well(see: Doctor, stub: Bent) -> None:
    stub.answers("GET", "/health", Answer(503))
    stub.answers("GET", "/ping", Answer(200))
    _, lines = see("--set", "health.try_timeout=0.2")
    assert "/ping" not in lines["health"]


def test_no_other_health_path_is_named_of_an_api_that_says_yes_to_anything(see: Doctor, stub: Bent) -> None:
    def yes(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        return Answer(404) if call.path == "/nowhere" else Answer(200, {"status": "ok"})

    stub.bend = yes
    _, lines = see("--set", "health.path=/nowhere", "--set", "health.try_timeout=0.2")
    assert "answers 200" not in lines["health"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"status": "ok", "checks": {"db": True, "mail": False}}, "checks"),
        ({"db": True}, "."),
        ({"data": {"of": {"db": True}}}, "data.of"),
        ({"status": "ok", "checks": {"db": "up"}, "none": {}}, ""),
    ],
)
def test_flags_that_the_gate_does_not_look_at_are_named(see: Doctor, stub: Bent, body: object, place: str) -> None:
    stub.answers("GET", "/health", Answer(200, body))
    code, lines = see()
    assert (code, lines["health"][:2]) == (0, "ok")
    assert lines["health"].partition("; ")[2] == (
        f'the gate can also wait for its flags: flags = "{place}" in [tool.tidegate.health]' if place else ""
    )


def test_flags_that_are_set_are_not_proposed(see: Doctor, stub: Bent) -> None:
    stub.answers("GET", "/health", Answer(200, {"checks": {"db": True}}))
    _, lines = see(pyproject=f'[tool.tidegate.health]\nflags = "checks"\n{PYPROJECT}')
    assert "flags" not in lines["health"]


def test_a_path_that_is_not_there_is_told_with_the_login(see: Doctor) -> None:
    _, lines = see(pyproject='[tool.tidegate.resources.pens]\npath = "/v9/pens"\n')
    assert lines["login"].endswith("GET /v9/pens answered 404: check path in [tool.tidegate.resources.pens]")


def test_a_filter_that_the_api_ignores_is_a_note(see: Doctor) -> None:
    code, lines = see(pyproject=PYPROJECT.replace("email_prefix={prefix}", "nothing_of_ours={prefix}"))
    assert code == 0
    assert "listed (the API ignores the filter: clean-up then looks at every record" in lines["users"]


def test_an_address_on_another_machine_is_not_given_up_for_the_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker, "published", lambda *_: "127.0.0.1:32768")
    for address, found in {
        "https://staging.example.com": "https://staging.example.com",
        "http://localhost:8000/v1": "http://127.0.0.1:32768/v1",
        "http://api:8000": "http://127.0.0.1:32768",
    }.items():
        (tmp_path / "pyproject.toml").write_text(f'[tool.tidegate]\nbase_url = "{address}"\n')
        assert docker.located(load(tmp_path, env={})).base_url == found


@pytest.mark.parametrize(
    ("command", "said"), [("wait", "API is up: {}/health answered 200"), ("sweep", "users: 0 removed")]
)
def test_wait_and_sweep_find_the_running_stack_as_well(
    see: Doctor,
    stub: Bent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    said: str,
) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    monkeypatch.delenv("API_BASE_URL")
    monkeypatch.setattr(docker, "published", lambda *_: stub.url.removeprefix("http://"))
    assert main([command]) == 0
    assert said.format(stub.url) in capsys.readouterr().out
