"""The list of users: its shape, its filter and its pages."""

from typing import Any

import httpx
import pytest

from tests.checks import expect, ids, items
from tests.promises import Promises
from tests.records import Record, search


@pytest.mark.readonly
def test_a_list_holds_whole_users(admin: httpx.Client) -> None:
    page = expect(admin.get("/users", params={"limit": 5}), 200)
    assert items(page), page  # the seeded admin at least
    for found in items(page):
        assert type(found["id"]) in (int, str), found
        assert "@" in found["email"], found
        assert isinstance(found["name"], str), found


@pytest.mark.parametrize("limit", [1, 2])
def test_a_list_is_no_longer_than_its_limit(admin: httpx.Client, family: list[Record], limit: int) -> None:
    assert len(items(expect(admin.get("/users", params={"limit": limit}), 200))) == limit


def test_a_prefix_finds_exactly_its_users(admin: httpx.Client, family: list[Record], prefix: str) -> None:
    found = items(search(admin, prefix))
    assert sorted(found, key=lambda user: str(user["email"])) == family


def test_a_longer_prefix_finds_fewer(admin: httpx.Client, family: list[Record], prefix: str) -> None:
    assert ids(search(admin, str(family[1]["email"]))) == [family[1]["id"]]


@pytest.mark.parametrize("wildcard", ["%", "_"])
def test_a_wildcard_in_a_prefix_means_itself(admin: httpx.Client, prefix: str, wildcard: str) -> None:
    assert not items(search(admin, wildcard + prefix[1:]))
    assert not items(search(admin, prefix + wildcard))


@pytest.mark.readonly
@pytest.mark.parametrize("sent", ["\x00", "\\", "'", "\U0001f30a"], ids=ascii)
def test_an_odd_prefix_is_no_server_error(admin: httpx.Client, sent: str) -> None:
    expect(admin.get("/users", params={"email_prefix": sent, "limit": 1}), 200, 400, 422)


def test_pages_do_not_overlap_and_miss_nobody(
    admin: httpx.Client, family: list[Record], prefix: str, promises: Promises
) -> None:
    pages = [ids(search(admin, prefix, limit=2, offset=offset)) for offset in (0, 2)]
    if pages[0] == pages[1]:
        promises.skip_unless("offset")
    assert [len(page) for page in pages] == [2, 1], pages
    assert sorted(map(str, pages[0] + pages[1])) == sorted(str(user["id"]) for user in family)


def test_total_counts_the_matches_and_not_the_page(
    admin: httpx.Client, family: list[Record], prefix: str, promises: Promises
) -> None:
    page = search(admin, prefix, limit=1)
    if not (isinstance(page, dict) and "total" in page):
        promises.skip_unless("total")
    assert page["total"] == 3, page


@pytest.mark.readonly
@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": -1}, {"limit": 101}, {"limit": "x"}, {"offset": -1}], ids=str
)
def test_a_bad_page_is_refused(admin: httpx.Client, promises: Promises, params: dict[str, Any]) -> None:
    response = admin.get("/users", params=params)
    if response.is_success:
        promises.skip_unless("strict")
    expect(response, 400, 422)
