"""The exchanges of the test that runs, as its report shows them when it fails."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidegate.plugin.evidence.good import Good

if TYPE_CHECKING:
    from tidegate.records import Exchange
    from tidegate.redact import Secrets

SHOWN, WIDTH = 12, 100


@dataclass(slots=True)
class Seen:
    """What a test has sent so far, of which the latest are kept."""

    test: str = ""
    count: int = 0
    latest: deque[Exchange] = field(default_factory=lambda: deque(maxlen=SHOWN))
    bad: Exchange | None = None
    good: Good = field(default_factory=Good)

    def note(self, exchange: Exchange) -> None:
        """Takes an exchange; one of another test begins anew."""
        if exchange.test != self.test:
            self.test, self.count, self.bad = exchange.test, 0, None
            self.latest.clear()
        self.count += 1
        self.latest.append(exchange)
        if _badness(exchange) >= _badness(self.bad):
            self.bad = exchange

    def of(self, test: str) -> int:
        """How many exchanges the test has."""
        return self.count if test == self.test else 0

    def passed(self, test: str) -> None:
        """The test has passed, so that its answers are good ones."""
        if test == self.test:
            self.good.keep(self.latest)

    def lines(self, origin: str, secrets: Secrets, *, with_curl: bool) -> Iterator[str]:
        """One for each exchange, and the command that sends the likeliest culprit again; `origin` is left out."""
        if hidden := self.count - len(self.latest):
            yield f"… {hidden} before these"
        for exchange in self.latest:
            differs = self.good.difference(exchange)
            yield _line(exchange, origin) + (f", {differs}" if differs else "")
        if with_curl and self.bad:
            from tidegate.curl import curl
            from tidegate.redact import masked_exchange

            yield f"  {curl(masked_exchange(self.bad, secrets, limit=2_000))}"


def _badness(exchange: Exchange | None) -> int:
    """How likely it is what failed the test: no answer, an error of the server's, a refusal, or merely the latest."""
    if exchange is None:
        return 0
    return 3 if exchange.status is None or exchange.status >= 500 else 2 if exchange.status >= 400 else 1


def _line(exchange: Exchange, origin: str) -> str:
    path = exchange.url.removeprefix(origin) or "/"
    path = path if len(path) <= WIDTH else f"{path[:WIDTH]}…"
    phase = f"{exchange.phase}: " if exchange.phase != "call" else ""
    came = f"no answer, {exchange.error}" if exchange.status is None else exchange.status
    return f"{phase}{exchange.method} {path} {came} {exchange.elapsed * 1000:.0f} ms"
