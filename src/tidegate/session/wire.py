"""The way to the network, the same for every client of ours: connections, then the guard, then the pace."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.session.http import connections, httpx
from tidegate.session.pace import Paced, Report
from tidegate.settings import Settings

# What a guard is put around, and what comes of it: `lambda inner: Guarded(inner, guard)`.
Wrap = Callable[[httpx.BaseTransport], httpx.BaseTransport]


def open_wire(
    settings: Settings,
    base_url: str,
    *,
    guard: Wrap | None = None,
    report: Report = lambda _line: None,
) -> httpx.BaseTransport:
    """A transport that sends what `guard` lets pass, at the pace that the settings allow; to be closed by the caller.

    `report` hears, in one line each, of what it did beside sending: waiting for a 429, sending again and the like.
    """
    inner: httpx.BaseTransport = connections(settings.client)
    if guard:
        inner = guard(inner)
    return Paced(inner, settings, base_url, report)
