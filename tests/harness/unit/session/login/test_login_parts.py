"""The parts of a login whose inputs are open-ended: cookies, hidden fields, places, templates."""

from __future__ import annotations

import html
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tidegate.session.http import httpx
from tidegate.session.login import cookies as cookie
from tidegate.session.login.hidden import asks_for_password, field
from tidegate.session.login.likely import places_of_tokens
from tidegate.session.login.places import csrf_in, token_in
from tidegate.session.login.session import carried
from tidegate.settings import Login

NAMES = st.text(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~", min_size=1, max_size=12)
VALUES = st.text(string.ascii_letters + string.digits + "!#$%&'()*+-./:<=>?@[]^_`{|}~\"", max_size=12)
TOKENS = st.text(string.ascii_letters + string.digits + "-._~+/=", min_size=1, max_size=40)


def answer(*cookies: str, **more: object) -> httpx.Response:
    return httpx.Response(200, headers=[(b"Set-Cookie", line.encode()) for line in cookies], **more)  # type: ignore[arg-type]


@given(st.dictionaries(NAMES, VALUES))
@example({"username-127-0-0-1-8888": '"2|1:0|10:17|=="'})
def test_cookies_come_back_as_they_were_set(cookies: dict[str, str]) -> None:
    lines = [f"{name}={value}; Path=/; HttpOnly; SameSite=Lax" for name, value in cookies.items()]
    assert cookie.updated({}, cookie.set_by(answer(*lines))) == cookies
    assert cookie.parsed(cookie.line(cookies)) == cookies


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=60))
def test_any_line_of_a_cookie_is_taken_or_left(text: str) -> None:
    found = cookie.set_by(answer(text))
    assert all(name and (value is None or value == value.strip()) for name, value in found.items())


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("", True),
        ("; Max-Age=0", False),
        ("; Max-Age=-1", False),
        ("; max-age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("; Expires=Thu, 01-Jan-1970 00:00:00 GMT", False),
        ("; expires=Fri, 01 Jan 2100 00:00:00 GMT; Max-Age=soon", True),
        ("; Expires=tomorrow", True),
        ("; Expires=Thu, 99 Jan 99999 00:00:00", True),
        ("; Secure; Domain=elsewhere.example; Path=/deep", True),
    ],
)
def test_a_cookie_is_kept_until_it_is_taken_away(attributes: str, kept: bool) -> None:
    assert cookie.updated({"a": "old", "b": "c"}, cookie.set_by(answer(f"a=new{attributes}"))) == (
        {"a": "new", "b": "c"} if kept else {"b": "c"}
    )


@given(
    st.text(max_size=30), st.text(string.ascii_letters + "[]_-", min_size=1, max_size=10), st.sampled_from(["'", '"'])
)
def test_a_hidden_field_is_found_whatever_is_in_it(value: str, name: str, quotes: str) -> None:
    written = html.escape(value, quote=True).replace("\r", "&#13;").replace("\0", "")
    for element in (
        f"<input type=hidden name={quotes}{name}{quotes} value={quotes}{written}{quotes}>",
        f"<META content={quotes}{written}{quotes} name={quotes}{name}{quotes} />",
    ):
        page = f"<html><p>x<input name=other value=1>{element}<input name='{name}' value=second>"
        assert field(page, name) == html.unescape(written)
    assert field("<p>nothing", name) is None


@given(st.text() | st.text(alphabet="<>!-/=\"' inputmeavlcz&;#"))
def test_any_page_can_be_read(page: str) -> None:
    assert field(page, "x") is None or "value" in page.lower() or "content" in page.lower()
    assert asks_for_password(page) in (True, False)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.just("token"), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(body=JSON, token=TOKENS.filter(lambda token: len(token) >= 8))
def test_a_place_that_is_suggested_is_one_where_the_token_is_found(body: object, token: str) -> None:
    response = answer(f"sid={token}", json={"x": body, "jwt": token, "a.b": [{"session": token}]})
    places = places_of_tokens(response)
    cookies = cookie.updated({}, cookie.set_by(response))
    assert all(token_in(response, place, cookies) for place in places)
    assert not [place for place in places if token in place]


@given(TOKENS)
def test_a_token_is_carried_as_it_is(token: str) -> None:
    assert carried(Login(), token).headers == {"Authorization": f"Bearer {token}"}
    assert carried(Login(), f"bearer {token}").headers == {"Authorization": f"Bearer {token}"}
    assert carried(Login(token="cookie:sid"), token).cookies == {"sid": token}
    query = carried(Login(send="?key={token}&v=1"), token).query
    assert dict(httpx.URL(f"http://a/?{query}").params) == {"key": token, "v": "1"}


@pytest.mark.parametrize(
    ("place", "body", "token"),
    [
        ("access_token", '{"access_token": "abc"}', "abc"),
        ("access_token", '{"access_token": 12345}', "12345"),
        ("access_token", '{"access_token": true}', None),
        ("access_token", '{"access_token": ""}', None),
        ("access_token", '{"access_token": {"a": 1}}', None),
        ("data.0.token", '{"data": [{"token": "abc"}]}', "abc"),
        ("/data/0/to~1ken", '{"data": [{"to/ken": "abc"}]}', "abc"),
        (".", '"abc"', "abc"),
        (".", "abc\n", "abc"),
        (".", "", None),
        (".", '{"a": 1}', None),
        ("a", "not JSON", None),
        ("a", "[" * 100_000, None),
    ],
)
def test_a_token_in_a_body_is_a_text_or_a_number(place: str, body: str, token: str | None) -> None:
    assert token_in(answer(content=body.encode()), place, {}) == token


@pytest.mark.parametrize(
    ("place", "token"),
    [
        ("cookie:XSRF-TOKEN", "a+/=b"),
        ("header:X-CSRF-Token", "from-a-header"),
        ("field:csrf", "from a field"),
        ("cookie:none", None),
        ("header:None", None),
        ("field:none", None),
        ("csrf.token", None),
    ],
)
def test_a_csrf_token_is_found_at_its_place(place: str, token: str | None) -> None:
    response = httpx.Response(
        200,
        headers=[("Set-Cookie", "XSRF-TOKEN=a%2B%2F%3Db"), ("X-CSRF-Token", "from-a-header")],
        html='<input type="hidden" name="csrf" value="from a field">',
    )
    assert csrf_in(response, place) == token
