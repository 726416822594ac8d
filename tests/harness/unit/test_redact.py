from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tidegate.redact import MASK, mask

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": lambda s: json.dumps(s)[1:-1],
    "JSON, not ASCII": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "JSON with escaped slashes": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "URL": lambda s: quote(s, safe=""),
    "URL, small hex digits": lambda s: re.sub("%..", lambda byte: byte[0].lower(), quote(s, safe="")),
    "URL path": quote,
    "form": quote_plus,
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 without padding": lambda s: base64.b64encode(s.encode()).decode().rstrip("="),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64url without padding": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "Python repr": lambda s: repr(s)[1:-1],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=4),
    around=st.text(st.characters(codec="ascii"), max_size=5),
)
@example(secret="p/w?ä\"'\\ <&>+", around=' "')
@example(secret="??>>~~ÿÿ", around="")
@example(secret="tide-and-gate-2026", around="x")
def test_no_usual_spelling_of_a_secret_survives(spelling: str, secret: str, around: str) -> None:
    spelled = SPELLINGS[spelling](secret)
    assume(spelled not in f'{around}{around}"{MASK}{MASK}"' and spelled not in f"{around}{MASK}{around}")
    assert spelled not in mask(f"{around}{spelled}{around}", [secret])


def test_a_longer_secret_is_masked_before_one_that_it_holds() -> None:
    assert mask("a hunter2000 b hunter2 c", ["hunter2", "hunter2000"]) == f"a {MASK} b {MASK} c"


def test_an_empty_secret_masks_nothing() -> None:
    assert mask("text", ["", "zzz"]) == "text"


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "s3cr3t"}',
        '{"password":"s3c\\"s3cr3t"}',
        "{'client_secret': 's3cr3t'}",
        '{"API-KEY" : s3cr3t}',
        '{"new_password2": "s3cr3t"}',
        '{"tokens": ["s3cr3t", "s3cr3t"]}',
        '{"token": {"value": "s3cr3t"}}',
        '{\\"password\\": \\"s3cr3t\\"}',
        '{"set-cookie": "id=s3cr3t; Path=/"}',
        "Authorization: Bearer s3cr3t.s3cr3t",
        "authorization: basic czNjcjN0OnM=s3cr3t",
        f"the token {JWT.replace('eyJzdWIiOiIxIn0', 's3cr3t')} was refused",
    ],
)
def test_what_looks_like_a_secret_is_masked_whoever_knows_it(text: str) -> None:
    assert "s3cr3t" not in mask(text)
    assert MASK in mask(text)


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong",
        '{"detail": "invalid token: expected a text"}',
        '{"status": "starting", "name": "test-6b-1"}',
        "login refused for admin@example.com\n  asked: POST http://localhost:8000/auth/login",
        "GET /users?email_prefix=test- answered 500 Internal Server Error",
        "a bearer of news; basic tests",
        'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
        "Basic authentication required",
        "Bearer authentication failed",
        "eyJ is how a token begins",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert mask(text, ["tide-and-gate-2026"]) == text


@given(text=st.text() | st.text(alphabet="\"':password\\ token,{}[]eyJ."))
def test_masking_twice_is_the_same_as_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)
