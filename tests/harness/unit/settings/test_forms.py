from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tidegate.settings import forms, http_forms, resource_forms

FORMS: list[Callable[[object], Any]] = [
    forms.text,
    forms.seconds,
    forms.count,
    forms.words,
    forms.names,
    forms.prefix,
    forms.flag,
    forms.amount,
    forms.port,
    forms.rate,
    forms.json_path,
    forms.table,
    forms.process,
    forms.one_of("a", "b"),
    http_forms.url_path,
    http_forms.path_or_url,
    http_forms.base_url,
    resource_forms.request("POST", "PUT"),
    resource_forms.collection_path,
    resource_forms.filter_query,
    resource_forms.record_id,
    resource_forms.cursor,
    resource_forms.gone,
    http_forms.statuses,
    http_forms.headers,
    http_forms.host,
    http_forms.hosts,
    http_forms.token_place,
    http_forms.csrf_place,
    http_forms.carrier,
    http_forms.csrf_carrier,
]
REQUEST = resource_forms.request("POST", "PUT")
FORM_TEXTS = (
    "a ",
    "at least",
    "seconds above",
    "http:// or https://",
    "true or false",
    "requests a",
    "one ",
    "no placeholder",
)
# What an environment variable (text) or a TOML file (the rest) can hold.
RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
@given(raw=RAW | st.text().map("http://".__add__) | st.text().map("/".__add__))
@example(raw=10**400)
@example(raw="9" * 5000)
@example(raw="http://[::1")
@example(raw="http://a:99999")
@example(raw="http://a\u2100b")
@example(raw="http://-ü-")
@example(raw="http://" + "a" * 64)
@example(raw=float("nan"))
def test_any_value_is_taken_or_refused_with_the_allowed_form(form: Callable[[object], Any], raw: object) -> None:
    try:
        form(raw)
    except ValueError as refusal:
        # The form, not what Python says.
        assert str(refusal).startswith(FORM_TEXTS), str(refusal)  # noqa: PT017  a value is fine as well


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://localhost:8000///", "http://localhost:8000"),
        (" https://api.example.com/v1/ ", "https://api.example.com/v1"),
        ("http://[::1]:9/x", "http://[::1]:9/x"),
        ("HTTP://localhost", "HTTP://localhost"),
    ],
)
def test_a_base_url_keeps_everything_but_blanks_and_the_slash_at_its_end(raw: str, value: str) -> None:
    assert http_forms.base_url(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        "localhost:8000",
        "ftp://localhost",
        "http://",
        "http://:8000",
        "http://a:port",
        "http://a:0",
        "http://a:65536",
        "http://a b",
        "http://a?x=1",
        "http://a#x",
        "http://a\\b",
        "http://user:password@a",
        "http://user@a",
        "",
        None,
        8000,
    ],
)
def test_what_is_no_base_url_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="such as http://localhost:8000"):
        http_forms.base_url(raw)


@pytest.mark.parametrize(("raw", "value"), [("30", 30.0), ("0.5", 0.5), (7, 7.0), (" 1e2 ", 100.0)])
def test_seconds_are_a_number(raw: object, value: float) -> None:
    assert forms.seconds(raw) == value


@pytest.mark.parametrize("raw", ["0", "-1", "nan", "inf", "", "30s", "86400", True, [], None, 10**400])
def test_seconds_are_above_0_and_below_a_day(raw: object) -> None:
    with pytest.raises(ValueError, match="seconds above 0 and below a day"):
        forms.seconds(raw)


@pytest.mark.parametrize("raw", ["test-", "e2e_-", "abc9_x-"])
def test_a_prefix_is_small_letters_and_a_closing_hyphen(raw: str) -> None:
    assert forms.prefix(raw) == raw


@pytest.mark.parametrize("raw", ["", "-", "t-", "te-", "test", "Test-", "test--", "9est-", "te t-", "%-", "test-\n"])
def test_a_prefix_that_could_match_by_accident_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="such as test-"):
        forms.prefix(raw)


@pytest.mark.parametrize(
    ("raw", "value"), [("ok,up", ("ok", "up")), (" ok , up ", ("ok", "up")), (["ok"], ("ok",)), ("ok", ("ok",))]
)
def test_words_are_a_list_or_a_text_with_commas(raw: object, value: tuple[str, ...]) -> None:
    assert forms.words(raw) == value


