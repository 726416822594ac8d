"""Who gets a token, and what a token that is not right gets."""

import time
from collections.abc import Callable

import httpx
import pytest

from tests.checks import expect, leaks, message, refused, seen
from tests.promises import Promises
from tests.records import PASSWORD, Create, Record
from tests.tokens import bearer, claims, is_jwt, signed, tampered, unsigned, with_claims
from tidegate.session.run import Unique
from tidegate.settings import Settings


@pytest.fixture(scope="session")
def login_path(settings: Settings) -> str:
    """Where the login is."""
    return settings.login.path


@pytest.fixture(scope="session")
def answer(client: httpx.Client, login_path: str, settings: Settings) -> httpx.Response:
    """The answer to the admin's login."""
    return client.post(login_path, json={"email": settings.admin_email, "password": settings.admin_password})


@pytest.fixture(scope="session")
def wrong_password(client: httpx.Client, login_path: str, settings: Settings) -> httpx.Response:
    """The answer to the admin's e-mail with another password."""
    return client.post(login_path, json={"email": settings.admin_email, "password": "not-the-password"})


def reads_users(client: httpx.Client, token: str) -> httpx.Response:
    return client.get("/users", params={"limit": 1}, headers=bearer(token))


@pytest.mark.readonly
def test_login_answers_a_token_that_opens_the_api(client: httpx.Client, answer: httpx.Response) -> None:
    token = expect(answer, 200, 201).get("access_token")
    assert token, seen(answer)
    assert isinstance(token, str), seen(answer)
    expect(reads_users(client, token), 200)


@pytest.mark.readonly
def test_login_says_how_to_send_the_token_and_how_long_it_lasts(answer: httpx.Response, promises: Promises) -> None:
    body = expect(answer, 200, 201)
    if not {"token_type", "expires_in"} <= body.keys():
        promises.skip_unless("token_details")
    assert body.get("token_type", "").lower() == "bearer", seen(answer)
    assert type(body.get("expires_in")) is int, seen(answer)
    assert body["expires_in"] > 0, seen(answer)


@pytest.mark.readonly
def test_a_token_lasts_as_long_as_the_login_said(answer: httpx.Response, promises: Promises) -> None:
    body = expect(answer, 200, 201)
    if not is_jwt(body["access_token"]):
        promises.skip_unless("jwt")
    if "expires_in" not in body:
        promises.skip_unless("token_details")
    left = claims(body["access_token"])["exp"] - time.time()
    assert 0 < left <= body["expires_in"] + 60, f"{left:.0f} s left; {seen(answer)}"


@pytest.mark.readonly
def test_login_shows_no_password(answer: httpx.Response, settings: Settings) -> None:
    assert not [*leaks(expect(answer, 200, 201), settings.admin_password or "")]


def test_a_wrong_password_is_refused(wrong_password: httpx.Response) -> None:
    expect(wrong_password, 400, 401, 403)


def test_an_unknown_email_gets_the_same_answer_as_a_wrong_password(
    client: httpx.Client, login_path: str, wrong_password: httpx.Response, unique: Unique, promises: Promises
) -> None:
    unknown = client.post(login_path, json={"email": unique.email(), "password": "not-the-password"})
    expect(unknown, 400, 401, 403, 404)
    same = (unknown.status_code, unknown.text) == (wrong_password.status_code, wrong_password.text)
    if not same:
        promises.skip_unless("quiet")
    assert same, f"{seen(unknown)}\n{seen(wrong_password)}"


@pytest.mark.parametrize("password", ["", None, "not-the-password"], ids=["empty", "null", "guessed"])
def test_a_user_without_a_password_cannot_log_in(
    client: httpx.Client, login_path: str, user: Record, password: str | None
) -> None:
    expect(client.post(login_path, json={"email": user["email"], "password": password}), 400, 401, 403, 422)


