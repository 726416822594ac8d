"""The admin's login for a health path that needs one."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.errors import ApiNotHealthy
from tidegate.session.client import new_client
from tidegate.session.credentials import check_credentials
from tidegate.session.http import httpx
from tidegate.session.login import Sessions
from tidegate.session.question import Pass
from tidegate.session.wire import open_wire
from tidegate.settings import Settings


def admission(settings: Settings, base_url: str) -> Callable[[], Pass]:
    """Logs the admin in, each time it is called; raises LoginRefused, or ApiNotHealthy while nobody answers.

    Raises SettingsError at once for credentials that are not for this target.
    """
    check_credentials(settings, base_url)

    def log_in() -> Pass:
        with new_client(base_url, settings.client, transport=open_wire(settings, base_url)) as client:
            try:
                session = Sessions(settings, client).open_admin()
            except httpx.HTTPError as error:
                raise ApiNotHealthy(f"no answer: {type(error).__name__} {error}") from None
        return Pass(session.safe, session.query)

    return log_in
