"""The example API: logging in and tokens."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from api.conftest import Make
from api.processes import ADMIN, SECRET, Started

DIGESTS = {"HS256": "sha256", "HS512": "sha512"}
NOW = int(time.time())


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def forge(claims: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    signed = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}"
    digest = DIGESTS.get(algorithm)
    signature = hmac.digest(secret.encode(), signed.encode(), digest) if digest else b""
    return f"{signed}.{part(signature)}"


VALID = {"sub": "1", "iat": NOW - 10, "exp": NOW + 3600}  # the tests before these may take a while


def test_login_answers_a_token_that_works_and_says_for_how_long(
    anonymous: httpx.Client, client_with: Callable[[str], httpx.Client]
) -> None:
    answer = anonymous.post("/auth/login", json=ADMIN)
    assert answer.json() | {"access_token": "..."} == {
        "access_token": "...",
        "token_type": "bearer",
        "expires_in": 900,
    }
    assert answer.headers["cache-control"] == "no-store"
    with client_with(answer.json()["access_token"]) as client:
        assert client.get("/users").status_code == 200


def test_login_knows_the_e_mail_in_any_case(log_in: Callable[[str, str], str]) -> None:
    assert log_in(ADMIN["email"].upper(), ADMIN["password"])


def test_a_wrong_password_and_an_unknown_e_mail_get_the_same_answer(anonymous: httpx.Client, new_user: Make) -> None:
    no_password = new_user()["email"]
    wrong, unknown, without = (
        anonymous.post("/auth/login", json={"email": email, "password": "wrong"})
        for email in (ADMIN["email"], "nobody@example.com", no_password)
    )
    assert (wrong.status_code, wrong.text) == (401, unknown.text)
    assert (without.status_code, without.text) == (401, wrong.text)
    assert wrong.headers["www-authenticate"] == unknown.headers["www-authenticate"] == "Bearer"


def test_a_token_signed_with_the_secret_is_accepted(client_with: Callable[[str], httpx.Client]) -> None:
    with client_with(forge(VALID)) as client:
        assert client.get("/users").status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("nonsense", id="not a token"),
        pytest.param("a.b.c", id="three parts of nothing"),
        pytest.param(forge(VALID, secret="another-secret-of-more-than-32-bytes!!"), id="another secret"),
        pytest.param(forge(VALID, algorithm="none"), id="not signed"),
        pytest.param(forge(VALID, algorithm="HS512"), id="another algorithm"),
        pytest.param(forge(VALID | {"iat": NOW - 900, "exp": NOW - 1}), id="expired"),
        pytest.param(forge(VALID | {"iat": NOW + 7200, "exp": NOW + 9000}), id="not yet issued"),
        pytest.param(forge({"sub": "1", "iat": NOW}), id="without an end"),
        pytest.param(forge({"iat": NOW, "exp": NOW + 3600}), id="without a subject"),
        pytest.param(forge(VALID | {"exp": float("inf")}), id="an end that is no number"),
        pytest.param(forge(VALID | {"sub": "admin@example.com"}), id="a subject of another form"),
        pytest.param(forge(VALID | {"sub": "9" * 40}), id="a subject out of range"),
        pytest.param(forge(VALID | {"sub": "123456789"}), id="a subject that does not exist"),
        pytest.param(forge([]), id="claims of another form"),  # type: ignore[arg-type]
    ],
)
def test_a_token_that_is_not_valid_is_refused(token: str, anonymous: httpx.Client) -> None:
    answer = anonymous.get("/users", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["Basic YWRtaW46YWRtaW4=", "Bearer", "Token x"])
def test_another_kind_of_authorization_is_refused(header: str, anonymous: httpx.Client) -> None:
    assert anonymous.get("/users", headers={"Authorization": header}).status_code == 401


def test_a_token_dies_with_its_account(
    admin: httpx.Client,
    new_user: Make,
    client_with: Callable[[str], httpx.Client],
    log_in: Callable[[str, str], str],
) -> None:
    user = new_user(password="a-password", role="admin")
    with client_with(log_in(user["email"], "a-password")) as client:
        assert client.get("/users").status_code == 200
        admin.delete(f"/users/{user['id']}")
        assert client.get("/users").status_code == 401


def test_a_changed_role_counts_for_tokens_already_given(
    admin: httpx.Client,
    new_user: Make,
    client_with: Callable[[str], httpx.Client],
    log_in: Callable[[str, str], str],
) -> None:
    user = new_user(password="a-password", role="admin")
    with client_with(log_in(user["email"], "a-password")) as client:
        admin.patch(f"/users/{user['id']}", json={"role": "viewer"})
        assert client.post("/users", json={}).status_code == 403


def test_passwords_and_tokens_appear_in_no_answer_and_no_log_line(
    example: Started, anonymous: httpx.Client, admin: httpx.Client, new_user: Make
) -> None:
    user = new_user(password="sesame-open-now")
    texts = [
        json.dumps(user),
        admin.get("/users").text,
        anonymous.post("/auth/login", json={"email": 1, "password": ["sesame-open-now"]}).text,
        anonymous.post("/auth/login", json={"email": user["email"], "password": "sesame-open-now" * 100}).text,
    ]
    assert not [text for text in texts if "sesame" in text or "argon2" in text]
    assert "sesame" not in "".join(example.lines)
    assert admin.headers["authorization"] not in "".join(example.lines)
