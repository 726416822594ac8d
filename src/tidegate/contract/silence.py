"""Whether the API has stopped answering while tests went on."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.records import Exchange

ENOUGH = 2  # a single one may be what a test is about
LONGEST = 80  # characters of the error
_NEVER_SENT = ("LocalProtocolError", "UnsupportedProtocol")


@dataclass(slots=True)
class Silence:
    """The last exchanges of a run, as far as none of them was answered.

    `count` of them; `since`, `test` and `error` are of the first. `answered` is when the last answer before was read.
    Both times are those of an exchange's end, in seconds since the epoch.
    """

    answered: float = 0.0
    since: float = 0.0
    test: str = ""
    error: str = ""
    count: int = 0

    def note(self, exchange: Exchange) -> None:
        """Takes over an exchange that is over."""
        ended = exchange.started + exchange.elapsed
        if exchange.status is not None:
            self.answered, self.count = max(self.answered, ended), 0
        elif exchange.error and not exchange.error.startswith(_NEVER_SENT):
            if not self.count:
                self.since, self.test, self.error = ended, exchange.test, exchange.error
            self.count += 1

    def join(self, other: Silence) -> None:
        """Takes over what another process has met; what it was answered later ends the silence of this one."""
        answered = max(self.answered, other.answered)
        quiet = [each for each in (self, other) if each.count and each.since >= answered]
        count = sum(each.count for each in quiet)
        if quiet:
            first = min(quiet, key=lambda each: each.since)
            self.since, self.test, self.error = first.since, first.test, first.error
        self.answered, self.count = answered, count

    def __str__(self) -> str:
        """The line that says so, empty while the API answers."""
        if self.count < ENOUGH:
            return ""
        error = self.error if len(self.error) <= LONGEST else f"{self.error[: LONGEST - 1]}…"
        return f"the API no longer answers since {self.test} ({self.count} exchanges got no answer: {error})"