@pytest.mark.parametrize("raw", [[], "", ",", "ok,,up", [1], ["ok", ""], {"ok": 1}, 5])
def test_what_holds_no_words_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="a list of words"):
        forms.words(raw)


@pytest.mark.parametrize("raw", ["health", "//evil.example", "/a b", "/é", "", "/a\n", None])
def test_a_path_has_one_leading_slash_and_no_blanks(raw: object) -> None:
    with pytest.raises(ValueError, match="a path that starts with one slash"):
        http_forms.url_path(raw)


@pytest.mark.parametrize(
    ("form", "raw", "value"),
    [
        (forms.flag, " Yes ", True),
        (forms.flag, False, False),
        (forms.amount, "0", 0),
        (forms.port, "8080", 8080),
        (forms.json_path, "data.items.0", "data.items.0"),
        (forms.json_path, "/data/a~1b/0", "/data/a~1b/0"),
        (REQUEST, "PUT /things/{id}", "PUT /things/{id}"),
        (REQUEST, "PUT /teams/{parent.id}/things/{id}?force=true", "PUT /teams/{parent.id}/things/{id}?force=true"),
        (resource_forms.collection_path, "/teams/{parent.id}/things/", "/teams/{parent.id}/things/"),
        (resource_forms.filter_query, "*", "*"),
        (resource_forms.filter_query, 'filter={"where":{"e":"{prefix}"}}', 'filter={"where":{"e":"{prefix}"}}'),
        (resource_forms.filter_query, "filter[e][_starts_with]={prefix}", "filter[e][_starts_with]={prefix}"),
        (resource_forms.record_id, "Location", "Location"),
        (resource_forms.record_id, "_links.self.href", "_links.self.href"),
        (resource_forms.cursor, "header:Next-Page", "header:Next-Page"),
        (resource_forms.cursor, "@odata.nextLink", "@odata.nextLink"),
        (resource_forms.gone, "status=archived", "status=archived"),
        (resource_forms.gone, "meta.deleted_at", "meta.deleted_at"),
        (http_forms.statuses, [200, "4xx"], ("200", "4xx")),
        (http_forms.statuses, "200,401", ("200", "401")),
        (http_forms.hosts, "api,db", ("api", "db")),
        (http_forms.hosts, [], ()),
        (http_forms.token_place, "header:X-Auth-Token", "header:X-Auth-Token"),
        (http_forms.token_place, "cookies", "cookies"),
        (http_forms.csrf_place, "field:csrf_token", "field:csrf_token"),
        (http_forms.carrier, "?api_key={token}", "?api_key={token}"),
        (http_forms.carrier, "Cookie: sid={token}", "Cookie: sid={token}"),
    ],
)
def test_a_value_of_the_form_is_taken(form: Callable[[object], Any], raw: object, value: object) -> None:
    assert form(raw) == value


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        (forms.flag, "perhaps"),
        (forms.amount, False),
        (forms.amount, -1),
        (forms.port, 65_536),
        (forms.json_path, "data..items"),
        (forms.json_path, "data."),
        (forms.process, "node server.js"),
        (REQUEST, "FETCH"),
        (REQUEST, "get"),
        (REQUEST, "DELETE"),
        (REQUEST, "PUT things/{id}"),
        (REQUEST, "PUT //things/{id}"),
        (REQUEST, "PUT /things/{key}"),
        (resource_forms.collection_path, "/things/{id}"),
        (resource_forms.filter_query, "email={emial}"),
        (resource_forms.filter_query, "email={prefix}&x={y}"),
        (resource_forms.filter_query, "{prefix}"),
        (resource_forms.record_id, "header:X-Id"),
        (resource_forms.cursor, "cookie:next"),
        (resource_forms.gone, "=archived"),
        (http_forms.statuses, "600"),
        (http_forms.headers, {"Bad Name": "x"}),
        (http_forms.headers, {"X-Cut": "a\r\nX-More: b"}),
        (http_forms.hosts, "*.example.com"),
        (http_forms.token_place, "body:token"),
        (http_forms.carrier, "X-Api-Key"),
        (http_forms.carrier, "Authorization: Bearer"),
        (http_forms.csrf_carrier, "?csrf={csrf}"),
    ],
)
def test_what_is_not_of_the_form_is_refused(form: Callable[[object], Any], raw: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        form(raw)
