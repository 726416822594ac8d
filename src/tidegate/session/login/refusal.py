"""The message of a login that failed: what was asked, what came, what to do next; without a secret."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.errors import LoginRefused
from tidegate.redact import mask
from tidegate.session.http import httpx
from tidegate.session.login.advice import is_page, next_step, no_csrf, one_line
from tidegate.session.login.hidden import text_of
from tidegate.settings import Login

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """Makes the errors of one login: for whom, set by which variables, and what no message may show."""

    login: Login
    who: str
    variables: tuple[str, ...]
    hide: tuple[str, ...]

    def unanswered(self, asked: str, error: httpx.HTTPError) -> LoginRefused:
        """The error when nothing came."""
        return self._error(asked, f"no answer: {type(error).__name__} {error}", "is the API still up?", 0)

    def without_csrf(self, asked: str, answer: httpx.Response) -> LoginRefused:
        """The error when the question for the CSRF token brought none."""
        return self._error(asked, self._shown(answer), no_csrf(self.login, answer), 0)

    def refused(self, asked: str, answer: httpx.Response) -> LoginRefused:
        """The error when the login itself brought no session."""
        return self._error(
            asked, self._shown(answer), next_step(self.login, answer, self.variables), answer.status_code
        )

    def _error(self, asked: str, seen: str, then: str, status: int) -> LoginRefused:
        lines = (f"login refused for {self.who}", f"asked: {asked}", f"answer: {seen}", f"next: {then}")
        return LoginRefused(mask("\n  ".join(lines), self.hide), status)

    def _shown(self, answer: httpx.Response) -> str:
        location = f", Location: {one_line(answer.headers['Location'])}" if "Location" in answer.headers else ""
        body = one_line(text_of(answer.text) if is_page(answer) else answer.text)
        # Masked before it is cut, which would leave a part of a secret.
        return f"HTTP {answer.status_code}{location}, body: {mask(body, self.hide)[:SHOWN] or '(empty)'}"
