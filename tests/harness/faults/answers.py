"""Faults of single answers: their status and their shape."""

from __future__ import annotations

from typing import Any

from faults.proxy import Answer, Api, Change, Fault, Request
from faults.shapes import (
    ABOUT_ORDERS,
    ABOUT_USERS,
    ACCESS_PY,
    HEALTH_PY,
    LIST_PY,
    LISTS,
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
    status,
)


def crash_on_malformed_json(request: Request, api: Api) -> Answer:
    """A parser's exception that nobody catches."""
    return api.send(request) if isinstance(request.json, dict) else Answer.of(500, {"detail": "Internal Server Error"})


def crash_on_odd_text(request: Request, api: Api) -> Answer:
    """A database driver's exception that nobody catches."""
    odd = "\x00" in request.query.get("email_prefix", "")
    return Answer.of(500, {"detail": "Internal Server Error"}) if odd else api.send(request)


def crash_on_huge_id(request: Request, api: Api) -> Answer:
    """An id that does not fit into the column."""
    return Answer.of(500, {"detail": "out of range"}) if len(request.path) > 36 else api.send(request)


def refuse_the_form_of_an_id(request: Request, api: Api) -> Answer:
    """A framework's own check of path parameters shows through."""
    proper = request.path.rpartition("/")[2].isdigit()
    return api.send(request) if proper else Answer.of(422, {"detail": "Input should be a valid integer"})


def without(key: str) -> Change:
    """Records that lack a field."""
    return each(lambda record: {name: value for name, value in record.items() if name != key})


def retyped(key: str, value: Any) -> Change:
    """Records with another kind of value in a field."""
    return each(lambda record: record | {key: value(record[key])})


FAULTS = [
    # health
    Fault(
        "health_in_plain_text",
        "GET",
        "/health",
        content_type("text/plain", False),
        (HEALTH_PY + "health_answers_in_json",),
    ),
    Fault(
        "health_without_status", "GET", "/health", edited(lambda _: {}), (HEALTH_PY + "health_says_up_without_a_login",)
    ),
    Fault(
        "health_says_pass",
        "GET",
        "/health",
        edited(lambda _: {"status": "pass"}),
        (HEALTH_PY + "health_says_up_without_a_login",),
    ),
    Fault("health_can_be_written", "POST", "/health", status(405, 200, {}), (HEALTH_PY + "health_can_only_be_read",)),
    Fault(
        "unknown_path_is_fine",
        "GET",
        "/no-such-path",
        status(404, 200, {}),
        (HEALTH_PY + "an_unknown_path_is_not_found",),
    ),
    # wrong status
    Fault("create_answers_202", "POST", USERS, status(201, 202), (USERS_PY + "create_answers_the_new_user",)),
    Fault("order_create_answers_500", "POST", ORDERS, status(201, 500), (ORDERS_PY + "create_answers_the_new_order",)),
    Fault("patch_answers_202", "PATCH", USER, status(200, 202), (USERS_PY + "a_patch_answers_what_is_stored",)),
    Fault("delete_answers_202", "DELETE", USER, status(204, 202), (USERS_PY + "a_deleted_user_is_gone",)),
    Fault(
        "missing_user_is_empty",
        "GET",
        USER,
        status(404, 200, {}),
        (USERS_PY + "an_unknown_id_of_any_form_is_not_found",),
    ),
    Fault(
        "missing_user_can_be_deleted",
        "DELETE",
        USER,
        status(404, 204),
        (USERS_PY + "an_unknown_id_of_any_form_cannot_be_written",),
    ),
    Fault(
        "missing_order_is_a_bad_request",
        "GET",
        "/orders/.+",
        status(404, 400),
        (ORDERS_PY + "an_unknown_id_of_any_form_is_not_found",),
    ),
    Fault(
        "form_of_an_id_is_checked_first",
        "GET",
        USER,
        refuse_the_form_of_an_id,
        (USERS_PY + "an_unknown_id_of_any_form_is_not_found[does-not-exist]",),
    ),
    Fault(
        "huge_id_crashes",
        "GET|PATCH|DELETE",
        USER,
        crash_on_huge_id,
        (USERS_PY + "an_unknown_id_of_any_form_is_not_found",),
    ),
    Fault(
        "malformed_json_crashes", "POST", USERS, crash_on_malformed_json, (USERS_PY + "a_malformed_body_is_refused",)
    ),
    Fault(
        "malformed_order_crashes", "POST", ORDERS, crash_on_malformed_json, (ORDERS_PY + "a_malformed_body_is_refused",)
    ),
    Fault(
        "malformed_login_crashes", "POST", LOGIN, crash_on_malformed_json, (LOGIN_PY + "a_malformed_login_is_refused",)
    ),
    Fault("nul_in_a_filter_crashes", "GET", USERS, crash_on_odd_text, (LIST_PY + "an_odd_prefix_is_no_server_error",)),
    Fault("bad_email_crashes", "POST", USERS, status(422, 500), (USERS_PY + "a_bad_email_is_refused_with_the_reason",)),
    Fault("no_token_is_not_found", "GET", LISTS, status(401, 404), (ACCESS_PY + "a_list_is_closed_to_strangers",)),
    # missing and retyped fields
    Fault("user_without_id", "GET", USERS, without("id"), (LIST_PY + "a_list_holds_whole_users",)),
    Fault("user_without_name", "GET", USER, without("name"), (USERS_PY + "a_created_user_can_be_read_back",)),
    Fault("user_without_email_in_lists", "GET", USERS, without("email"), (LIST_PY + "a_list_holds_whole_users",)),
    Fault(
        "user_without_role",
        "GET|POST",
        ABOUT_USERS,
        without("role"),
        (USERS_PY + "a_user_gets_the_role_that_was_asked_for",),
    ),
    Fault(
        "user_without_time",
        "GET|POST",
        ABOUT_USERS,
        without("created_at"),
        (USERS_PY + "a_user_says_when_it_was_made",),
    ),
    Fault("id_as_a_fraction", "POST", USERS, retyped("id", float), (USERS_PY + "create_answers_the_new_user",)),
    Fault("id_as_text_in_lists", "GET", USERS, retyped("id", str), (LIST_PY + "a_longer_prefix_finds_fewer",)),
    Fault(
        "name_as_a_list", "GET", USERS, retyped("name", lambda name: [name]), (LIST_PY + "a_list_holds_whole_users",)
    ),
    Fault(
        "time_as_a_number",
        "GET|POST",
        ABOUT_USERS,
        retyped("created_at", lambda _: 1764000000),
        (USERS_PY + "a_user_says_when_it_was_made",),
    ),
    Fault(
        "time_without_zone",
        "GET|POST",
        ABOUT_ORDERS,
        retyped("created_at", lambda _: "2026-01-01T00:00:00"),
        (ORDERS_PY + "an_order_says_when_it_was_made",),
    ),
    Fault(
        "total_as_text",
        "GET|POST",
        ABOUT_ORDERS,
        retyped("total", str),
        (ORDERS_PY + "the_total_is_the_sum_of_the_lines",),
    ),
    Fault(
        "list_under_another_key",
        "GET",
        USERS,
        edited(lambda page: {"users": page["items"]}),
        (LIST_PY + "a_list_holds_whole_users",),
    ),
]
