"""Faults of changing and removing records."""

from __future__ import annotations

import re
from typing import Any

from faults.proxy import Answer, Api, Fault, Request
from faults.shapes import (
    ABOUT_ORDERS,
    ABOUT_USERS,
    LOGIN_PY,
    ORDER,
    ORDERS,
    ORDERS_PY,
    RECORD,
    USER,
    USERS,
    USERS_PY,
    as_sent,
    each,
    pretended,
    sent_otherwise,
    status,
)


def change_and_forget(request: Request, api: Api) -> Answer:
    """A change that is answered and not stored."""
    now = api.ask("GET", request.path)
    if now.ok and isinstance(request.json, dict):
        now.json = now.json | request.json
    return now


def change_and_answer_the_old(request: Request, api: Api) -> Answer:
    """A change that is stored, but answered as if it were not."""
    before = api.ask("GET", request.path)
    answer = api.send(request)
    return before if answer.ok else answer


def change_the_next_too(request: Request, api: Api) -> Answer:
    """A WHERE that selects too much."""
    answer = api.send(request)
    if answer.ok:
        next_id = int(request.path.rpartition("/")[2]) + 1
        api.ask("PATCH", f"/users/{next_id}", {"name": "Changed"})
    return answer


def apply_before_checking(request: Request, api: Api) -> Answer:
    """A change that is refused half way, with the other half stored."""
    answer = api.send(request)
    if answer.status == 422 and isinstance(request.json, dict) and "name" in request.json:
        api.ask("PATCH", request.path, {"name": request.json["name"]})
    return answer


def stale_read(request: Request, api: Api) -> Answer:
    """A cache that a change does not reach."""
    if request.method == "GET" and request.path in api.memory:
        return Answer.of(200, api.memory[request.path])
    answer = api.send(request)
    if request.method in ("GET", "POST") and answer.ok:
        api.memory[f"{USERS}/{answer.json['id']}"] = answer.json
    if request.method == "DELETE":
        api.memory.pop(request.path, None)
    return answer


def move_by_a_detour(request: Request, api: Api) -> Answer:
    """A move that is refused and made nonetheless."""
    answer = api.send(request)
    if answer.status == 409 and request.json == {"status": "shipped"}:
        for step in ("paid", "shipped"):
            api.ask("PATCH", request.path, {"status": step})
    return answer


def merged(request: Request, api: Api) -> Answer:
    """A move that nobody checks."""
    answer = api.send(request)
    return change_and_forget(request, api) if answer.status == 409 else answer


def fewer_lines_once_paid(order: dict[str, Any]) -> dict[str, Any]:
    """Lines get lost on the way."""
    return order if order["status"] == "pending" else order | {"lines": order["lines"][:1]}


def delete_and_keep(request: Request, api: Api) -> Answer:
    """A delete that is answered and does nothing."""
    answer = api.ask("GET", request.path)
    return Answer(204) if answer.ok else answer


def delete_and_still_list(request: Request, api: Api) -> Answer:
    """A delete that only hides the record from those who ask for it by id."""
    if request.method == "DELETE":
        api.memory[request.path] = "gone"
        return Answer(204)
    return Answer.of(404, {"detail": "gone"}) if request.path in api.memory else api.send(request)


def orders_outlive_their_user(request: Request, api: Api) -> Answer:
    """A delete that does not cascade."""
    if request.method == "DELETE" and re.fullmatch(USER, request.path):
        page = api.ask("GET", ORDERS, user_id=request.path.rpartition("/")[2]).json
        api.memory |= {f"{ORDERS}/{order['id']}": order for order in page["items"]}
    answer = api.send(request)
    orphan = api.memory.get(request.path) if request.method == "GET" and answer.status == 404 else None
    return Answer.of(200, orphan) if orphan else answer


def delete_the_next_order_too(request: Request, api: Api) -> Answer:
    """A cascade that goes too far."""
    page = api.ask("GET", ORDERS, user_id=request.path.rpartition("/")[2]).json
    for order in page["items"]:
        api.ask("DELETE", f"{ORDERS}/{order['id'] + 1}")
    return api.send(request)


