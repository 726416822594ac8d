"""The message of a login that failed: what was asked, what came, what to do next; without a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tidegate.errors import ApiNotHealthy, LoginRefused
from tidegate.redact import mask
from tidegate.session.http import httpx
from tidegate.session.login.advice import next_step, no_csrf
from tidegate.session.login.shown import shown
from tidegate.settings import Login

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """Makes the errors of one login: for whom, set by which variables, and what no message may show."""

    login: Login
    who: str
    variables: tuple[str, ...]
    hide: tuple[str, ...]

    def unanswered(self, asked: str, error: httpx.HTTPError) -> ApiNotHealthy:
        """The error when nothing came: nobody has refused anything."""
        lines = (
            f"the API gave no answer to the login of {self.who}",
            f"asked: {asked}",
            f"answer: {type(error).__name__} {error}",
            f"next: {self._unreached(asked, error)}",
        )
        return ApiNotHealthy(mask("\n  ".join(lines), self.hide))

    def without_csrf(self, asked: str, answer: httpx.Response) -> LoginRefused:
        """The error when the question for the CSRF token brought none."""
        return self._error((f"asked: {asked}",), answer, no_csrf(self.login, answer), 0)

    def refused(self, asked: str, answer: httpx.Response) -> LoginRefused:
        """The error when the login itself brought no session."""
        lines = (f"asked: {asked}", f"sent: {self._sent()}")
        return self._error(lines, answer, next_step(self.login, answer, self.variables), answer.status_code)

    def _error(self, asked: tuple[str, ...], answer: httpx.Response, then: str, status: int) -> LoginRefused:
        # Masked before it is cut, which would leave a part of a secret.
        seen = mask(shown(answer), self.hide)[:SHOWN]
        lines = (f"login refused for {self.who}", *asked, f"answer: {seen}", f"next: {then}")
        return LoginRefused(mask("\n  ".join(lines), self.hide), status)

    def _sent(self) -> str:
        """What the login was made of, without a value."""
        way = "a query" if self.login.method == "GET" else "a JSON body" if self.login.kind == "json" else "a form"
        names = ", ".join(_names(self.login.fields))
        return f"{way} with the fields {names}" if names else f"{way} without a field"

    def _unreached(self, asked: str, error: httpx.HTTPError) -> str:
        place = urlsplit(asked.partition(" ")[2]).netloc.rpartition("@")[2]
        if isinstance(error, httpx.ConnectError):
            return f"nothing is reached at {place}: start the API, or set API_BASE_URL to where it listens"
        return f"is the API at {place} still up? Its log says more"


def _names(fields: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _names(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"
