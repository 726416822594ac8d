"""Faults of who may do what: tokens, roles, passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from faults.proxy import Answer, Api, Change, Fault, Request
from faults.shapes import ACCESS_PY, ANY, LOGIN, LOGIN_PY, RECORD, USER, USERS, status


def as_the_admin(believed: Callable[[Request, Api], bool]) -> Change:
    """Requests that should be refused are made by the admin when the API believes them."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        refused = answer.status in (401, 403)
        return api.send(api.as_admin(request)) if refused and believed(request, api) else answer

    return change


def store_and_refuse(refusal: int) -> Change:
    """The check comes after the work."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        if answer.status == refusal:
            api.send(api.as_admin(request))
        return answer

    return change


def no_token(request: Request, api: Api) -> bool:
    """Nothing was sent."""
    return "authorization" not in request.headers


def some_token(request: Request, api: Api) -> bool:
    """Something was sent, whatever it is."""
    return bool(request.token)


def part(token: str, number: int) -> dict[str, Any]:
    """The header or the claims of a token; empty when it has none."""
    try:
        text = token.split(".")[number]
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, IndexError):
        return {}
    return found if isinstance(found, dict) else {}


def rightly_signed(token: str, secret: str) -> bool:
    """Whether the API has signed this."""
    text, _, signature = token.rpartition(".")
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), signature)


def lasting(token: str) -> bool:
    """Whether the claims say that the time is not over."""
    return bool(part(token, 1).get("exp", 0) > time.time())


def whoever_signed(request: Request, api: Api) -> bool:
    """Claims are read, the signature is not."""
    return lasting(request.token)


def whenever_signed(request: Request, api: Api) -> bool:
    """The signature is checked, the time is not."""
    return rightly_signed(request.token, api.secret) and not lasting(request.token)


def by_nobody(request: Request, api: Api) -> bool:
    """`alg: none` is taken at its word."""
    return part(request.token, 0).get("alg") == "none" and lasting(request.token)


def by_the_dead(request: Request, api: Api) -> bool:
    """The token is right, and nobody looks whether its owner still exists."""
    return rightly_signed(request.token, api.secret) and lasting(request.token)


def viewer(request: Request, api: Api) -> bool:
    """A right token of an account that may only read."""
    return by_the_dead(request, api)


def let_in(wanted: Callable[[dict[str, Any]], bool]) -> Change:
    """A login that takes what it should not."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        sent = request.json
        if not answer.ok and isinstance(sent, dict) and wanted(sent):
            return Answer.of(200, {"access_token": api.admin_token, "token_type": "bearer", "expires_in": 900})
        return answer

    return change


def tell_who_is_unknown(request: Request, api: Api) -> Answer:
    """Another answer for an e-mail that nobody has."""
    answer = api.send(request)
    sent = request.json
    if answer.status == 401 and isinstance(sent, dict) and str(sent.get("email")).startswith("test-"):
        return Answer.of(answer.status, {"detail": "There is no such account."})
    return answer


def forbid_reading(request: Request, api: Api) -> Answer:
    """Only the admin may read."""
    answer = api.send(request)
    stranger = part(request.token, 1).get("sub") != part(api.admin_token, 1)["sub"]
    return Answer.of(403, {"detail": "no"}) if answer.ok and stranger else answer


OPEN = as_the_admin(no_token)
VIEWER = as_the_admin(viewer)

FAULTS = [
    # tokens
    Fault(
        "absent_token_accepted",
        ANY,
        ANY,
        OPEN,
        (LOGIN_PY + "nothing_opens_without_a_token[None]", ACCESS_PY + "a_record_is_closed_to_strangers"),
    ),
    Fault("absent_token_may_read_lists", "GET", USERS, OPEN, (ACCESS_PY + "a_list_is_closed_to_strangers[users]",)),
    Fault("absent_token_may_create", "POST", ANY, OPEN, (ACCESS_PY + "create_needs_a_token",)),
    Fault(
        "absent_token_may_change", "PATCH", RECORD, OPEN, (ACCESS_PY + "a_record_is_closed_to_strangers[users-PATCH]",)
    ),
    Fault(
        "absent_token_may_delete",
        "DELETE",
        RECORD,
        OPEN,
        (ACCESS_PY + "a_record_is_closed_to_strangers[orders-DELETE]",),
    ),
    Fault(
        "absent_token_refused_too_late",
        "POST",
        USERS,
        store_and_refuse(401),
        (ACCESS_PY + "create_needs_a_token[users]",),
    ),
    Fault(
        "any_token_accepted",
        ANY,
        ANY,
        as_the_admin(some_token),
        (LOGIN_PY + "nothing_opens_without_a_token[Bearer no-token]",),
    ),
    Fault(
        "signature_not_checked",
        ANY,
        ANY,
        as_the_admin(whoever_signed),
        (LOGIN_PY + "a_tampered_token_is_refused", LOGIN_PY + "a_forged_token_is_refused[other-secret]"),
    ),
    Fault("expiry_not_checked", ANY, ANY, as_the_admin(whenever_signed), (LOGIN_PY + "an_expired_token_is_refused",)),
    Fault("alg_none_accepted", ANY, ANY, as_the_admin(by_nobody), (LOGIN_PY + "a_forged_token_is_refused[alg-none]",)),
    Fault(
        "token_outlives_its_user",
        "GET",
        ANY,
        as_the_admin(by_the_dead),
        (LOGIN_PY + "the_token_of_a_deleted_user_is_refused",),
    ),
    # roles
    Fault("viewer_may_create", "POST", ANY, VIEWER, (ACCESS_PY + "a_viewer_may_not_create",)),
    Fault(
        "viewer_may_change",
        "PATCH",
        RECORD,
        VIEWER,
        (ACCESS_PY + "a_viewer_may_not_write[users-PATCH]", ACCESS_PY + "a_viewer_cannot_become_an_admin"),
    ),
    Fault("viewer_may_delete", "DELETE", RECORD, VIEWER, (ACCESS_PY + "a_viewer_may_not_write[orders-DELETE]",)),
    Fault(
        "viewer_refused_too_late",
        "POST|PATCH|DELETE",
        ANY,
        store_and_refuse(403),
        (ACCESS_PY + "a_viewer_may_not_create", ACCESS_PY + "a_viewer_may_not_write"),
    ),
    Fault("viewer_told_401", "DELETE", RECORD, status(403, 401), (ACCESS_PY + "a_viewer_may_not_write",)),
    Fault("viewer_may_not_read", "GET", USER, forbid_reading, (ACCESS_PY + "a_viewer_may_read[users]",)),
    # passwords
    Fault(
        "wrong_password_accepted",
        "POST",
        LOGIN,
        let_in(lambda sent: sent.get("email") == "admin@example.com"),
        (LOGIN_PY + "a_wrong_password_is_refused",),
    ),
    Fault(
        "empty_password_accepted",
        "POST",
        LOGIN,
        let_in(lambda sent: not sent.get("password")),
        (LOGIN_PY + "a_user_without_a_password_cannot_log_in[empty]",),
    ),
    Fault(
        "old_password_accepted",
        "POST",
        LOGIN,
        let_in(lambda sent: sent.get("password") == "a-password-of-a-test"),
        (LOGIN_PY + "a_changed_password_replaces_the_old_one",),
    ),
    Fault(
        "unknown_email_told",
        "POST",
        LOGIN,
        tell_who_is_unknown,
        (LOGIN_PY + "an_unknown_email_gets_the_same_answer_as_a_wrong_password",),
    ),
]
