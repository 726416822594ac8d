"""Faults of lists: filters, pages, totals."""

from __future__ import annotations

import re

from faults.proxy import Answer, Api, Fault, Request
from faults.shapes import ABOUT_USERS, LIST_PY, LISTS, ORDERS, ORDERS_PY, USERS, USERS_PY, edited, status, without_query


def more_than_limit(request: Request, api: Api) -> Answer:
    """A page that is one too long."""
    if "limit" in request.query:
        request.query["limit"] = str(int(request.query["limit"]) + 1)
    return api.send(request)


def overlapping_pages(request: Request, api: Api) -> Answer:
    """A page that begins one too early."""
    request.query["offset"] = str(max(0, int(request.query.get("offset", "0")) - 1))
    return api.send(request)


def wildcards(request: Request, api: Api) -> Answer:
    """A LIKE whose pattern is not escaped."""
    prefix = request.query.get("email_prefix", "")
    if not set("%_") & set(prefix):
        return api.send(request)
    pattern = re.compile("".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in prefix), re.I)
    page = api.ask("GET", "/users", limit="100").json
    found = [user for user in page["items"] if pattern.match(user["email"])]
    return Answer.of(200, {"items": found, "total": len(found)})


def total_of_everything(request: Request, api: Api) -> Answer:
    """A total that the filter does not touch."""
    answer = api.send(request)
    if answer.ok:
        answer.json = answer.json | {"total": api.ask("GET", request.path, limit="1").json["total"]}
    return answer


def stale_list(request: Request, api: Api) -> Answer:
    """A search index that a change of e-mail does not reach."""
    if request.method == "PATCH":
        api.memory[request.path] = api.ask("GET", request.path).json
        return api.send(request)
    answer = api.send(request)
    if request.path == USERS and answer.ok:
        answer.json = answer.json | {"items": [api.memory.get(f"/users/{u['id']}", u) for u in answer.json["items"]]}
    return answer


FAULTS = [
    # list
    Fault(
        "prefix_ignored", "GET", USERS, without_query("email_prefix"), (LIST_PY + "a_prefix_finds_exactly_its_users",)
    ),
    Fault("wildcards_in_the_prefix", "GET", USERS, wildcards, (LIST_PY + "a_wildcard_in_a_prefix_means_itself",)),
    Fault("owner_filter_ignored", "GET", ORDERS, without_query("user_id"), (ORDERS_PY + "orders_are_found_by_user",)),
    Fault("status_filter_ignored", "GET", ORDERS, without_query("status"), (ORDERS_PY + "orders_are_found_by_status",)),
    Fault("limit_ignored", "GET", LISTS, without_query("limit"), (LIST_PY + "a_list_is_no_longer_than_its_limit",)),
    Fault(
        "limit_ignored_for_orders",
        "GET",
        ORDERS,
        without_query("limit"),
        (ORDERS_PY + "a_list_is_no_longer_than_its_limit",),
    ),
    Fault("one_more_than_the_limit", "GET", USERS, more_than_limit, (LIST_PY + "a_list_is_no_longer_than_its_limit",)),
    Fault("offset_ignored", "GET", USERS, without_query("offset"), (LIST_PY + "pages_do_not_overlap_and_miss_nobody",)),
    Fault(
        "offset_ignored_for_orders",
        "GET",
        ORDERS,
        without_query("offset"),
        (ORDERS_PY + "pages_do_not_overlap_and_miss_nothing",),
    ),
    Fault("pages_overlap", "GET", USERS, overlapping_pages, (LIST_PY + "pages_do_not_overlap_and_miss_nobody",)),
    Fault(
        "bad_limit_accepted",
        "GET",
        USERS,
        status(422, 200, {"items": [], "total": 0}),
        (LIST_PY + "a_bad_page_is_refused",),
    ),
    Fault(
        "total_of_the_page",
        "GET",
        LISTS,
        edited(lambda page: page | {"total": len(page["items"])}),
        (
            LIST_PY + "total_counts_the_matches_and_not_the_page",
            ORDERS_PY + "total_counts_the_matches_and_not_the_page",
        ),
    ),
    Fault(
        "total_of_everything",
        "GET",
        LISTS,
        total_of_everything,
        (LIST_PY + "total_counts_the_matches_and_not_the_page",),
    ),
    Fault(
        "total_missing",
        "GET",
        LISTS,
        edited(lambda page: {"items": page["items"]}),
        (LIST_PY + "total_counts_the_matches_and_not_the_page",),
    ),
    Fault(
        "list_shows_the_old_email",
        "GET|PATCH",
        ABOUT_USERS,
        stale_list,
        (USERS_PY + "a_changed_email_is_the_one_that_is_found",),
    ),
]
