"""The way to the network, the same for every client of ours: connections, then the guard, then the pace."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.session.budget import Budget, Rate
from tidegate.session.guard import Guard, Guarded
from tidegate.session.http import connections, httpx
from tidegate.session.pace import REPEATED, Paced, Report
from tidegate.session.redirects import Redirects
from tidegate.settings import Settings

# What a guard is put around, and what comes of it: `guard.around`.
Wrap = Callable[[httpx.BaseTransport], Guarded]


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
    Without a `guard`, the settings alone say where something may be changed.
    The rate is shared by so many `workers`. One that `cleans` repeats a DELETE as well: 404 then means done.
    """
    guarded = (guard or Guard(settings, base_url, settings.resources).around)(connections(settings.client))
    paced = Paced(
        guarded,
        settings.client,
        Redirects(settings, base_url),
        report,
        rate=Rate(settings.client.rate, workers) if settings.client.rate else None,
        budget=budget,
        repeated=REPEATED | {"DELETE"} if cleans else REPEATED,
    )
    guarded.looks = paced  # what the guard asks counts as well
    return paced
