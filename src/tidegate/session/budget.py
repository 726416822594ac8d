"""How many requests a run may send, and how many in a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from tidegate.errors import BudgetSpent


class Budget:
    """So many requests, shared by everything that tests send.

    Clean-up does not count: what was made within the budget must go, and takes a few requests a record.
    """

    def __init__(self, limit: int, workers: int, current_test: Callable[[], str]) -> None:
        self._share = max(1, limit // workers)
        self._left = self._share
        self._whole = f"client.budget = {limit}" + (f", shared by {workers} workers" if workers > 1 else "")
        self._current_test = current_test
        self._spent_by: str | None = None
        self._lock = threading.Lock()

    def spend(self, request: str) -> None:
        """Takes one request; raises BudgetSpent, naming the test that took the last one, when none is left."""
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self._spent_by = self._current_test()
            if self._left >= 0:
                return
        raise BudgetSpent(
            f"the tests have sent all the requests that they may: {self._share} ({self._whole})\n"
            f"  the last one was sent by: {self._spent_by or 'no test'}\n"
            f"  not sent: {request}\n"
            "  next: raise client.budget (TIDEGATE_CLIENT_BUDGET), or run fewer tests"
        )


class Rate:
    """At most so many requests a second, evenly spread: a burst is what a rate limit of a server is about."""

    def __init__(
        self,
        per_second: float,
        workers: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = workers / per_second
        self._next = 0.0
        self._lock = threading.Lock()
        self._clock = clock
        self._sleep = sleep

    def take(self) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            now = self._clock()
            begins = max(now, self._next)
            self._next = begins + self._gap
        if begins > now:
            self._sleep(begins - now)
