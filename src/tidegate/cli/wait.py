"""`tidegate wait`."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidegate.session.question import Pass
    from tidegate.settings import Settings


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Waits until the API is healthy."""
    from tidegate.adopt.docker import located
    from tidegate.session.gate import wait
    from tidegate.session.question import Question

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
    settings = located(settings)
    health = settings.health
    url = settings.base_url if settings.base_url.endswith(health.path) else settings.health_url(settings.base_url)
    opened = wait(
        Question.of(settings, url, login_of(settings, settings.base_url.removesuffix(health.path))),
        lambda line: print(f"tidegate: {line}", file=sys.stderr, flush=True),
    )
    print(opened, flush=True)
    return 0


def login_of(settings: Settings, base_url: str) -> Callable[[], Pass] | None:
    """The admin's login for a health path that asks for it."""
    if not settings.health.login:
        return None
    from tidegate.session.admission import admission
    from tidegate.session.credentials import check_credentials

    check_credentials(settings, base_url)
    return admission(settings, base_url)
