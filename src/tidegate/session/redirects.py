"""Redirects: followed by no client of ours, but told, with the setting that leads to where the API points."""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.session.http import httpx
from tidegate.settings import Resource, Settings

# A segment that names one record: it has a digit, and is no version.
_ID = re.compile(r"/(?!v\d+(?:\.\d+)?(?=/|$))[^/]*\d[^/]*")


def shape(request: httpx.Request) -> str:
    """Method and path, with ids left open: what is said of many records is said once."""
    return f"{request.method} {_open(request.url.path)}"


def _open(path: str) -> str:
    return _ID.sub("/{id}", path)


class Redirects:
    """Tells each redirect once, with the setting to change."""

    def __init__(self, settings: Settings, base_url: str) -> None:
        self._base = httpx.URL(base_url)
        self._prefix = self._base.path.rstrip("/")
        self._settings = settings
        self._told: set[str] = set()

    def note(self, request: httpx.Request, response: httpx.Response, report: Callable[[str], None]) -> None:
        """Reports where the API points, unless it was told before, or points nowhere."""
        location = response.headers.get("Location")
        if not location or self._is_usual(request, response):
            return
        seen = f"{shape(request)} answered {response.status_code}"
        try:
            target = request.url.join(location).copy_with(query=None, fragment=None, userinfo=b"")
        except (httpx.InvalidURL, ValueError):
            line = f"{seen} with a Location that is no URL"
        else:
            host = "" if _origin(target) == _origin(request.url) else f"{target.scheme}://{target.netloc.decode()}"
            line = f"{seen} to {host}{_open(target.path)}: {self._advice(request.url, target)}"
        if line not in self._told:
            self._told.add(line)
            report(line)

    def _is_usual(self, request: httpx.Request, response: httpx.Response) -> bool:
        """Whether this is how the login of a browser's session says that it is done, or was done before."""
        login = self._settings.login
        paths = {login.path, login.csrf_path} if login.token.startswith("cookie") else set()
        return response.status_code in (302, 303) and request.url.path.removeprefix(self._prefix) in paths

    def _advice(self, asked: httpx.URL, target: httpx.URL) -> str:
        if not asked.path.startswith(self._prefix) or _origin(asked) != _origin(self._base):
            return "it was not followed"
        path = asked.path.removeprefix(self._prefix)
        if path.strip("/") and str(target).endswith(path) and str(target) != str(asked.copy_with(query=None)):
            return f"set API_BASE_URL to {str(target).removesuffix(path).rstrip('/')}"
        if _origin(target) != _origin(self._base) or not target.path.startswith(self._prefix):
            return "it was not followed; set API_BASE_URL where the API is there"
        return self._setting(path, target.path.removeprefix(self._prefix))

    def _setting(self, path: str, there: str) -> str:
        if path == self._settings.login.path:
            return f"set API_LOGIN_PATH to {there}"
        for resource in self._settings.resources:
            if found := _moved(resource, path, there):
                return f"set resources.{resource.name}.path to {found}"
        return "it was not followed; ask that path where it is meant"


def _moved(resource: Resource, path: str, there: str) -> str | None:
    """The resource's path when the API is right about where its records are."""
    pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(resource.path.rstrip("/")))
    found = re.fullmatch(rf"{pattern}(?P<record>/[^/]+)?/?", path)
    if not found:
        return None
    slash = "/" if there.endswith("/") else ""
    if path.rstrip("/") == there.rstrip("/"):
        return resource.path.rstrip("/") + slash
    if "{" in resource.path:
        return None
    collection, _, last = there.rstrip("/").rpartition("/")
    if not found["record"]:
        return there
    return collection + slash if f"/{last}" == found["record"] else None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
