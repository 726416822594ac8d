"""Every error as JSON with `detail`, and its place in the OpenAPI document."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.routing import Match

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


class Problem(BaseModel):
    """What went wrong, in a sentence."""

    detail: str


class Flaw(BaseModel):
    """One fault of the request, where it is, and its kind."""

    type: str
    loc: list[str | int]
    msg: str


class InvalidRequest(BaseModel):
    """What is wrong with the request."""

    detail: list[Flaw]


MEANINGS = {
    401: "No valid access token, or the account is gone",
    403: "The account's role may not do this",
    404: "Nothing has this id",
    405: "The path exists, but not with this method",
    409: "It contradicts what is stored",
    413: "The body is larger than any valid one",
    415: "The body isn't declared as JSON",
    422: "The request is malformed or out of its limits",
    500: "A defect of the API; its log names the place",
    503: "The database does not answer",
}
CHALLENGE = {"WWW-Authenticate": {"description": "How to authenticate", "schema": {"type": "string"}}}
BODY = (413, 415, 422)  # what any operation with a request body can answer


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation: these errors, and those that any operation can end in."""
    return {status: _describe(status) for status in (*statuses, 500, 503)}


def _describe(status: int) -> dict[str, Any]:
    model = InvalidRequest if status == 422 else Problem
    described: dict[str, Any] = {"model": model, "description": MEANINGS[status]}
    return described | ({"headers": CHALLENGE} if status == 401 else {})


def unauthorized(detail: str) -> HTTPException:
    """A 401 that says how to authenticate."""
    return HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})


def invalid(place: Sequence[str | int], message: str) -> RequestValidationError:
    """A 422 in the same form as those that the schemas find."""
    return RequestValidationError([{"type": "value_error", "loc": tuple(place), "msg": message}])


def answer_problems(app: FastAPI) -> None:
    """Give the app its error answers."""
    app.add_exception_handler(AnyHTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    for unavailable in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(unavailable, _answer_unavailable)


async def _answer_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnyHTTPException)
    if error.status_code == 400:  # the framework's word for a body that isn't UTF-8 or nests too deeply to be read
        return await _answer_invalid(request, invalid(["body"], "The body can't be read as JSON"))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return JSONResponse({"detail": error.detail}, error.status_code, headers)


async def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    # Without the values sent: they may be passwords, or numbers that JSON can't express.
    assert isinstance(error, RequestValidationError)
    flaws = [{"type": flaw["type"], "loc": flaw["loc"], "msg": flaw["msg"]} for flaw in error.errors()]
    return JSONResponse({"detail": flaws}, 422)


async def _answer_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "The database does not answer. Try again later."}, 503)


def _allowed_methods(request: Request) -> list[str]:
    # The router names the methods of the first route that fits the path; the others count too.
    routes = request.app.router.routes
    return [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
