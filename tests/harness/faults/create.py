"""Faults of creating records, and of the totals of orders."""

from __future__ import annotations

from typing import Any

from faults.proxy import Answer, Api, Change, Fault, Request
from faults.shapes import (
    ABOUT_ORDERS,
    NOBODY,
    ORDERS,
    ORDERS_PY,
    USERS,
    USERS_PY,
    as_sent,
    each,
    pretended,
    sent_otherwise,
)


def create_and_forget(request: Request, api: Api) -> Answer:
    """A create that is answered and not stored."""
    return Answer.of(201, request.json | {"id": NOBODY, "role": "viewer", "created_at": "2026-01-01T00:00:00Z"})


def owned_by_the_admin(request: Request, api: Api) -> Answer:
    """The caller's id instead of the one in the body."""
    if isinstance(request.json, dict) and "user_id" in request.json:
        request.json = request.json | {"user_id": 1}
    return api.send(request)


def taken_only_as_spelled(request: Request, api: Api) -> Answer:
    """A unique index that minds the case."""
    answer = api.send(request)
    other_case = answer.status == 409 and request.json["email"] != request.json["email"].lower()
    return Answer.of(201, as_sent(request)) if other_case else answer


def total_as_sent(request: Request, api: Api) -> Answer:
    """The sender's total is believed."""
    if not isinstance(request.json, dict) or "total" not in request.json:
        return api.send(request)
    total, request.json = request.json["total"], {k: v for k, v in request.json.items() if k != "total"}
    answer = api.send(request)
    answer.json = answer.json | {"total": total}
    return answer


def bad_field_accepted(field: str) -> Change:
    """A create that does not look at one field."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        blamed = answer.status == 422 and f'"{field}"' in answer.body.decode()
        return Answer.of(201, as_sent(request)) if blamed else answer

    return change


def wrong_total(total: Any) -> Change:
    """Orders with another total."""
    return each(lambda order: order | {"total": total(order)})


FAULTS = [
    # create
    Fault("create_stores_nothing", "POST", USERS, create_and_forget, (USERS_PY + "a_created_user_can_be_read_back",)),
    Fault(
        "role_ignored",
        "POST",
        USERS,
        sent_otherwise(role="viewer"),
        (USERS_PY + "a_user_gets_the_role_that_was_asked_for[admin]",),
    ),
    Fault("name_replaced", "POST", USERS, sent_otherwise(name="Somebody"), (USERS_PY + "create_answers_the_new_user",)),
    Fault("order_of_somebody_else", "POST", ORDERS, owned_by_the_admin, (ORDERS_PY + "create_answers_the_new_order",)),
    Fault("duplicate_accepted", "POST", USERS, pretended(409, as_sent), (USERS_PY + "an_email_is_taken_once[same]",)),
    Fault(
        "duplicate_in_other_case_accepted",
        "POST",
        USERS,
        taken_only_as_spelled,
        (USERS_PY + "an_email_is_taken_once[other-case]",),
    ),
    Fault(
        "bad_email_accepted",
        "POST",
        USERS,
        bad_field_accepted("email"),
        (USERS_PY + "a_bad_email_is_refused_with_the_reason",),
    ),
    Fault("bad_name_accepted", "POST", USERS, bad_field_accepted("name"), (USERS_PY + "a_bad_field_is_refused",)),
    Fault("bad_role_accepted", "POST", USERS, bad_field_accepted("role"), (USERS_PY + "a_bad_field_is_refused",)),
    Fault(
        "bad_quantity_accepted",
        "POST",
        ORDERS,
        bad_field_accepted("quantity"),
        (ORDERS_PY + "bad_lines_are_refused_with_the_reason",),
    ),
    Fault(
        "bad_price_accepted",
        "POST",
        ORDERS,
        bad_field_accepted("unit_price"),
        (ORDERS_PY + "bad_lines_are_refused_with_the_reason",),
    ),
    Fault(
        "order_of_nobody_accepted",
        "POST",
        ORDERS,
        pretended(422, as_sent),
        (ORDERS_PY + "an_order_of_a_deleted_user_is_refused",),
    ),
    # totals
    Fault(
        "total_off_by_one",
        "GET|POST",
        ABOUT_ORDERS,
        wrong_total(lambda o: o["total"] + 1),
        (ORDERS_PY + "the_total_is_the_sum_of_the_lines",),
    ),
    Fault(
        "total_without_quantity",
        "GET|POST",
        ABOUT_ORDERS,
        wrong_total(lambda o: sum(line["unit_price"] for line in o["lines"])),
        (ORDERS_PY + "the_total_is_the_sum_of_the_lines",),
    ),
    Fault(
        "total_in_32_bits",
        "GET|POST",
        ABOUT_ORDERS,
        wrong_total(lambda o: o["total"] % 2**31),
        (ORDERS_PY + "a_large_total_is_exact",),
    ),
    Fault("total_as_sent", "POST", ORDERS, total_as_sent, (ORDERS_PY + "the_total_is_not_the_senders_to_say",)),
]
