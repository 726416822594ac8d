"""Connections to PostgreSQL, and the question whether it answers."""

import asyncio
from collections.abc import Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

HEALTH_SECONDS = 1.0  # a health answer is due well within 2 s
CONNECT_OPTIONS: Mapping[str, Any] = {
    "connect_timeout": 2,
    # A peer that vanished without a word: give up on unacknowledged data after 2 s, not after the kernel's 15 minutes.
    "tcp_user_timeout": 2000,
    "options": "-c timezone=UTC -c statement_timeout=5000 -c lock_timeout=4000",
}


def connect(url: URL, *, pool_size: int = 10, max_overflow: int = 30) -> Engine:
    """A pool of connections; together as many as there are worker threads, so that a thread never waits for one."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=2,
        pool_pre_ping=True,
        hide_parameters=True,  # values, such as password hashes, stay out of error texts
        connect_args=dict(CONNECT_OPTIONS),
    )


class DatabaseProbe:
    """Asks for a sign of life on a connection and a thread of its own, so that a busy API stays healthy."""

    def __init__(self, url: URL) -> None:
        self.engine = connect(url, pool_size=1, max_overflow=0)
        self._thread = CapacityLimiter(1)
        self._question: asyncio.Task[str | None] | None = None

    async def find_problem(self) -> str | None:
        """What is wrong with the database, or None; always within a second."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(to_thread.run_sync(self._ask, limiter=self._thread))
        # The question isn't cancelled: its thread can't be. Later callers join it instead of piling up more threads.
        await asyncio.wait({self._question}, timeout=HEALTH_SECONDS)
        if not self._question.done():
            return f"The database did not answer within {HEALTH_SECONDS:g} s."
        return self._question.result()

    def _ask(self) -> str | None:
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except (DBAPIError, PoolTimeout):
            return "The database can't be reached or refuses the connection."
        return None
