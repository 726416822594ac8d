"""A small document made by hand, and exchanges with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tidegate.contract.model import Answer, Bound, Media, Operation, Parameter, RequestBody
from tidegate.contract.schema import Schema
from tidegate.records import Exchange, Message

JSON = (Media("application/json"),)
PROBLEM = (Media("application/problem+json"),)


@dataclass(frozen=True)
class Made:
    """A document of these operations."""

    operations: tuple[Operation, ...]


def refused(*statuses: str) -> tuple[Answer, ...]:
    return tuple(Answer(status, PROBLEM) for status in statuses)


LIST = Operation(
    "GET",
    "/things",
    tags=("things",),
    parameters=(Parameter("limit", "query"), Parameter("color", "query"), Parameter("old", "query", deprecated=True)),
    answers=(Answer("200", JSON), *refused("401", "422", "500")),
)
MAKE = Operation(
    "POST",
    "/things",
    tags=("things",),
    body=RequestBody(True, JSON),
    answers=(Answer("201", JSON), *refused("401", "409", "422"), Answer("default", PROBLEM)),
)
READ = Operation(
    "GET",
    "/things/{id}",
    tags=("things",),
    parameters=(Parameter("id", "path", required=True),),
    answers=(Answer("200", (Media("application/json"), Media("text/csv"))), *refused("401", "404")),
)
DELETE = Operation(
    "DELETE",
    "/things/{id}",
    tags=("things",),
    parameters=READ.parameters,
    answers=(Answer("204"), *refused("401", "404")),
)
HEALTH = Operation("GET", "/health", answers=(Answer("200", JSON), Answer("503", JSON)))
PING = Operation("GET", "/ping", answers=(Answer("default", JSON),))
OLD = Operation("GET", "/old", answers=(Answer("200", JSON),), deprecated=True)
DOCUMENT = Made((LIST, MAKE, READ, DELETE, HEALTH, PING, OLD))


def sent(
    operation: Operation,
    status: int | None,
    *,
    query: str = "",
    media: str | None = "application/json",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    method: str = "",
) -> tuple[Exchange, Bound]:
    """An exchange with the operation, as it is bound."""
    made = Exchange(
        number=1,
        test="test_it",
        phase="call",
        identity="admin",
        method=method or operation.method,
        url=f"http://localhost:8000{operation.path}{query and '?'}{query}",
        request=Message(headers, body, len(body)),
        status=status,
        response=Message((("Content-Type", media),) if media else ()),
    )
    return made, Bound(operation, operation.path)


def object_parameter(*fields: str) -> Parameter:
    shared: dict[str, Any] = {"$defs": {"Filter": {"properties": {field: {} for field in fields}}}}
    return Parameter("filter", "query", schema=Schema({"$ref": "#/$defs/Filter"}, shared))
