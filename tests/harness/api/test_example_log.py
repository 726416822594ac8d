"""The example API's log: one JSON line per request."""

import json
from typing import Any

import httpx
from api.processes import SECRET, Started, wait_until

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def lines_of(started: Started, path: str) -> list[dict[str, Any]]:
    """The log lines of requests to this path, once there is one."""

    def find() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in started.lines if line.startswith("{")]
        return [line for line in lines if line["path"] == path]

    wait_until(lambda: bool(find()), f"a log line of {path}")
    return find()


def test_a_request_is_one_line_that_says_what_came_of_it(example: Started, admin: httpx.Client) -> None:
    admin.delete("/users/log-me", headers={"traceparent": TRACE})
    (line,) = lines_of(example, "/users/log-me")
    assert (line["method"], line["status"], line["traceparent"]) == ("DELETE", 404, TRACE)
    assert list(line) == ["time", "method", "path", "status", "duration_ms", "traceparent"]
    assert line["time"].endswith("+00:00")
    assert line["duration_ms"] > 0


def test_a_query_is_not_logged(example: Started, admin: httpx.Client) -> None:
    admin.get("/log-me-too?email_prefix=private-person")
    assert lines_of(example, "/log-me-too")[0]["traceparent"] is None
    assert "private-person" not in "".join(example.lines)


def test_a_defect_is_logged_with_its_place_and_answered_without_it(without_tables: Started) -> None:
    body = {"email": "hidden@example.com", "password": "hidden-too"}
    answer = httpx.post(f"{without_tables.base_url}/auth/login", json=body)
    line = lines_of(without_tables, "/auth/login")[-1]
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal error."})
    assert (line["status"], line["error"]) == (500, "ProgrammingError")
    assert line["at"][-1].startswith("login.py:")
    assert "hidden" not in "".join(without_tables.lines)


def test_the_log_holds_no_line_in_another_form(example: Started, anonymous: httpx.Client) -> None:
    anonymous.get("/health")
    lines_of(example, "/health")
    other = [line for line in example.lines if not line.startswith(("{", "shop.migrate: ", "embedded: "))]
    assert other == []
    assert SECRET not in "".join(example.lines)
