from __future__ import annotations

import httpx
import pytest

from tidegate.session.redirects import Redirects
from tidegate.settings import Login, Resource, Settings

BASE = "http://api:8000/v1"
SETTINGS = Settings(
    login=Login(path="/session"),
    resources=(Resource(name="parts", path="/things/{parent.id}/parts"), Resource(name="things", path="/things")),
)


def told(
    method: str, path: str, location: str | None, status: int = 307, base: str = BASE, settings: Settings = SETTINGS
) -> list[str]:
    lines: list[str] = []
    request = httpx.Request(method, base + path)
    response = httpx.Response(status, headers={"Location": location} if location is not None else {})
    Redirects(settings, base).note(request, response, lines.append)
    return lines


@pytest.mark.parametrize(
    ("path", "location", "line"),
    [
        ("/things", "/v1/things/", "to /v1/things/: set resources.things.path to /things/"),
        ("/things?a=1", "/v1/things/?a=1", "to /v1/things/: set resources.things.path to /things/"),
        ("/things/17", "/v1/things/17/", "to /v1/things/{id}/: set resources.things.path to /things/"),
        ("/things/", "/v1/things", "to /v1/things: set resources.things.path to /things"),
        ("/things", "/v1/items", "to /v1/items: set resources.things.path to /items"),
        ("/things/a", "/v1/items/a", "to /v1/items/a: set resources.things.path to /items"),
        (
            "/things/17/parts",
            "/v1/things/17/parts/",
            "to /v1/things/{id}/parts/: set resources.parts.path to /things/{parent.id}/parts/",
        ),
        ("/session", "/v1/session/", "to /v1/session/: set API_LOGIN_PATH to /session/"),
        ("/things", "https://api/v1/things", "to https://api/v1/things: set API_BASE_URL to https://api/v1"),
        ("/things", "/v2/things", "to /v2/things: set API_BASE_URL to http://api:8000/v2"),
        ("/things", "//eu.api/things", "to http://eu.api/things: set API_BASE_URL to http://eu.api"),
        ("/other", "/v1/new", "to /v1/new: it was not followed; ask that path where it is meant"),
        ("/a", "https://b2/", "to https://b2/: it was not followed; set API_BASE_URL where the API is there"),
        ("/other", "http://a:b/", "with a Location that is no URL"),
    ],
)  # fmt: skip
def test_a_redirect_names_the_setting_that_leads_there(path: str, location: str, line: str) -> None:
    (said,) = told("GET", path, location)
    assert said.partition(" answered 307 ")[2] == line


def test_what_a_location_carries_beside_the_path_is_not_told() -> None:
    (said,) = told("GET", "/things", "https://me:secret@api/v1/things?token=secret#secret")
    assert "secret" not in said


@pytest.mark.parametrize("location", [None, ""])
def test_an_answer_that_points_nowhere_is_no_finding(location: str | None) -> None:
    assert told("GET", "/things", location, 304) == []


def test_many_records_with_the_same_redirect_are_one_finding() -> None:
    redirects, lines = Redirects(SETTINGS, BASE), list[str]()
    for number in range(9):
        request = httpx.Request("GET", f"{BASE}/things/{number}")
        answer = httpx.Response(307, headers={"Location": f"/v1/things/{number}/"})
        redirects.note(request, answer, lines.append)
    assert lines == ["GET /v1/things/{id} answered 307 to /v1/things/{id}/: set resources.things.path to /things/"]


def test_a_cookie_session_s_login_that_leads_on_is_no_finding_unless_it_is_to_be_repeated_there() -> None:
    login = Login(path="/session", token="cookies", csrf_path="/session/new", csrf_from="cookie:csrf")
    settings = Settings(login=login)
    assert told("POST", "/session", "/v1/", 302, settings=settings) == []
    assert told("GET", "/session/new", "/v1/", 303, settings=settings) == []
    assert len(told("POST", "/session", "/v1/session/", 307, settings=settings)) == 1
    assert len(told("POST", "/session", "/v1/", 302)) == 1
