"""Which points an exchange covers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tidegate.contract.coverage.points import (
    NO_BODY,
    absent,
    given,
    parameters_of,
    point_of_answer,
    point_of_body,
    status_of,
)
from tidegate.contract.model import Media, Operation, Parameter
from tidegate.records import Exchange, Message
from tidegate.redact.fields import pairs

CALLED = ""  # the point that every operation has, and that nobody counts


def seen_by(exchange: Exchange, operation: Operation) -> Iterator[str]:
    """The points of `operation` that the exchange covers; what was refused covers no input."""
    if exchange.status is None or exchange.method.upper() != operation.method:
        return  # a HEAD is bound to its GET, whose answer it does not show
    yield CALLED
    yield from _answered(exchange.status, exchange.response or Message(), operation)
    if exchange.status < 400:
        yield from _parameters(exchange, operation)
        yield from _body(exchange.request, operation)


def _answered(status: int, response: Message, operation: Operation) -> Iterator[str]:
    answer = operation.answer(status)
    if answer is None:
        return
    named = status_of(answer)
    succeeds = any(status_of(each)[0] in "123" for each in operation.answers)
    if named == "default" and not succeeds and status >= 400:
        return  # where `default` stands for success, a refusal is none
    if not answer.media:
        yield point_of_answer(named)
    elif (media := _matching(response.header("content-type"), answer.media)) is not None:
        yield point_of_answer(named, media.range)


def _matching(content_type: str | None, documented: Iterable[Media]) -> Media | None:
    """The documented range that says most about the media type (RFC 9110, 12.5.1)."""
    if not content_type:
        return None
    came = _spelled(content_type)
    plain = came.partition(";")[0]
    wanted = [came, plain, f"{plain.partition('/')[0]}/*", "*/*"]
    ranked = [(_rank(wanted, _spelled(media.range)), media) for media in documented]
    best = min(ranked, key=lambda each: each[0], default=None)
    return best[1] if best and best[0] < len(wanted) else None


def _rank(wanted: list[str], documented: str) -> int:
    """How far down in `wanted` the documented range is; its end when it is not there."""
    names = (documented, documented.partition(";")[0])
    return next((place for place, name in enumerate(wanted) if name in names), len(wanted))


def _spelled(media_type: str) -> str:
    return media_type.replace(" ", "").lower()


def _parameters(exchange: Exchange, operation: Operation) -> Iterator[str]:
    names: dict[str, set[str]] = {}
    for parameter in parameters_of(operation):
        if parameter.place not in names:
            names[parameter.place] = _names(exchange, parameter.place)
        yield (given if _has(parameter, names[parameter.place]) else absent)(parameter)


def _names(exchange: Exchange, place: str) -> set[str]:
    if place == "query":
        return {name for name, _ in pairs(urlsplit(exchange.url).query)}
    headers = exchange.request.headers
    if place == "cookie":
        cookies = ";".join(value for name, value in headers if name.lower() == "cookie")
        return {pair.partition("=")[0].strip() for pair in cookies.split(";")}
    return {name.lower() for name, _ in headers}


def _has(parameter: Parameter, names: set[str]) -> bool:
    """Whether it was given, also as one of the names that arrays and objects take (OpenAPI 3.1, 4.8.12.2)."""
    if parameter.place == "header":
        return parameter.name.lower() in names
    if parameter.name in names or any(name.startswith(f"{parameter.name}[") for name in names):
        return True
    return bool(_fields(parameter) & names)


def _fields(parameter: Parameter) -> set[str]:
    """The names under which an object's fields are sent, each by itself, in style form."""
    if parameter.schema is None or parameter.media or not (parameter.explode and parameter.style == "form"):
        return set()
    plain = parameter.schema.resolve(parameter.schema.plain)
    return set(plain.get("properties", ())) if not isinstance(plain, bool) else set()


def _body(request: Message, operation: Operation) -> Iterator[str]:
    if operation.body is None:
        return
    if not (request.body or request.size or request.header("transfer-encoding")):
        yield NO_BODY
    elif (media := _matching(request.header("content-type"), operation.body.media)) is not None:
        yield point_of_body(media.range)
