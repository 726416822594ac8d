"""What an OpenAPI document promises, in one form for every version of the specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidegate.contract.schema import Schema


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request, or a header of an answer (OpenAPI 3.1, 4.8.12 and 4.8.21).

    `place` is path, query, header or cookie. `media` is set where the value is itself JSON or the like (`content`).
    """

    name: str
    place: str
    required: bool = False
    schema: Schema | None = None
    style: str = "form"
    explode: bool = True
    deprecated: bool = False
    media: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A body of one media type; `range` such as `application/json`, `text/*` or `*/*`."""

    range: str
    schema: Schema | None = None
    example: Any = None


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What an operation takes."""

    required: bool
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation promises to answer with a status: `200`, a class such as `2XX`, or `default`."""

    status: str
    media: tuple[Media, ...] = ()
    headers: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """How requests show who they are: the place and name of what they carry (OpenAPI 3.1, 4.8.27).

    `kind` is apiKey, http, oauth2, openIdConnect or mutualTLS; `place` header, query, cookie, or tls for the last.
    `form` is the word before the credentials of an Authorization header, in lower case: bearer, basic, digest, …
    """

    name: str
    kind: str
    place: str = "header"
    key: str = "Authorization"
    form: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    `security`: each set of schemes is enough by itself; none at all, or an empty set, means that nobody is asked.
    """

    method: str
    path: str
    id: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    answers: tuple[Answer, ...] = ()
    security: tuple[frozenset[str], ...] = ()
    deprecated: bool = False

    @property
    def name(self) -> str:
        """What people call it: `GET /things/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def is_open(self) -> bool:
        """Whether the document lets anybody do it, without being asked who they are."""
        return not self.security or not all(self.security)

    @property
    def resource(self) -> str:
        """Its first tag, else the first segment of its path that is no parameter."""
        if self.tags:
            return self.tags[0]
        return next((part for part in self.path.split("/") if part and not part.startswith("{")), "/")

    def answer(self, status: int) -> Answer | None:
        """What is promised for a status: by itself, else by its class, else by default (OpenAPI 3.1, 4.8.16)."""
        by_status = {each.status.upper(): each for each in self.answers}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX") or by_status.get("DEFAULT")


@dataclass(frozen=True, slots=True)
class Bound:
    """An exchange's place in the document: an operation, or the path alone where it has no such method."""

    operation: Operation | None = None
    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
