"""`tidegate wait`."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.settings import Settings


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Waits until the API is healthy."""
    from tidegate.session.gate import wait

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    health = settings.health
    url = settings.base_url if settings.base_url.endswith(health.path) else settings.health_url(settings.base_url)
    opened = wait(
        url,
        words=health.words,
        timeout=health.timeout,
        try_timeout=health.try_timeout,
        progress=lambda line: print(f"tidegate: {line}", file=sys.stderr, flush=True),
    )
    print(opened, flush=True)
    return 0