def test_a_changed_password_replaces_the_old_one(
    admin: httpx.Client, client: httpx.Client, login_path: str, new_user: Create, promises: Promises
) -> None:
    user = new_user(password=PASSWORD)
    changed = admin.patch(f"/users/{user['id']}", json={"password": PASSWORD + "-2"})
    new, old = ({"email": user["email"], "password": PASSWORD + end} for end in ("-2", ""))
    if not (changed.is_success and client.post(login_path, json=new).is_success):
        promises.skip_unless("passwords")
    expect(client.post(login_path, json=new), 200, 201)
    expect(client.post(login_path, json=old), 400, 401, 403)


@pytest.mark.readonly
@pytest.mark.parametrize("body", ["{", "[]", "", '{"email": 1, "password": {}}'])
def test_a_malformed_login_is_refused(client: httpx.Client, login_path: str, body: str) -> None:
    expect(client.post(login_path, content=body, headers={"Content-Type": "application/json"}), 400, 401, 415, 422)


def test_a_refused_login_repeats_no_password(client: httpx.Client, login_path: str, promises: Promises) -> None:
    response = client.post(login_path, json={"password": PASSWORD})
    expect(response, 400, 401, 403, 422)
    if PASSWORD in response.text:
        promises.skip_unless("quiet")
    assert PASSWORD not in response.text, seen(response)


def test_a_refused_login_says_why(wrong_password: httpx.Response, promises: Promises) -> None:
    if not message(expect(wrong_password, 400, 401, 403)):
        promises.skip_unless("messages")
    refused(wrong_password, 400, 401, 403)


@pytest.mark.readonly
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer no-token", "Basic YWRtaW46YWRtaW4="])
def test_nothing_opens_without_a_token(client: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    expect(client.get("/users", params={"limit": 1}, headers=headers), 401, 403)


@pytest.mark.readonly
def test_a_refusal_without_a_token_names_the_scheme(client: httpx.Client, promises: Promises) -> None:
    response = client.get("/users")
    expect(response, 401, 403)
    if "WWW-Authenticate" not in response.headers:
        promises.skip_unless("www_authenticate")
    assert response.headers.get("WWW-Authenticate", "").startswith("Bearer"), f"{response.headers} {seen(response)}"


@pytest.mark.readonly
def test_a_tampered_token_is_refused(client: httpx.Client, admin_token: str) -> None:
    expect(reads_users(client, tampered(admin_token)), 401, 403)


@pytest.mark.readonly
@pytest.mark.parametrize(
    "forged",
    [unsigned, lambda token: with_claims(token, forged=True), lambda token: signed(token, "guess" * 8)],
    ids=["alg-none", "changed-claims", "other-secret"],
)
def test_a_forged_token_is_refused(
    client: httpx.Client, admin_token: str, promises: Promises, forged: Callable[[str], str]
) -> None:
    if not is_jwt(admin_token):
        promises.skip_unless("jwt")
    expect(reads_users(client, forged(admin_token)), 401, 403)


@pytest.mark.readonly
def test_an_expired_token_is_refused(
    client: httpx.Client, admin_token: str, settings: Settings, promises: Promises
) -> None:
    secret = settings.variables.get("API_JWT_SECRET", "")
    if not secret:
        pytest.skip("API_JWT_SECRET is not set: the suite cannot sign a token that has expired")
    if not is_jwt(admin_token):
        promises.skip_unless("jwt")
    now = int(time.time())
    # Only when a token of ours is accepted does its refusal prove anything.
    if reads_users(client, signed(admin_token, secret, exp=now + 60)).status_code != 200:
        promises.skip_unless("jwt")
    expect(reads_users(client, signed(admin_token, secret, exp=now + 60)), 200)
    expect(reads_users(client, signed(admin_token, secret, exp=now - 3600)), 401, 403)


def test_the_token_of_a_deleted_user_is_refused(
    admin: httpx.Client, client: httpx.Client, login_path: str, new_user: Create, promises: Promises
) -> None:
    user = new_user(password=PASSWORD)
    answer = client.post(login_path, json={"email": user["email"], "password": PASSWORD})
    if not answer.is_success:
        promises.skip_unless("passwords")
    token = expect(answer, 200, 201)["access_token"]
    expect(admin.delete(f"/users/{user['id']}"), 200, 204)
    response = reads_users(client, token)
    if response.is_success:
        promises.skip_unless("strict")
    expect(response, 401, 403)
