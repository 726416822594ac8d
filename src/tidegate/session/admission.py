"""The admin's login for a health path that needs one."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.errors import ApiNotHealthy, SettingsError
from tidegate.session.client import new_client
from tidegate.session.credentials import check_credentials
from tidegate.session.hosts import base_of, is_disposable, place_of
from tidegate.session.http import httpx
from tidegate.session.login import Sessions
from tidegate.session.question import Pass
from tidegate.session.wire import open_wire
from tidegate.settings import Settings


def admission(settings: Settings, base_url: str) -> Callable[[], Pass]:
    """Logs the admin in, each time it is called; raises LoginRefused, or ApiNotHealthy while nobody answers.

    Raises SettingsError at once for credentials that are not for this target, or that would go to another.
    """
    check_credentials(settings, base_url)
    _check_place(settings, base_url)

    def log_in() -> Pass:
        with new_client(base_url, settings.client, transport=open_wire(settings, base_url)) as client:
            try:
                session = Sessions(settings, client).open_admin()
            except httpx.HTTPError as error:
                raise ApiNotHealthy(f"no answer: {type(error).__name__} {error}") from None
        return Pass(session.safe, session.query)

    return log_in


def _check_place(settings: Settings, base_url: str) -> None:
    """A session goes to the API and nowhere else, but for a place that exists for tests alone."""
    asked, api = base_of(settings.health_url(base_url)), base_of(base_url)
    place, target, proxied = place_of(asked), settings.target, settings.client.proxy is not None
    own = asked.host == settings.stack.service and is_disposable(place_of(api), target, proxied=proxied)
    if own or (asked.scheme, place) == (api.scheme, place_of(api)) or is_disposable(place, target, proxied=proxied):
        return
    raise SettingsError(
        f"health.login would send the admin's session to {place}, which is not the API\n"
        f"  seen: health.path leads to {asked.scheme}://{place}, and the API is at {api.scheme}://{place_of(api)}\n"
        "  next: set health.path (API_HEALTH_PATH) to a path of the API, or leave health.login out"
    )
