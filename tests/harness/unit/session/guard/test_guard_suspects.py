"""What is remembered for when the admin stops working, and what the own questions of the guard cost."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from projects import Bent, settings_of
from unit.session.guard.guarded_site import ADMIN, LOCAL, Open

from tidegate.errors import BudgetSpent
from tidegate.session.budget import Budget
from tidegate.session.wire import open_wire


def test_what_may_have_harmed_the_admin_is_remembered_the_most_likely_first(opened: Open) -> None:
    site = opened(LOCAL)
    site.ledger.made("people", "9", None, None)
    site.client.post("/things", json={})
    site.client.patch("/people/9", json={})
    site.client.delete("/people/4")
    site.client.post("/auth/password", json={"password": "x"})
    site.client.post("/settings", json={"x": 1})
    assert [(suspect.test, suspect.request) for suspect in site.guard.suspects] == [
        ("test_it.py::test_a", "POST /v1/auth/password answered 200"),
        ("test_it.py::test_a", "POST /v1/settings answered 200"),
        ("test_it.py::test_a", "DELETE /v1/people/4 answered 200"),
    ]


def test_a_login_of_the_admin_clears_all_that_came_before(opened: Open) -> None:
    site = opened(LOCAL)
    site.client.delete("/people/4")
    site.client.post("/auth/login", json={"email": "viewer@example.com", "password": "x"})
    assert len([*site.guard.suspects]) == 1
    site.client.post("/auth/login", json={"email": ADMIN, "password": "an-admins-password"})
    assert [*site.guard.suspects] == []


def test_the_memory_is_bounded_and_keeps_the_most_likely(opened: Open) -> None:
    site = opened(LOCAL)
    site.client.post("/auth/password", json={"password": "x"})
    for number in range(200):
        site.client.post(f"/jobs/{number}", json={})
    kept = [suspect.request for suspect in site.guard.suspects]
    assert (len(kept), kept[0]) == (50, "POST /v1/auth/password answered 200")


def test_the_guards_own_questions_count_as_requests_of_the_run(tmp_path: Path, stub: Bent) -> None:
    [number] = stub.seed_users("somebody@example.com")
    settings = settings_of(tmp_path, stub)
    wire = open_wire(settings, stub.url, budget=Budget(1, 1, lambda: "test_it.py::test_a"))
    with httpx.Client(base_url=stub.url, transport=wire) as client, pytest.raises(BudgetSpent):
        client.delete(f"/users/{number}")
    assert stub.requests == []
