"""Where an API may be explored: where nobody minds what becomes of it."""

from __future__ import annotations

from tidegate.errors import WriteRefused
from tidegate.session.hosts import base_of, is_disposable, place_of
from tidegate.settings import Settings


def check_explorable(settings: Settings, base_url: str) -> None:
    """Raises WriteRefused of a shared target, also where writes are allowed: nobody knows what will be sent."""
    place = place_of(base_of(base_url))
    if not is_disposable(place, settings.target, proxied=settings.client.proxy is not None):
        raise WriteRefused(
            f"nothing was explored: {place} is a shared target\n"
            "  seen: it is neither loopback (localhost, 127.0.0.1, [::1]) nor listed in target.disposable\n"
            "  next: explore an API that this run may ruin, such as the stack's own; --allow-writes is not enough"
        )
