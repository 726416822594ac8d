"""Credentials that nobody has, made from those of the admin, however requests carry them."""

from __future__ import annotations

import base64

import pytest

from tidegate.plugin.cases.credentials import carried, tampered
from tidegate.session.login.session import Session

BASIC = base64.b64encode(b"admin:pass-word").decode()


def test_a_tampered_token_differs_in_the_middle_of_its_signature() -> None:
    assert tampered("head.claims.signature") == "head.claims.signAture"
    assert tampered("AAAA") == "AABA"


@pytest.mark.parametrize(
    ("session", "right", "wrong"),
    [
        (
            Session(headers={"Authorization": "Bearer abcd"}),
            {"Authorization": "Bearer abcd"},
            {"Authorization": "Bearer abAd"},
        ),
        (Session(headers={"X-Key": "abcd"}), {"X-Key": "abcd"}, {"X-Key": "abAd"}),
        (
            Session(cookies={"sid": "abcd", "lang": "de"}),
            {"Cookie": "sid=abcd; lang=de"},
            {"Cookie": "sid=abAd; lang=dA"},
        ),
    ],
)
def test_headers_and_cookies_are_spoilt_where_the_secret_is(
    session: Session, right: dict[str, str], wrong: dict[str, str]
) -> None:
    assert carried(session, spoilt=False) == (right, [])
    assert carried(session, spoilt=True) == (wrong, [])


def test_a_key_in_the_query_is_spoilt_there() -> None:
    assert carried(Session(query="api_key=ab%2Fd"), spoilt=False) == ({}, [("api_key", "ab/d")])
    assert carried(Session(query="api_key=ab%2Fd"), spoilt=True) == ({}, [("api_key", "abAd")])


def test_basic_credentials_get_another_name_so_that_no_account_is_locked() -> None:
    headers, _ = carried(Session(headers={"Authorization": f"Basic {BASIC}"}), spoilt=True)
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"no-such-admin:pass-word"
