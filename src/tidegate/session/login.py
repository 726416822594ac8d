"""Logging in: credentials to a token, or a message that shows what the API said."""

from __future__ import annotations

from collections.abc import Callable

from tidegate.errors import LoginRefused, SettingsError
from tidegate.redact import mask
from tidegate.session.http import httpx
from tidegate.session.jsonpath import dig
from tidegate.settings import Settings

Login = Callable[[str, str], str]
SHOWN = 500


def log_in(client: httpx.Client, path: str, email: str, password: str) -> str:
    """The access token for these credentials; raises LoginRefused with status and body, secrets masked."""
    __tracebackhide__ = True  # pytest shows a frame's arguments, and one is a password
    try:
        response = client.post(path, json={"email": email, "password": password})
    except httpx.HTTPError as error:
        detail = f"no answer: {type(error).__name__} {error}"
        raise LoginRefused(_refusal(client, path, email, detail, "is the API still up?")) from None
    token = dig(_json(response), "access_token")
    if response.is_success and isinstance(token, str) and token:
        return token
    body = mask(response.text, (password,))[:SHOWN]
    detail = f"HTTP {response.status_code}, body: {body or '(empty)'}"
    raise LoginRefused(_refusal(client, path, email, detail, _next_step(response.status_code)))


def log_in_admin(login: Login, settings: Settings) -> str:
    """The seeded admin's token; raises SettingsError when no admin is set."""
    email, password = settings.admin_email, settings.admin_password
    if not email or not password:
        missing = "API_ADMIN_PASSWORD" if email else "API_ADMIN_EMAIL"
        raise SettingsError(f"{missing} is not set\n  next: write it into .env.test, or set it in the environment")
    return login(email, password)


def bearer(token: str) -> dict[str, str]:
    """The header that carries the token (RFC 6750, 2.1)."""
    return {"Authorization": f"Bearer {token}"}


def _json(response: httpx.Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None


def _refusal(client: httpx.Client, path: str, email: str, seen: str, hint: str) -> str:
    url = str(client.base_url).rstrip("/") + path
    return f"login refused for {email}\n  asked: POST {url}\n  answer: {seen}\n  next: {hint}"


def _next_step(status: int) -> str:
    if status < 300:
        return "the answer holds no access_token: does login.path in [tool.tidegate] lead to the login?"
    if status in (404, 405):
        return "set API_LOGIN_PATH, or login.path in [tool.tidegate], to the path that takes a login"
    if status >= 500:
        return "the API failed: look at its log"
    return "compare API_ADMIN_EMAIL and API_ADMIN_PASSWORD with what the API was seeded with"
