"""The canary: when these fail, nothing else is worth reading."""

import httpx
import pytest

from tests.checks import expect, seen


def test_health_says_up_without_a_login(client: httpx.Client) -> None:
    body = expect(client.get("/health"), 200)
    assert body["status"] in ("ok", "healthy", "up"), body


def test_health_answers_in_json(client: httpx.Client) -> None:
    response = client.get("/health")
    assert isinstance(expect(response, 200), dict), seen(response)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_health_can_only_be_read(client: httpx.Client, method: str) -> None:
    expect(client.request(method, "/health"), 401, 403, 404, 405)


def test_an_unknown_path_is_not_found(client: httpx.Client) -> None:
    expect(client.get("/no-such-path"), 401, 403, 404)
