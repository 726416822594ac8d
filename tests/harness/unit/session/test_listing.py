from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.session import listing
from tidegate.session.answers import NotUnderstood
from tidegate.session.collection import Collection
from tidegate.session.listing import NotListed
from tidegate.settings import Resource

Server = Callable[[httpx.Request], httpx.Response]
KINDS = ("offset", "page", "cursor", "link")


def collection(server: Server, **settings: Any) -> Collection:
    client = httpx.Client(base_url="http://api/v1", transport=httpx.MockTransport(server))
    return Collection(client, Resource(name="things", path="/things", marker="m", **settings))


def ids(server: Server, **settings: Any) -> list[Any]:
    return [record.id for record in collection(server, **settings).list(prefix="test-")]


def rows(numbers: Any) -> list[dict[str, Any]]:
    return [{"id": number} for number in numbers]


def paged(source: Callable[[], list[int]], paging: str, cap: int, *, overlap: int = 0) -> Server:
    """A server that gives at most `cap` records a page, and the last `overlap` of the page before once more."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        limit = min(int(asked.get("limit", cap)), cap)
        start = {
            "offset": int(asked.get("offset", 0)),
            "page": (int(asked.get("page", 1)) - 1) * limit,
        }.get(paging, int(asked.get("cursor", 0)))
        everything = source()
        page = everything[max(0, start - overlap) : start + limit]
        more = start + limit < len(everything)
        body = {"items": rows(page), "next_cursor": str(start + limit) if paging == "cursor" and more else None}
        link = f'</v1/things?cursor={start + limit}>; rel="next"'
        return httpx.Response(200, json=body, headers={"Link": link} if paging == "link" and more else {})

    return answer


@given(
    st.sampled_from(KINDS),
    st.integers(0, 40),
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(1, 12),
)
def test_a_list_is_whole_and_has_nothing_twice(paging: str, count: int, cap: int, overlap: int, size: int) -> None:
    server = paged(lambda: list(range(count)), paging, cap, overlap=min(overlap, cap - 1))
    assert ids(server, paging=paging, page_size=size) == list(range(count))


@given(st.sampled_from(("offset", "page")), st.integers(1, 30), st.integers(1, 9))
def test_a_server_that_ignores_where_the_page_begins_is_asked_twice(paging: str, count: int, cap: int) -> None:
    asked: list[httpx.URL] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json=rows(range(min(count, cap))))

    assert ids(server, paging=paging) == list(range(min(count, cap)))
    assert len(asked) == 2


@pytest.mark.parametrize("cursor", ["same", "new"])
def test_a_server_whose_cursor_leads_in_a_circle_is_left(cursor: str) -> None:
    number = itertools.count()

    def server(request: httpx.Request) -> httpx.Response:
        following = "same" if cursor == "same" else f"c{next(number)}"
        return httpx.Response(200, json={"items": rows([1, 2]), "next_cursor": following})

    assert ids(server, paging="cursor") == [1, 2]
    assert next(number) < 3


def test_an_empty_page_that_names_a_next_one_is_not_the_end() -> None:
    pages = {None: ([], "a"), "a": ([1], "b"), "b": ([], "c"), "c": ([2], None)}

    def server(request: httpx.Request) -> httpx.Response:
        found, cursor = pages[request.url.params.get("cursor")]
        return httpx.Response(200, json={"items": rows(found), "next_cursor": cursor})

    assert ids(server, paging="cursor") == [1, 2]


def test_an_empty_page_that_names_itself_as_the_next_one_is_left_at_once() -> None:
    number = itertools.count()

    def server(request: httpx.Request) -> httpx.Response:
        next(number)
        return httpx.Response(200, json={"items": [], "next_cursor": "a"})

    assert ids(server, paging="cursor") == []
    assert next(number) == 2


def test_empty_pages_without_an_end_are_left() -> None:
    number = itertools.count()
    server: Server = lambda _request: httpx.Response(200, json={"items": [], "next_cursor": f"c{next(number)}"})  # noqa: E731
    assert ids(server, paging="cursor") == []
    assert next(number) == listing.EMPTY


def test_a_list_without_an_end_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGES", 7)
    number = itertools.count()
    with pytest.raises(NotListed, match="GET /v1/things did not come to an end in 7 pages"):
        ids(lambda _request: httpx.Response(200, json=rows([next(number)])))


@pytest.mark.parametrize("paging", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_a_list_that_shifts_while_records_go_is_emptied_in_the_end(paging: str, seed: int) -> None:
    """Each pass may miss what moved to a page that was read; passes until nothing new find all."""
    chance = random.Random(seed)
    there = list(range(30))

    def source() -> list[int]:
        if there and chance.random() < 0.3:
            there.remove(chance.choice(there))
        return list(there)

    server = paged(source, paging, 4)
    for _ in range(30):
        for found in ids(server, paging=paging):
            if found in there:
                there.remove(found)
    assert there == []


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<http://api/v1/things?p=2>; rel="next"', "http://api/v1/things?p=2"),
        ("</v1/things?p=2>; rel=next", "http://api/v1/things?p=2"),
        ("<?p=2>;rel=NEXT", "http://api/v1/things?p=2"),
        ("<things?p=2> ; rel = next", "http://api/v1/things?p=2"),
        ('<a>; rel="prev", <?p=2>; rel="last next"; title="x, y"', "http://api/v1/things?p=2"),
        ('<?p=1,5>; title="<a>; rel=\\"next\\", "; rel=prev, <?p=2>; rel=next', "http://api/v1/things?p=2"),
        ('<?p=3>; rel=next; anchor="#other", <?p=2>; rel=next', "http://api/v1/things?p=2"),
        ("<?p=3>; rel=prev; rel=next, <?p=2>; rel=next", "http://api/v1/things?p=2"),
        ('<http://api:80/v1/things?p=2>; rel="next"', "http://api/v1/things?p=2"),
        ('<a>; rel="prev"', None),
        ("", None),
        ("nonsense", None),
        ('<?p=2>; rel="nextpage"', None),
    ],
)
def test_the_next_page_is_where_the_link_says(link: str, following: str | None) -> None:
    asked: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=rows([len(asked)]), headers={"Link": link} if len(asked) == 1 else {})

    ids(server, paging="link", limit="")
    assert asked[0] == "http://api/v1/things"
    assert asked[1:] == ([following] if following else [])


@pytest.mark.parametrize(
    "there", ["http://evil/v1/things", "https://api/v1/things", "http://api:81/v1/things", "//evil/v1/things"]
)
@pytest.mark.parametrize("paging", ["cursor", "link"])
def test_a_next_page_on_another_server_is_not_asked_and_said(there: str, paging: str) -> None:
    hosts: set[str] = set()

    def server(request: httpx.Request) -> httpx.Response:
        hosts.add(f"{request.url.scheme}://{request.url.netloc.decode()}")
        return httpx.Response(
            200, json={"items": rows([1]), "next_cursor": there}, headers={"Link": f"<{there}>; rel=next"}
        )

    if (paging, there[:2]) == ("cursor", "//"):  # no URL: it is sent as a cursor, to this very server
        ids(server, paging=paging)
    else:
        with pytest.raises(NotUnderstood, match="is said to be on another server"):
            ids(server, paging=paging)
    assert hosts == {"http://api"}


@pytest.mark.parametrize(
    ("cursor", "asked"),
    [
        ("abc", "limit=100&cursor=abc"),
        (5, "limit=100&cursor=5"),
        (0, "limit=100&cursor=0"),
        ("/9j/4AAQ==", "limit=100&cursor=%2F9j%2F4AAQ%3D%3D"),
        ("?page=2", "page=2"),
        ("http://api/v1/things?page=2", "page=2"),
        ("/v1/things?page=2", "page=2"),
        ("/v1/things/?page=2", "page=2"),
    ],
)
def test_a_cursor_is_a_value_or_a_url(cursor: object, asked: str) -> None:
    queries: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        queries.append(request.url.query.decode())
        found = {"items": rows([len(queries)]), "next": {"at": cursor if len(queries) == 1 else None}}
        return httpx.Response(200, json=found)

    ids(server, paging="cursor", cursor="next.at")
    assert queries == ["limit=100", asked]


@pytest.mark.parametrize("end", [None, "", False, {}, []])
def test_a_cursor_that_is_none_is_the_end(end: object) -> None:
    server: Server = lambda _request: httpx.Response(200, json={"items": rows([1]), "next_cursor": end})  # noqa: E731
    assert ids(server, paging="cursor") == [1]


@pytest.mark.parametrize(
    ("settings", "query"),
    [
        ({"filter": "q={prefix}&x="}, "q=test-&x=&limit=100&offset=0"),
        (
            {"filter": "like=%5E{prefix}*", "limit": "per_page", "offset": "skip"},
            "like=%5Etest-%2A&per_page=100&skip=0",
        ),
        ({"filter": "f[e][_sw]={prefix}", "paging": "none"}, "f%5Be%5D%5B_sw%5D=test-"),
        ({"filter": 'f={"w":{"e":"{prefix}%"}}', "paging": "none"}, "f=%7B%22w%22%3A%7B%22e%22%3A%22test-%25%22%7D%7D"),
        ({"filter": "*", "paging": "page", "first_page": 0, "page_size": 7}, "limit=7&page=0"),
        ({"list": "GET /all?kind=thing", "paging": "none"}, "kind=thing"),
        ({"list": "GET /all?name={prefix}", "paging": "link", "limit": ""}, "name=test-"),
    ],
)
def test_the_query_is_what_the_settings_say(settings: dict[str, Any], query: str) -> None:
    asked: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return httpx.Response(200, json=[])

    ids(server, **settings)
    assert asked == [query]


@pytest.mark.parametrize(
    ("settings", "body"),
    [
        ({}, {"limit": 100, "offset": 0}),
        ({"list_body": {"w": {"e": "{prefix}%"}}}, {"w": {"e": "test-%"}, "limit": 100, "offset": 0}),
        (
            {"list_body": {"w": "{prefix}", "p": {"n": "{limit}", "from": "{offset}"}}},
            {"w": "test-", "p": {"n": 100, "from": 0}},
        ),
        ({"list_body": {"after": "{cursor}"}, "paging": "cursor"}, {"after": None, "limit": 100}),
        ({"list_body": {"sort": "id"}, "paging": "none"}, {"sort": "id"}),
    ],
)
def test_the_body_of_a_list_is_what_the_settings_say(settings: dict[str, Any], body: object) -> None:
    import json

    asked: list[Any] = []

    def server(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path, request.url.query, json.loads(request.content)))
        return httpx.Response(200, json=[])

    ids(server, list="POST /things/filter", **settings)
    assert asked == [("POST", "/v1/things/filter", b"", body)]


def test_records_that_count_as_gone_are_not_listed() -> None:
    found = [{"id": 1, "deleted_at": "now"}, {"id": 2, "deleted_at": None}, {"id": 3}]
    assert ids(lambda _request: httpx.Response(200, json=found), gone="deleted_at") == [2, 3]


def test_a_filter_that_needs_a_parent_says_so() -> None:
    things = collection(lambda _request: httpx.Response(200, json=[]), filter="o={parent.id}", parent="teams")
    with pytest.raises(NotUnderstood, match=r"cannot be asked for without \{parent.id\}"):
        list(things.list())
    assert list(things.below(7).list()) == []
