"""Faults of what an answer says beside its data: headers, messages, secrets."""

from __future__ import annotations

from typing import Any

from faults.proxy import Answer, Api, Change, Fault, Request
from faults.shapes import (
    ACCESS_PY,
    ANY,
    LOGIN,
    LOGIN_PY,
    ORDERS,
    ORDERS_PY,
    USER,
    USERS,
    USERS_PY,
    content_type,
    each,
    edited,
    without_header,
)

ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def point_elsewhere(request: Request, api: Api) -> Answer:
    """A Location that leads to another record."""
    answer = api.send(request)
    if answer.ok:
        answer.headers["location"] = f"{request.path}/1"
    return answer


def silent(*statuses: int, body: Any = None) -> Change:
    """Refusals that say nothing."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        if answer.status in statuses:
            answer.json = {"code": answer.status} if body is None else body
        return answer

    return change


def repeat_the_body(request: Request, api: Api) -> Answer:
    """A refusal that quotes what was sent, with the password."""
    answer = api.send(request)
    if answer.status == 422:
        answer.json = {"detail": "invalid", "input": request.json}
    return answer


FAULTS = [
    # headers
    Fault("location_missing", "POST", USERS, without_header("location"), (USERS_PY + "create_points_to_the_new_user",)),
    Fault(
        "location_missing_for_orders",
        "POST",
        ORDERS,
        without_header("location"),
        (ORDERS_PY + "create_points_to_the_new_order",),
    ),
    Fault("location_of_another", "POST", USERS, point_elsewhere, (USERS_PY + "create_points_to_the_new_user",)),
    Fault(
        "scheme_not_named",
        ANY,
        ANY,
        without_header("www-authenticate"),
        (LOGIN_PY + "a_refusal_without_a_token_names_the_scheme",),
    ),
    Fault(
        "json_as_html", "GET", USER, content_type("text/html", False), (USERS_PY + "a_created_user_can_be_read_back",)
    ),
    Fault(
        "refusal_in_plain_text",
        ANY,
        ANY,
        content_type("text/plain", True),
        (USERS_PY + "a_bad_email_is_refused_with_the_reason",),
    ),
    # messages
    Fault("invalid_says_nothing", "POST", USERS, silent(422), (USERS_PY + "a_bad_email_is_refused_with_the_reason",)),
    Fault(
        "invalid_says_an_empty_text",
        "POST",
        USERS,
        silent(422, body={"detail": ""}),
        (USERS_PY + "a_bad_email_is_refused_with_the_reason",),
    ),
    Fault("missing_says_nothing", "GET", USER, silent(404), (ACCESS_PY + "a_missing_record_says_so",)),
    Fault("unauthorized_says_nothing", "GET", ANY, silent(401), (ACCESS_PY + "a_refusal_without_a_token_says_why",)),
    Fault("forbidden_says_nothing", "DELETE", ANY, silent(403), (ACCESS_PY + "a_refusal_for_a_viewer_says_why",)),
    Fault("taken_says_nothing", "POST", USERS, silent(409), (USERS_PY + "a_taken_email_is_said_to_be_taken",)),
    Fault("wrong_password_says_nothing", "POST", LOGIN, silent(401), (LOGIN_PY + "a_refused_login_says_why",)),
    # secrets
    Fault(
        "create_leaks_the_hash",
        "POST",
        USERS,
        each(lambda user: user | {"password_hash": ARGON2}),
        (USERS_PY + "no_answer_shows_a_password",),
    ),
    Fault(
        "read_leaks_a_digest",
        "GET",
        USER,
        each(lambda user: user | {"extra": SHA256}),
        (USERS_PY + "no_answer_shows_a_password",),
    ),
    Fault(
        "patch_leaks_a_key",
        "PATCH",
        USER,
        each(lambda user: user | {"passwordDigest": "x"}),
        (USERS_PY + "no_answer_shows_a_password",),
    ),
    Fault(
        "list_leaks_deep_down",
        "GET",
        USERS,
        each(lambda user: user | {"auth": [{"v": "$2b$12$" + "a" * 53}]}),
        (USERS_PY + "no_answer_shows_a_password",),
    ),
    Fault(
        "login_leaks_the_account",
        "POST",
        LOGIN,
        edited(lambda body: body | {"user": {"hash": ARGON2}}),
        (LOGIN_PY + "login_shows_no_password",),
    ),
    Fault(
        "refusal_repeats_the_password",
        "POST",
        USERS,
        repeat_the_body,
        (USERS_PY + "a_refused_password_is_not_repeated",),
    ),
    Fault(
        "login_repeats_the_password",
        "POST",
        LOGIN,
        repeat_the_body,
        (LOGIN_PY + "a_refused_login_repeats_no_password",),
    ),
    # what a login says
    Fault(
        "login_hides_the_lifetime",
        "POST",
        LOGIN,
        edited(lambda body: {"access_token": body["access_token"]}),
        (LOGIN_PY + "login_says_how_to_send_the_token_and_how_long_it_lasts",),
    ),
    Fault(
        "login_lies_about_the_lifetime",
        "POST",
        LOGIN,
        edited(lambda body: body | {"expires_in": 5}),
        (LOGIN_PY + "a_token_lasts_as_long_as_the_login_said",),
    ),
]
