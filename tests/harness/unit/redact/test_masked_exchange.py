"""What of an exchange is stored or shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.records import Exchange, Message
from tidegate.redact import CUT, MASK, Secrets, lessons, masked_again, masked_exchange

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
JSON = ("Content-Type", "application/json")


def exchange(*headers: tuple[str, str], body: bytes | None = b"", url: str = "http://h/", **more: Any) -> Exchange:
    answer = Message(headers, body, len(body or b""), "0" * 64)
    return Exchange(1, "test", "call", "admin", "GET", url, Message(), 200, answer, **more)


def masked(found: Exchange, *secrets: str, **how: Any) -> Message:
    known = Secrets(secrets)
    known.notice(lessons(found))
    answer = masked_exchange(found, known, **how).response
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer abc", f"Bearer {MASK}"),
        ("Authorization", "Basic dTpwYXNz", f"Basic {MASK}"),
        ("Authorization", "abcdef", MASK),
        ("Cookie", "sid=abc; theme=dark", f"sid={MASK}; theme={MASK}"),
        ("Set-Cookie", "sid=abc; Path=/; HttpOnly", f"sid={MASK}; Path=/; HttpOnly"),
        ("X-Anything", "abc", MASK),
        ("X-Tenant", "acme", "acme"),
        ("Content-Type", "text/plain", "text/plain"),
        ("X-Request-Id", "7", "7"),
        ("Location", "/next?page=2&token=abc", f"/next?page=2&token={MASK}"),
        ("Location", "https://me:abc@h/", f"https://{MASK}@h/"),
        ("Location", f"/in/{JWT}", f"/in/{MASK}"),
        ("Link", '</x?page=2>; rel="next"', '</x?page=2>; rel="next"'),
        ("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"', 'Bearer realm="api", error="invalid_token"'),
    ],
)
def test_a_header_is_shown_when_it_is_known_to_hold_no_secret(name: str, value: str, shown: str) -> None:
    assert masked(exchange((name, value)), headers=["x-tenant"]).headers == ((name, shown),)


@pytest.mark.parametrize(
    "value",
    [
        JWT,
        "sk_live_abcdefgh12345678",
        "ghp_abcdefghijklmnop1234",
        "AKIAABCDEFGHIJKLMNOP",
        "xoxb-12345678-abcdef",
        "github_pat_abcdefghijklmnop1234",
        "AIza" + "b" * 35,
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_has_the_form_of_a_secret_is_masked_whatever_it_is_called(value: str) -> None:
    answer = masked(exchange(JSON, body=json.dumps({"note": f"see {value}!"}).encode()))
    assert json.loads(answer.body or b"")["note"].startswith(f"see {MASK}")
    assert value[6:] not in (answer.body or b"").decode()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            {"password": "abc", "pin": 1234, "token_type": "bearer"},
            {"password": MASK, "pin": MASK, "token_type": "bearer"},
        ),
        ({"tokens": [{"kind": "abc"}], "n": 1}, {"tokens": [{"kind": MASK}], "n": 1}),
        ({"secret": None, "has_token": True}, {"secret": None, "has_token": True}),
        ({"session": {"room": "b"}}, {"session": {"room": "b"}}),
        ({"session": "abc"}, {"session": MASK}),
        ({"next": "/a?api_key=abc&b=1"}, {"next": f"/a?api_key={MASK}&b=1"}),
        ({"log": '{"password": "abc"}'}, {"log": f'{{"password": "{MASK}"}}'}),
    ],
)
def test_what_stands_in_json_under_the_name_of_a_secret_is_masked(body: Any, shown: Any) -> None:
    answer = masked(exchange(JSON, body=json.dumps(body).encode()))
    assert json.loads(answer.body or b"") == shown


def test_a_body_without_a_secret_stays_as_it_came_to_the_last_byte() -> None:
    body = b'{ "a":1,  "author": "\\u00e4" , "key": "theme"}\n'
    assert masked(exchange(JSON, body=body)) == Message((JSON,), body, len(body), "0" * 64)


def test_the_digest_of_a_body_that_held_a_secret_is_not_kept() -> None:
    assert masked(exchange(JSON, body=b'{"password": "1234"}')).digest == ""


@pytest.mark.parametrize("body", [b"\x00\x01PNG", b"\xff\xfe\xfd", None])
def test_of_what_is_no_text_size_and_digest_are_kept(body: bytes | None) -> None:
    answer = masked(exchange(body=body))
    assert (answer.body, answer.size, answer.digest) == (None, len(body or b""), "0" * 64)


@given(before=st.integers(0, 60))
def test_no_cut_leaves_a_part_of_a_secret(before: int) -> None:
    secret = "k7Qz2mWv9Xc4Lr8Tn1Pb6Yd3Hs5Jf0Ga"
    answer = masked(exchange(body=b"." * before + secret.encode() + b"." * 20_000), secret, limit=50)
    kept, _, said = (answer.body or b"").decode().partition(CUT)
    assert set(kept) <= {".", "*"}
    assert len(kept) <= 50
    assert said == f": {before + len(secret) + 20_000} bytes in all"


def test_text_in_another_charset_is_kept() -> None:
    answer = masked(exchange(("Content-Type", "text/plain; charset=latin-1"), body="é".encode("latin-1")))
    assert answer.body == "é".encode()


def test_what_turns_out_to_be_a_secret_later_is_taken_out_again() -> None:
    secrets = Secrets()
    first = masked_exchange(
        exchange(JSON, body=b'{"echo": "abcdef0123456789"}', url="http://h/abcdef0123456789"), secrets
    )
    secrets.notice(["abcdef0123456789"])
    again = masked_again(first, secrets)
    assert again.response is not None
    assert (again.response.body, again.url, again.response.digest) == (b'{"echo": "***"}', "http://h/***", "")


@given(
    text=st.text() | st.text(alphabet="\"':password\\ token,{}[]eyJ.=&%<>"),
    value=st.text(min_size=6, max_size=12).filter(lambda value: "*" not in value),
)
def test_an_exchange_masked_twice_is_as_masked_once(text: str, value: str) -> None:
    secrets = Secrets([value])
    found = exchange(("Location", text), body=json.dumps({"a": text, "password": value}).encode(), error=text)
    once = masked_exchange(found, secrets)
    secrets.notice(lessons(once))
    assert masked_again(once, secrets) == once
