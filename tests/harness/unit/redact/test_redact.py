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
from tidegate.redact.names import is_secret, may_name

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


LONG = "k7Qz2mWv9Xc4Lr8Tn1Pb6Yd3Hs5Jf0Ga"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("assert 'k7Qz2mWv9Xc4...b6Yd3Hs5Jf0Ga' == 'other'", f"assert '{MASK}...{MASK}' == 'other'"),
        ("{'a': 'Bearer k7Qz2m...', 'b': 1}", f"{{'a': 'Bearer {MASK}...', 'b': 1}}"),
        ("<Headers [1, ...5Jf0Ga]> and ...", f"<Headers [1, ...{MASK}]> and ..."),
        ("k7Qz2mWv9Xc4...Jf0Ga: k7Qz2m...", f"{MASK}...Jf0Ga: {MASK}..."),
        ("'...3Hs5Jf0Ga', 'k7Qz2mW...'", f"'...{MASK}', '{MASK}...'"),
    ],
)
def test_an_end_of_a_secret_next_to_a_cut_is_masked(text: str, masked: str) -> None:
    assert mask(text, ["short", LONG]) == masked


@given(data=st.data(), around=st.text(alphabet=" '\"x=-k", max_size=9))
def test_a_long_piece_of_an_opaque_secret_is_masked_wherever_it_stands(data: st.DataObject, around: str) -> None:
    start = data.draw(st.integers(0, len(LONG) - 16))
    piece = LONG[start : data.draw(st.integers(start + 16, len(LONG)))]
    assert mask(f"{around}|{piece}|{around}", [LONG]) == f"{around}|{MASK}|{around}"


def test_a_piece_of_an_url_or_a_path_among_the_secrets_stays() -> None:
    text = "asked http://localhost:8000/api/v1/auth/token"
    assert mask(text, [f"{text[6:]}/refresh", "/api/v1/auth/token/refresh"]) == text


def test_both_ends_of_a_cut_web_token_are_masked_though_nobody_knows_it() -> None:
    assert mask(f"'{JWT[:30]}...{JWT[-9:]}', '{JWT[:12]}...{JWT[-12:]}'") == f"'{MASK}', '{MASK}'"


@pytest.mark.parametrize("pair", ["(b'Set-Cookie', b'sid=s3cr3t; Path=/')", "('X-Auth-Token', \"s3cr3t's\")"])
def test_a_secret_header_in_a_pair_is_masked(pair: str) -> None:
    assert mask(f"headers=[(b'Age', b'1'), {pair}, (b'Date', b'now')]").count("s3cr3t") == 0
    assert mask("[(b'Age', b'1')]") == "[(b'Age', b'1')]"


NAMES = (
    *("passw", "pwd", "passphrase", "passcode", "secret", "token", "jwt", "bearer", "authorization", "cookie"),
    *("api_key", "access-key", "privatekey", "auth_key", "session_key", "sessionid", "credential", "csrf", "xsrf"),
    *("signature", "assertion", "verifier", "recovery_code", "backup_code"),
    *("session", "sid", "pin", "sig", "cvv", "cvc", "otp"),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_secret_is_passed_over_where_a_text_is_only_glanced_at(name: str) -> None:
    assert is_secret(name)
    assert may_name(f'{{"a": {{"{name.upper()}": 1}}}}')
    assert may_name(f"a=b&{name}=1")


STARTS = (
    *("sk_live_", "rk_test_", "pk_live_", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"),
    *("AKIA", "ASIA", "xoxb-", "xapp-", "AIza", "ya29.", "npm_", "SG.AAAAAAAAAAAAAAAAAAAA.", "sk-"),
    *("Bearer ", "bearer ", "BEARER ", "Basic ", "basic ", "BASIC "),
)


@pytest.mark.parametrize("start", STARTS)
def test_a_key_is_known_by_its_start_whatever_stands_around_it(start: str) -> None:
    key = start + "A" * 32
    assert key not in mask(f"see {key} there")
