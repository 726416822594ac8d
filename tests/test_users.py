"""Users: made, read, changed, listed and removed."""

from typing import Any

import httpx
import pytest

from tests.checks import expect, ids, is_time, items, leaks, message, refused, seen
from tests.promises import Promises
from tests.records import PASSWORD, Create, Record, followed, granted, search
from tidegate.session.run import Unique

UNKNOWN = ["does-not-exist", "0", "-1", "1.5", "9" * 30, "00000000-0000-0000-0000-000000000000", "%00", "%F0%9F%8C%8A"]
BAD_EMAILS: list[Any] = [
    "not-an-email",
    "@example.com",
    "test@",
    "a b@example.com",
    "",
    None,
    5,
    ["test-a@example.com"],
]
BAD_FIELDS: list[dict[str, Any]] = [{"name": ""}, {"name": None}, {"name": 5}, {"role": "owner"}, {"role": None}]
JSON = {"Content-Type": "application/json"}


def read(admin: httpx.Client, user: Record) -> Record:
    """The user as the API has it now."""
    record: Record = expect(admin.get(f"/users/{user['id']}"), 200)
    return record


# --- create and read ---


def test_create_answers_the_new_user(admin: httpx.Client, new_user: Create, unique: Unique) -> None:
    email, name = unique.email(), unique.name()
    made = new_user(email=email, name=name)
    assert type(made["id"]) in (int, str), made
    assert (made["email"], made["name"]) == (email, name), made


def test_a_created_user_can_be_read_back(admin: httpx.Client, user: Record) -> None:
    assert read(admin, user) == user


@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_a_user_gets_the_role_that_was_asked_for(
    admin: httpx.Client, new_user: Create, promises: Promises, role: str
) -> None:
    made = new_user(role=role)
    if "role" not in made:
        promises.skip_unless("roles")
    assert (made.get("role"), read(admin, made).get("role")) == (role, role), made


def test_create_points_to_the_new_user(admin: httpx.Client, unique: Unique, promises: Promises) -> None:
    response = admin.post("/users", json={"email": unique.email(), "name": unique.name(), "role": "viewer"})
    made = expect(response, 200, 201)
    there = followed(admin, response)
    admin.delete(f"/users/{made['id']}")
    if "Location" not in response.headers:
        promises.skip_unless("location")
    assert "Location" in response.headers, seen(response)
    assert expect(there, 200) == made


def test_a_user_says_when_it_was_made(user: Record, promises: Promises) -> None:
    if "created_at" not in user:
        promises.skip_unless("created_at")
    assert is_time(user.get("created_at")), user


def test_no_answer_shows_a_password(admin: httpx.Client, new_user: Create) -> None:
    made = new_user(password=PASSWORD)
    page = expect(admin.get("/users", params={"limit": 100}), 200)
    changed = expect(admin.patch(f"/users/{made['id']}", json={"name": "Changed"}), 200, 204)
    answers = {"create": made, "read": read(admin, made), "list": page, "patch": changed}
    assert not [*leaks(answers, PASSWORD)]


# --- create: what is refused ---


@pytest.mark.parametrize("email", BAD_EMAILS, ids=repr)
def test_a_bad_email_is_refused_with_the_reason(admin: httpx.Client, unique: Unique, email: Any) -> None:
    refused(admin.post("/users", json={"email": email, "name": unique.name(), "role": "viewer"}), 400, 422)


def test_a_user_without_an_email_is_refused_with_the_reason(admin: httpx.Client, unique: Unique) -> None:
    refused(admin.post("/users", json={"name": unique.name(), "role": "viewer"}), 400, 422)


@pytest.mark.parametrize("wrong", BAD_FIELDS, ids=repr)
def test_a_bad_field_is_refused(admin: httpx.Client, unique: Unique, promises: Promises, wrong: Record) -> None:
    response = admin.post("/users", json={"email": unique.email(), "name": unique.name(), "role": "viewer"} | wrong)
    if granted(admin, response):
        promises.skip_unless("strict")
    expect(response, 400, 422)


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "", "\x00", '{"email": '])
def test_a_malformed_body_is_refused(admin: httpx.Client, body: str) -> None:
    expect(admin.post("/users", content=body, headers=JSON), 400, 415, 422)


@pytest.mark.parametrize("spelled", [str, str.upper], ids=["same", "other-case"])
def test_an_email_is_taken_once(
    admin: httpx.Client, user: Record, unique: Unique, promises: Promises, spelled: Any
) -> None:
    body = {"email": spelled(user["email"]), "name": unique.name(), "role": "viewer"}
    response = admin.post("/users", json=body)
    if granted(admin, response):
        promises.skip_unless("unique")
    expect(response, 400, 409, 422)


def test_a_taken_email_is_said_to_be_taken(
    admin: httpx.Client, user: Record, unique: Unique, promises: Promises
) -> None:
    response = admin.post("/users", json={"email": user["email"], "name": unique.name(), "role": "viewer"})
    if granted(admin, response):
        promises.skip_unless("unique")
    if not message(expect(response, 400, 409, 422)):
        promises.skip_unless("messages")
    refused(response, 400, 409, 422)


