"""The way to the network, the same for every client of ours: connections, then the guard, then the pace."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.session.budget import Budget, Rate
from tidegate.session.http import connections, httpx
from tidegate.session.pace import REPEATED, Paced, Report
from tidegate.session.redirects import Redirects
from tidegate.settings import Settings

# What a guard is put around, and what comes of it: `lambda inner: Guarded(inner, guard)`.
Wrap = Callable[[httpx.BaseTransport], httpx.BaseTransport]


def open_wire(
    settings: Settings,
    base_url: str,
    *,
    guard: Wrap | None = None,
    report: Report = lambda _line: None,
    workers: int = 1,
    budget: Budget | None = None,
    cleans: bool = False,
) -> httpx.BaseTransport:
    """A transport that sends what `guard` lets pass, at the pace that the settings allow; to be closed by the caller.

    `report` hears, in one line each, of what it did beside sending: waiting for a 429, sending again and the like.
    The rate is shared by so many `workers`. One that `cleans` repeats a DELETE as well: 404 then means done.
    """
    inner: httpx.BaseTransport = connections(settings.client)
    return Paced(
        guard(inner) if guard else inner,
        settings.client,
        Redirects(settings, base_url),
        report,
        rate=Rate(settings.client.rate, workers) if settings.client.rate else None,
        budget=budget,
        repeated=REPEATED | {"DELETE"} if cleans else REPEATED,
    )
