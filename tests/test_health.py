"""The canary: when these fail, nothing else is worth reading."""

import httpx
import pytest

from tests.checks import expect, expect_status, seen
from tidegate.settings import Settings

UP = ("ok", "healthy", "up")  # what the pattern knows; the gate's own list, which a project may set, is longer


@pytest.fixture(scope="session")
def url(settings: Settings, base_url: str) -> str:
    """Where the API says how it is."""
    return settings.health_url(base_url)


@pytest.mark.readonly
def test_health_says_up_without_a_login(client: httpx.Client, settings: Settings, url: str) -> None:
    body = expect(client.get(url), 200)
    words = settings.health.words if "health.words" in settings.origins else UP
    assert str(body.get("status")).casefold() in {word.casefold() for word in words}, body


@pytest.mark.readonly
def test_health_answers_in_json(client: httpx.Client, url: str) -> None:
    response = client.get(url)
    assert isinstance(expect(response, 200), dict), seen(response)


# Where no route is, a framework answers by itself, and often in plain text: so only the status counts.


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_health_can_only_be_read(client: httpx.Client, url: str, method: str) -> None:
    expect_status(client.request(method, url), 401, 403, 404, 405)


@pytest.mark.readonly
def test_an_unknown_path_is_not_found(client: httpx.Client) -> None:
    expect_status(client.get("/no-such-path"), 401, 403, 404)