def test_a_refused_password_is_not_repeated(admin: httpx.Client, unique: Unique, promises: Promises) -> None:
    response = admin.post("/users", json={"email": "not-an-email", "name": unique.name(), "password": PASSWORD})
    expect(response, 400, 422)
    if PASSWORD in response.text:
        promises.skip_unless("quiet")
    assert PASSWORD not in response.text, seen(response)


# --- change ---


def test_a_patch_changes_what_was_sent_and_nothing_else(admin: httpx.Client, user: Record) -> None:
    expect(admin.patch(f"/users/{user['id']}", json={"name": "Changed"}), 200, 204)
    assert read(admin, user) == user | {"name": "Changed"}


def test_a_patch_answers_what_is_stored(admin: httpx.Client, user: Record) -> None:
    answer = expect(admin.patch(f"/users/{user['id']}", json={"name": "Changed"}), 200, 204)
    assert answer in (None, {}) or answer == read(admin, user)


def test_a_changed_email_is_the_one_that_is_found(
    admin: httpx.Client, family: list[Record], prefix: str, unique: Unique
) -> None:
    email = unique.email()
    expect(admin.patch(f"/users/{family[0]['id']}", json={"email": email}), 200, 204)
    assert items(search(admin, email)) == [read(admin, family[0])] == [family[0] | {"email": email}]
    assert len(items(search(admin, prefix))) == 2


def test_a_role_can_be_changed(admin: httpx.Client, user: Record, promises: Promises) -> None:
    if "role" not in user:
        promises.skip_unless("roles")
    expect(admin.patch(f"/users/{user['id']}", json={"role": "admin"}), 200, 204)
    assert read(admin, user) == user | {"role": "admin"}


def test_a_patch_leaves_other_users_alone(admin: httpx.Client, family: list[Record]) -> None:
    expect(admin.patch(f"/users/{family[0]['id']}", json={"name": "Changed"}), 200, 204)
    assert read(admin, family[1]) == family[1]


@pytest.mark.parametrize("email", BAD_EMAILS[:1] + BAD_EMAILS[-3:], ids=repr)
def test_a_patch_with_a_bad_email_changes_nothing(admin: httpx.Client, user: Record, email: Any) -> None:
    refused(admin.patch(f"/users/{user['id']}", json={"name": "Changed", "email": email}), 400, 422)
    assert read(admin, user) == user


@pytest.mark.parametrize("wrong", BAD_FIELDS, ids=repr)
def test_a_patch_with_a_bad_field_changes_nothing(
    admin: httpx.Client, user: Record, promises: Promises, wrong: Record
) -> None:
    response = admin.patch(f"/users/{user['id']}", json=wrong)
    if response.is_success:
        promises.skip_unless("strict")
    expect(response, 400, 422)
    assert read(admin, user) == user


def test_a_patch_cannot_take_the_email_of_another(
    admin: httpx.Client, family: list[Record], promises: Promises
) -> None:
    response = admin.patch(f"/users/{family[0]['id']}", json={"email": family[1]["email"]})
    if response.is_success:
        promises.skip_unless("unique")
    expect(response, 400, 409, 422)
    assert read(admin, family[0]) == family[0]


@pytest.mark.parametrize("own", [{"id": 1}, {"created_at": "2001-01-01T00:00:00Z"}], ids=["id", "created_at"])
def test_a_patch_cannot_change_what_the_api_sets(admin: httpx.Client, user: Record, own: Record) -> None:
    expect(admin.patch(f"/users/{user['id']}", json=own), 200, 204, 400, 409, 422)
    assert read(admin, user) == user


# --- remove ---


def test_a_deleted_user_is_gone(admin: httpx.Client, user: Record) -> None:
    expect(admin.delete(f"/users/{user['id']}"), 200, 204)
    expect(admin.get(f"/users/{user['id']}"), 404, 410)


def test_a_deleted_user_is_in_no_list(admin: httpx.Client, family: list[Record], prefix: str) -> None:
    expect(admin.delete(f"/users/{family[0]['id']}"), 200, 204)
    assert sorted(map(str, ids(search(admin, prefix)))) == sorted(str(user["id"]) for user in family[1:])


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_a_deleted_user_cannot_be_written(admin: httpx.Client, user: Record, method: str) -> None:
    expect(admin.delete(f"/users/{user['id']}"), 200, 204)
    expect(admin.request(method, f"/users/{user['id']}", json={"name": "Changed"}), 404, 410)


def test_a_deleted_email_can_be_taken_again(admin: httpx.Client, user: Record, new_user: Create) -> None:
    expect(admin.delete(f"/users/{user['id']}"), 200, 204)
    assert new_user(email=user["email"])["id"] != user["id"]


# --- ids that nobody has ---


@pytest.mark.readonly
@pytest.mark.parametrize("unknown", UNKNOWN)
def test_an_unknown_id_of_any_form_is_not_found(admin: httpx.Client, unknown: str) -> None:
    expect(admin.get(f"/users/{unknown}"), 404, 410)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("unknown", UNKNOWN[:5])
def test_an_unknown_id_of_any_form_cannot_be_written(admin: httpx.Client, method: str, unknown: str) -> None:
    body = {"name": "Changed"} if method == "PATCH" else None
    expect(admin.request(method, f"/users/{unknown}", json=body), 404, 410)
