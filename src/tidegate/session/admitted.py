"""Asking a health path that itself needs the admin's login."""

from __future__ import annotations

from tidegate.errors import ApiNotHealthy, LoginRefused
from tidegate.session.probe import Answer, Kind, ask
from tidegate.session.question import Pass, Question

UNAUTHORIZED = 401


class Admitted:
    """Asks with a login where one is needed; it is made when the API answers, and again when it has run out.

    `rest` is how long to leave the login alone after the last try: an account may be locked after some refusals.
    """

    def __init__(self, question: Question) -> None:
        self.rest = 0.0
        self._question = question
        self._admitted: Pass | None = None

    def ask(self, timeout: float) -> Answer:
        """One try."""
        if self._question.log_in is None:
            return ask(self._question, timeout)
        fresh = self._admitted is None
        if fresh and not _is_up(first := ask(self._question, timeout)):
            return first
        answer = self._ask(timeout)
        if answer.status == UNAUTHORIZED and answer.kind is Kind.STATUS and not fresh:
            self._admitted = None
            answer = self._ask(timeout)
        refused = answer.kind is Kind.LOGIN or (answer.kind is Kind.STATUS and answer.status == UNAUTHORIZED)
        self.rest = max(0.25, 2 * self.rest) if refused else 0.0
        return answer

    def _ask(self, timeout: float) -> Answer:
        assert self._question.log_in
        try:
            self._admitted = self._admitted or self._question.log_in()
        except (ApiNotHealthy, LoginRefused) as error:
            lines = [line.strip() for line in str(error).splitlines()]
            shown = next((line for line in lines if line.startswith("answer: ")), lines[0])
            return Answer(Kind.LOGIN, f"no login for the health path: {shown.removeprefix('answer: ')}")
        return ask(self._question, timeout, self._admitted)


def _is_up(answer: Answer) -> bool:
    """Whether the API answers at all, so that a login makes sense."""
    return answer.status is not None and answer.status < 500
