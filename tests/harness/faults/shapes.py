"""Short ways to write a fault down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from faults.proxy import Answer, Api, Change, Request

USERS, ORDERS, LISTS, ANY = "/users", "/orders", "/(users|orders)", ".*"
USER, ORDER, RECORD = "/users/[^/]+", "/orders/[^/]+", "/(users|orders)/[^/]+"
LOGIN = "/auth/login"
ABOUT_USERS, ABOUT_ORDERS = "/users(/[^/]+)?", "/orders(/[^/]+)?"

# Where the tests are that have to notice.
HEALTH_PY, LOGIN_PY, USERS_PY = "test_health.py::test_", "test_login.py::test_", "test_users.py::test_"
LIST_PY, ORDERS_PY, ACCESS_PY = "test_users_list.py::test_", "test_orders.py::test_", "test_access.py::test_"

NOBODY = 2_000_000_000  # an id that no record gets here


def edited(edit: Callable[[Any], Any]) -> Change:
    """The API's answer with its JSON edited, when the request was granted."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        if answer.ok and answer.json is not None:
            answer.json = edit(answer.json)
        return answer

    return change


def each(edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """The API's answer with each record in it edited, in a list too."""

    def on_body(body: Any) -> Any:
        return body | {"items": [edit(item) for item in body["items"]]} if "items" in body else edit(body)

    return edited(on_body)


def status(old: int, new: int, body: Any = None) -> Change:
    """Another status instead of that one, with this body or the API's own."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        if answer.status == old:
            answer.status = new
            if body is not None:
                answer.json = body
        return answer

    return change


def pretended(refusal: int, made_up: Callable[[Request], Any], granted: int = 201) -> Change:
    """A refusal turned into a success with a made-up body, and nothing stored."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        return Answer.of(granted, made_up(request)) if answer.status == refusal else answer

    return change


def without_query(name: str) -> Change:
    """The request without one parameter."""

    def change(request: Request, api: Api) -> Answer:
        request.query.pop(name, None)
        return api.send(request)

    return change


def without_header(name: str) -> Change:
    """The answer without one header."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        answer.headers.pop(name, None)
        return answer

    return change


def sent_otherwise(**fields: Any) -> Change:
    """The API gets other values than the sender sent."""

    def change(request: Request, api: Api) -> Answer:
        if isinstance(request.json, dict):
            request.json = request.json | fields
        return api.send(request)

    return change


def as_sent(request: Request) -> Any:
    """What a create would answer that took anything."""
    return request.json | {"id": NOBODY}


def content_type(kind: str, refusals: bool) -> Change:
    """Another Content-Type on refusals, or on everything else."""

    def change(request: Request, api: Api) -> Answer:
        answer = api.send(request)
        if answer.body and refusals == (answer.status >= 400):
            answer.headers["content-type"] = kind
        return answer

    return change
