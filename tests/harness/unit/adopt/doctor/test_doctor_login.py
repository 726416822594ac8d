"""What `tidegate doctor` says of a login: refused, not tried, or carried wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from projects import Answer, Bent, Call
from unit.adopt.doctor.doctor_settings import PYPROJECT, Doctor

from tidegate.errors import LoginRefused
from tidegate.session import credentials


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


def test_a_path_that_is_not_there_is_told_with_the_login(see: Doctor) -> None:
    _, lines = see(pyproject='[tool.tidegate.resources.pens]\npath = "/v9/pens"\n')
    assert lines["login"].endswith("GET /v9/pens answered 404: check path in [tool.tidegate.resources.pens]")
