"""The seeded admin: what would change it, and what only looks so."""

from __future__ import annotations

from typing import Any

import pytest
from unit.session.guard.guarded_site import ADMIN, LOCAL, Open, refused

from tidegate.errors import WriteRefused


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/people/1", None),
        ("PATCH", "/people/1", {"name": "x"}),
        ("PUT", "/people/1", {}),
        ("POST", "/people/1/deactivate", None),
        ("PUT", "/people/1/password", {}),
        ("PATCH", "/people/me", {}),
        ("PATCH", "/me", {}),
        ("DELETE", "/me", None),
        ("POST", "/auth/password", {"old": "an-admins-password", "new_password": "x"}),
        ("PATCH", "/profile", {}),
        ("DELETE", "/members/1", None),
        ("PATCH", "/members/1", {}),
        ("PATCH", "/people/4/%2e%2e/1", {}),
        ("PATCH", "/people/4/%252E%252e/1", {}),
        ("PATCH", "/people/4%2f..%2f1", {}),
        ("PATCH", "/people/4/..%5C1", {}),
        ("PATCH", "/people/1%2froles", {}),
        ("PATCH", "/people//1", {}),
        ("DELETE", "/nowhere/%2e%2e/people/1", None),
        ("PATCH", "/p%65ople/%31", {}),
        ("PUT", "/account/password", {"password": "x"}),
        ("POST", "/account/change-password", {"password": "x"}),
        ("POST", "/auth/password", {"currentPassword": "an-admins-password", "password": "x"}),
        ("POST", "/auth/password", {"oldPwd": "an-admins-password", "newPwd": "x"}),
        ("POST", "/auth/reset", {"user": {"email": ADMIN.upper(), "passwordConfirmation": "x"}}),
    ],
)
def test_the_admin_can_be_neither_deleted_nor_changed(opened: Open, method: str, path: str, body: Any) -> None:
    text = refused(opened(LOCAL), method, path, json=body)
    assert "would change the seeded admin" in text
    assert "an-admins-password" not in text


def test_the_admin_can_be_changed_where_that_is_allowed(opened: Open) -> None:
    site = opened(LOCAL, TIDEGATE_TARGET_ALLOW_ADMIN_CHANGES="true")
    site.client.delete("/people/1")
    assert site.wire.writes == ["DELETE /v1/people/1"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/people", {"email": ADMIN, "name": "x", "password": "x", "password_confirmation": "x"}),
        ("POST", "/auth/login", {"email": ADMIN, "password": "wrong"}),
        ("POST", "/oauth/token", {"username": ADMIN, "password": "wrong"}),
        ("PATCH", "/people/2", {"email": ADMIN}),
        ("PATCH", "/ticket", {"title": "x"}),
        ("POST", "/auth/check", {"email": ADMIN, "old_password": "x"}),
        ("POST", "/auth/password", {"current_password": "x", "password": "y"}),
        ("PATCH", "/people/77", {"name": "x"}),
        ("PATCH", "/people/1/rooms/9", {"name": "x"}),
        ("PUT", "/cart", {}),
        ("DELETE", "/people/4", None),
    ],
)
def test_the_usual_negative_tests_pass(opened: Open, method: str, path: str, body: Any) -> None:
    site = opened(LOCAL)
    site.client.request(method, path, json=body)
    assert len(site.wire.writes) == 1


def test_an_account_that_has_the_admins_password_as_well_can_change_it(opened: Open) -> None:
    site = opened(LOCAL)
    change = {"current_password": "an-admins-password", "new_password": "x"}
    refused(site, "POST", "/auth/password", json=change)
    site.client.post("/people", json={"email": "somebody@example.com", "password": "an-admins-password"})
    site.client.post("/auth/password", json=change)
    assert site.wire.writes == ["POST /v1/people", "POST /v1/auth/password"]
    with pytest.raises(WriteRefused):
        site.client.post("/auth/password", json={"email": ADMIN, **change})
