"""Which operation a call is one of."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from document_makers import paths_of, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.contract.document import Document


@pytest.mark.parametrize(
    ("url", "path", "values"),
    [
        ("/things/mine", "/things/mine", {}),
        ("/things/7", "/things/{id}", {"id": "7"}),
        ("/things/a%2Fb%20c", "/things/{id}", {"id": "a/b c"}),
        ("/things/caf%C3%A9", "/things/{id}", {"id": "café"}),
        ("/m%69ne", "/mine", {}),
        ("/things/7?x=1#f", "/things/{id}", {"id": "7"}),
        ("https://h:8/things/7", "/things/{id}", {"id": "7"}),
        ("/things/7/", "", {}),
        ("/things/", "/things/", {}),
        ("/things", "", {}),
        ("/things//", "", {}),
        ("/files/a.b.json", "/files/{name}.json", {"name": "a.b"}),
        ("/files/a.txt", "/files/{any}", {"any": "a.txt"}),
        ("/pairs/a..b", "/pairs/{from}..{to}", {"from": "a", "to": "b"}),
        ("/a/1/c", "/a/{x}/c", {"x": "1"}),
        ("/a/b/1", "/a/b/{x}", {"x": "1"}),
        ("/a/b/c", "/a/b/{x}", {"x": "c"}),
        ("/search?kind=a", "/search?kind=a", {}),
        ("/search?kind=b&q=1", "/search", {}),
        ("/find?name=n", "/find?name={name}", {"name": "n"}),
        ("/find?other=n&name=m", "/find?name={name}", {"name": "m"}),
        ("/near?lat=1", "/near?lat={lat}", {"lat": "1"}),
        ("/near?city=b", "/near?city={city}", {"city": "b"}),
        ("/any?x=1&b=2", "/any?{key}=1&b=2", {}),
        ("/wide/a/b/c", "/wide/{rest+}", {"rest": "a/b/c"}),
        ("/other", "", {}),
        ("", "", {}),
    ],
)
def test_a_call_belongs_to_the_most_literal_path_that_fits(url: str, path: str, values: dict[str, str]) -> None:
    texts = ["/things/{id}", "/things/mine", "/mine", "/things/", "/files/{any}", "/files/{name}.json"]
    texts += ["/pairs/{from}..{to}", "/a/{x}/c", "/a/b/{x}", "/search", "/search?kind=a", "/find?name={name}"]
    texts += ["/wide/{rest+}", "/any?{key}=1&b=2", "/near?lat={lat}", "/near?city={city}"]
    bound = paths_of(texts).bind("GET", url)
    assert (bound.path, dict(bound.values)) == (path, values)
    assert (bound.operation is None) == (path == "")


def test_a_method_that_a_path_lacks_leaves_the_path_and_head_is_get() -> None:
    document = Document.of(whole({"/a/{b}": {"get": {"responses": {}}}, "/a/c": {"post": {"responses": {}}}}))
    assert document.bind("DELETE", "/a/1").operation is None
    assert document.bind("DELETE", "/a/1").path == "/a/{b}"
    head = document.bind("head", "/a/1").operation
    assert head
    assert head.name == "GET /a/{b}"
    get = document.bind("GET", "/a/c").operation
    assert get
    assert get.name == "GET /a/{b}"


@pytest.mark.parametrize(
    ("servers", "url", "base_url", "bound"),
    [
        (["https://api.test/v1"], "https://other.test/v1/things", "", True),
        (["https://api.test/v1"], "/v1/", "", False),
        (["https://api.test/v1/"], "/v1/things", "", True),
        (["/v1"], "/v1/things", "", True),
        (["v1"], "/v1/things", "", True),
        (["/v1", "/v1/beta"], "/v1/beta/things", "", True),
        (["https://{region}.api.test/{version}"], "/v9/things", "", True),
        (["https://api.test/v1"], "/things", "", True),
        (["https://api.test/v1"], "/proxy/v1/things", "http://h/proxy", True),
        (["https://api.test/v1"], "/proxy/things", "http://h/proxy/", True),
        (["https://api.test"], "/api/things", "http://h/api", True),
        ([], "/api/things", "http://h/api", True),
        ([], "/api/things", "", False),
        (["https://api.test/v1"], "/v2/things", "", False),
        (["https://api.test/v1"], "/v10/things", "", False),
        (["{url}"], "/things", "", True),
        (["https://api.test", "{url}"], "/things", "", True),
        (["/{tenant}", "/"], "/things", "", True),
        (["https://api.test/a%20b"], "/a%20b/things", "", True),
    ],
)
def test_the_path_of_a_server_stands_before_a_path(servers: list[str], url: str, base_url: str, bound: bool) -> None:
    document = paths_of(["/things", "/x"], servers=[{"url": each} for each in servers])
    found = document.bind("GET", url, base_url)
    assert (found.path == "/things") == bound


def test_variables_of_a_server_stand_for_what_they_list() -> None:
    server = {"url": "/{version}", "variables": {"version": {"default": "v1", "enum": ["v1", "v2"]}}}
    document = paths_of(["/{any}"], servers=[server])
    assert document.bind("GET", "/v2/x").path == "/{any}"
    assert document.bind("GET", "/v3/x").path == ""


def test_a_path_of_parameters_alone_takes_no_call_below_a_server_that_does_not_fit() -> None:
    document = paths_of(["/{a}/{b}", "/{any}", "/x/{c}"], servers=[{"url": "/v1"}])
    assert document.bind("GET", "/v1/1/2/3").path == ""
    assert document.bind("GET", "/v1/a").values == {"any": "a"}
    assert document.bind("GET", "/v1").path == ""
    assert document.bind("GET", "/v10").values == {"any": "v10"}


def test_a_variable_can_be_a_whole_address() -> None:
    server = {"url": "{url}/v1", "variables": {"url": {"default": "https://api.test/deep"}}}
    assert paths_of(["/{any}"], servers=[server]).bind("GET", "/deep/v1/x").values == {"any": "x"}


def test_of_two_servers_the_one_counts_that_leaves_the_more_literal_path() -> None:
    document = paths_of(["/{any}", "/token/new"], servers=[{"url": "/{tenant}"}, {"url": "/"}])
    assert document.bind("GET", "/token/new").path == "/token/new"


def test_a_path_may_have_servers_of_its_own() -> None:
    own = {"get": {"responses": {}}, "servers": [{"url": "https://files.test/upload"}]}
    op = {"get": {"responses": {}, "servers": [{"url": "/deep"}]}}
    shared: dict[str, Any] = {"get": {"responses": {}}}
    document = Document.of(whole({"/own": own, "/op": op, "/shared": shared}, servers=[{"url": "/v1"}]))
    assert document.bind("GET", "/upload/own").path == "/own"
    assert document.bind("GET", "/v1/own").path == ""
    assert document.bind("GET", "/v1/shared").path == "/shared"
    assert document.bind("GET", "/upload/shared").path == ""
    assert document.bind("GET", "/deep/op").path == "/op"


LITERAL = st.text("abcdefgh-_.~", min_size=1, max_size=6)
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="{}"), min_size=1, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(LITERAL, st.one_of(st.none(), VALUE)), min_size=1, max_size=5))
def test_the_values_in_a_call_come_back_as_they_were(pieces: list[tuple[str, str | None]]) -> None:
    template = "".join(
        f"/{{p{index}}}" if value is not None else f"/{text}" for index, (text, value) in enumerate(pieces)
    )
    called = "".join("/" + quote(text if value is None else value, safe="") for text, value in pieces)
    bound = paths_of([template, "/elsewhere/{of}/the/document/entirely/deep"]).bind("GET", called)
    assert bound.path == template
    assert bound.values == {f"p{index}": value for index, (_, value) in enumerate(pieces) if value is not None}


def test_a_call_is_found_among_a_thousand_paths() -> None:
    texts = [f"/group{number % 40}/{{id}}/part{number}/{{other}}" for number in range(1000)]
    document = paths_of(texts)
    assert all(document.bind("GET", text.replace("{", "").replace("}", "")).path == text for text in texts)
