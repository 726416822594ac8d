"""What a failing test shows of its requests, beside its assertion."""

from __future__ import annotations

import re

import pytest
from plugin.conftest import Project
from projects import Answer

SHOWS = """
def test_passes(client):
    client.get("/users?passed=1")
def test_fails(admin):
    for number in range(13):
        admin.get(f"/users/0?number={number}")
    admin.get("/health")
    assert 0
"""


def test_a_failing_test_shows_its_latest_requests_and_how_to_send_the_likeliest_culprit_again(
    project: Project,
) -> None:
    project.test(SHOWS)
    result = project.run("-p", "no:randomly")
    [title] = [at for at, line in enumerate(result.outlines) if "exchanges call" in line]
    shown = result.outlines[title + 1 : title + 15]
    assert shown[0] == "… 3 before these"
    assert [re.sub(r"\d+ ms", "1 ms", line) for line in shown[1:3]] == [
        "GET /users/0?number=2 404 1 ms",
        "GET /users/0?number=3 404 1 ms",
    ]
    assert shown[12].startswith("GET /health 200 ")
    assert shown[13].startswith("  curl ")
    assert "number=12" in shown[13]
    assert "Authorization: Bearer $API_TOKEN" in shown[13]
    assert "passed=1" not in result.stdout.str()


def test_a_request_before_the_test_says_so_and_one_without_answer_says_why(project: Project) -> None:
    project.test(
        "import httpx, pytest\n@pytest.fixture\ndef asked(client): client.get('/health')\n"
        "def test_a(asked, client):\n    with pytest.raises(httpx.HTTPError):\n"
        "        client.get('http://127.0.0.1:9/none')\n    assert 0"
    )
    text = project.run("--tidegate-set", "client.retries=0").stdout.str()
    assert re.search(r"^setup: GET /health 200 \d+ ms$", text, re.MULTILINE)
    assert re.search(r"^GET http://127.0.0.1:9/none no answer, .+ \d+ ms$", text, re.MULTILINE)


DIFFERS = """
def test_is_content(client):
    client.get("/things/1")
    client.get("/lists")
def test_is_not(client):
    client.get("/things/2")
    client.get("/lists")
    client.get("/health")
    assert 0
"""


@pytest.mark.parametrize(
    ("good", "now", "said"),
    [
        ({"id": 1, "name": "a"}, {"id": 2, "title": "b"}, "/name is missing"),
        ({"id": 1}, {"id": 2, "a/b": None}, "/a~1b is new"),
        ({"id": 1, "in": [{"n": 1}]}, {"id": 2, "in": [{"n": 2.5}, {"n": "2"}]}, "/in/1/n is string and no number"),
        ([1], {"id": 2}, "the body is object and no array"),
        ({"id": 1, "note": None, "tags": []}, {"id": 2, "note": "b", "tags": ["c"]}, ""),
    ],
)
def test_an_answer_of_another_form_than_a_test_was_content_with_says_where(
    good: object, now: object, said: str, project: Project
) -> None:
    bodies = {"/things/1": good, "/things/2": now, "/lists": [{"id": 3}]}
    project.stub.bend = lambda call, usual: Answer(200, bodies[call.path]) if call.path in bodies else usual(call)
    project.test(DIFFERS)
    text = project.run("-p", "no:randomly").stdout.str()
    told = f", {said}, unlike in test_it.py::test_is_content" if said else ""
    assert re.search(rf"^GET /things/2 200 \d+ ms{re.escape(told)}$", text, re.MULTILINE)
    assert re.search(r"^GET /lists 200 \d+ ms$", text, re.MULTILINE)


def test_where_the_contract_shows_the_command_already_it_is_not_shown_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.stub.answers("GET", "/openapi.json", Answer(200, DOCUMENT))
    project.test("def test_a(client): client.get('/health')")
    text = project.run("--contract=strict", "--contract-document=/openapi.json").stdout.str()
    assert "curl: curl " in text
    assert text.count("curl http") == 1
    assert re.search(r"^GET /health 200 \d+ ms$", text, re.MULTILINE)


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/health": {
            "get": {
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"required": ["never"]}}}}
                }
            }
        }
    },
}