FAULTS = [
    # change
    Fault(
        "patch_resets_the_role",
        "PATCH",
        USER,
        sent_otherwise(role="admin"),
        (USERS_PY + "a_patch_changes_what_was_sent_and_nothing_else",),
    ),
    Fault(
        "patch_not_stored",
        "PATCH",
        USER,
        change_and_forget,
        (USERS_PY + "a_patch_changes_what_was_sent_and_nothing_else",),
    ),
    Fault(
        "patch_answers_the_old",
        "PATCH",
        USER,
        change_and_answer_the_old,
        (USERS_PY + "a_patch_answers_what_is_stored",),
    ),
    Fault(
        "patch_not_visible",
        "GET|POST|DELETE",
        ABOUT_USERS,
        stale_read,
        (USERS_PY + "a_patch_changes_what_was_sent_and_nothing_else",),
    ),
    Fault(
        "patch_changes_the_next_user",
        "PATCH",
        USER,
        change_the_next_too,
        (USERS_PY + "a_patch_leaves_other_users_alone",),
    ),
    Fault(
        "patch_takes_a_bad_email",
        "PATCH",
        USER,
        pretended(422, as_sent, 200),
        (USERS_PY + "a_patch_with_a_bad_email_changes_nothing",),
    ),
    Fault(
        "patch_stores_half",
        "PATCH",
        USER,
        apply_before_checking,
        (USERS_PY + "a_patch_with_a_bad_email_changes_nothing",),
    ),
    Fault(
        "patch_takes_the_email_of_another",
        "PATCH",
        USER,
        pretended(409, as_sent, 200),
        (USERS_PY + "a_patch_cannot_take_the_email_of_another",),
    ),
    Fault(
        "password_not_changed",
        "PATCH",
        USER,
        lambda request, api: api.ask("GET", request.path),
        (LOGIN_PY + "a_changed_password_replaces_the_old_one",),
    ),
    # orders from status to status
    Fault("move_not_stored", "PATCH", ORDER, change_and_forget, (ORDERS_PY + "an_order_moves_on",)),
    Fault(
        "move_answers_the_old",
        "PATCH",
        ORDER,
        change_and_answer_the_old,
        (ORDERS_PY + "a_patch_answers_what_is_stored",),
    ),
    Fault("any_move_accepted", "PATCH", ORDER, merged, (ORDERS_PY + "an_order_takes_no_other_way",)),
    Fault("refused_move_made", "PATCH", ORDER, move_by_a_detour, (ORDERS_PY + "an_order_takes_no_other_way[shipped]",)),
    Fault(
        "unknown_status_accepted",
        "PATCH",
        ORDER,
        pretended(422, as_sent, 200),
        (ORDERS_PY + "an_unknown_status_changes_nothing",),
    ),
    Fault("lines_lost_on_the_way", "GET", ORDER, each(fewer_lines_once_paid), (ORDERS_PY + "an_order_moves_on[paid]",)),
    Fault(
        "lines_in_another_order",
        "GET|POST",
        ABOUT_ORDERS,
        each(lambda order: order | {"lines": order["lines"][::-1]}),
        (ORDERS_PY + "create_answers_the_new_order",),
    ),
    # remove
    Fault("delete_does_nothing", "DELETE", USER, delete_and_keep, (USERS_PY + "a_deleted_user_is_gone",)),
    Fault("order_delete_does_nothing", "DELETE", ORDER, delete_and_keep, (ORDERS_PY + "a_deleted_order_is_gone",)),
    Fault(
        "deleted_user_still_listed",
        "GET|DELETE",
        USER,
        delete_and_still_list,
        (USERS_PY + "a_deleted_user_is_in_no_list",),
    ),
    Fault("delete_twice", "DELETE", RECORD, status(404, 204), (USERS_PY + "a_deleted_user_cannot_be_written[DELETE]",)),
    Fault(
        "orders_outlive_their_user",
        "GET|DELETE",
        RECORD,
        orders_outlive_their_user,
        (ORDERS_PY + "a_deleted_user_takes_only_their_orders_along",),
    ),
    Fault(
        "cascade_goes_too_far",
        "DELETE",
        USER,
        delete_the_next_order_too,
        (ORDERS_PY + "a_deleted_user_takes_only_their_orders_along",),
    ),
]
