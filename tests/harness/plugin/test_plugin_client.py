from __future__ import annotations

from collections.abc import Callable

import pytest
from plugin.conftest import Project
from projects import PYPROJECT, Answer, Bent, Call

MAKES = "admin.post('/users', json={'email': unique.email(), 'name': 'x'})"
RUNS = pytest.mark.parametrize("run", [(), ("-n", "2")], ids=["alone", "-n 2"])


def configure(project: Project, client: str = "", health: str = "") -> None:
    tables = f"[tool.tidegate.client]\n{client}\n[tool.tidegate.health]\n{health}\n"
    (project.path / "pyproject.toml").write_text(tables + PYPROJECT)


@RUNS
def test_a_429_that_was_waited_for_is_in_the_summary_with_its_count(
    project: Project, stub: Bent, run: tuple[str, ...]
) -> None:
    def busy(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        again = stub.requests.count(f"{call.method} {call.path}") % 2 == 0
        return usual(call) if again or call.path != "/users/1" else Answer(429, {}, {"Retry-After": "0"})

    stub.bend = busy
    project.test("def test_a(admin):\n    for _ in range(3): assert admin.get('/users/1').status_code == 200")
    result = project.run(*run)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["tidegate: note: GET /users/{id} answered 429 and was sent again after its Retry-After (3 times)"]
    )


@RUNS
def test_a_redirect_is_not_followed_but_told_with_the_setting_to_change(
    project: Project, stub: Bent, run: tuple[str, ...]
) -> None:
    stub.answers("GET", "/users/", Answer(308, None, {"Location": "/people/1"}))
    project.test("def test_a(client):\n    assert [client.get('/users/1').status_code for _ in 'ab'] == [308, 308]")
    result = project.run(*run)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["tidegate: note: GET /users/{id} answered 308 to /people/{id}: set resources.users.path to /people"]
    )
    assert not any("/people" in request for request in stub.requests)


def test_a_spent_budget_ends_the_run_by_naming_the_test_and_clean_up_is_done_all_the_same(
    project: Project, stub: Bent
) -> None:
    configure(project, "budget = 3")
    project.test(
        f"def test_a(admin, unique): {MAKES}\n"
        f"def test_b(admin, unique): {MAKES}\n"  # the login was the first request
        f"def test_c(admin, unique): {MAKES}\n"
        "def test_d(admin): pass"
    )
    result = project.run()
    assert result.ret == 73
    result.stdout.fnmatch_lines(
        [
            "the tests have sent all the requests that they may: 3 (client.budget = 3)",
            "  the last one was sent by: test_it.py::test_b",
            "  not sent: POST /users",
            "  next: raise client.budget (TIDEGATE_CLIENT_BUDGET), or run fewer tests",
            "tidegate: run * 2 records made, 2 records removed at the end*",
        ]
    )
    assert stub.emails() == set()


def test_workers_share_the_budget(project: Project, stub: Bent) -> None:
    configure(project, "budget = 4")
    project.test("def test_a(client):\n    for _ in range(3): client.get('/users')")
    result = project.run("-n", "2")
    assert result.ret == 73
    result.stdout.fnmatch_lines(["*that they may: 2 (client.budget = 4, shared by 2 workers)"])


def test_headers_and_time_limits_of_the_settings_are_those_of_every_client(project: Project, stub: Bent) -> None:
    configure(project, 'timeout = 7\nconnect_timeout = 2\nheaders = { X-Tenant = "acme" }')
    seen: set[str | None] = set()

    def tenant(call: Call, usual: Callable[[Call], Answer]) -> Answer:
        seen.add(call.headers.get("x-tenant"))
        return usual(call)

    stub.bend = tenant
    project.test(
        "import httpx\ndef test_a(client, admin, unique):\n"
        "    assert client.timeout == admin.timeout == httpx.Timeout(7, connect=2)\n"
        f"    {MAKES}"
    )
    project.run().assert_outcomes(passed=1)
    assert seen == {"acme"}  # the gate's, the login's, the test's and clean-up's requests


@RUNS
def test_a_health_path_that_needs_the_login_opens_the_gate(project: Project, stub: Bent, run: tuple[str, ...]) -> None:
    configure(project, health='path = "/users/1"\nlogin = true')
    project.test("def test_a(admin): assert admin.get('/users').status_code == 200")
    project.run(*run).assert_outcomes(passed=1)


def test_a_health_path_whose_login_is_refused_says_so(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(project, health='path = "/users/1"\nlogin = true\ntimeout = 3')
    monkeypatch.setenv("API_ADMIN_PASSWORD", "not-the-password")
    project.test("def test_a(client): pass")
    result = project.run()
    assert result.ret == 69
    result.stdout.fnmatch_lines(["  last answer: no login for the health path: HTTP 401, body: *"])


def test_a_health_path_that_needs_a_login_of_nobody_ends_the_run_with_the_missing_setting(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(project, health='path = "/users/1"\nlogin = true')
    monkeypatch.delenv("API_ADMIN_PASSWORD")
    project.test("def test_a(client): pass")
    result = project.run()
    assert result.ret == 78
    result.stdout.fnmatch_lines(["API_ADMIN_PASSWORD is not set"])
