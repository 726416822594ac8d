from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.session.jsonpath import dig, id_of, identity, plant

BODY: dict[str, Any] = {
    "data": {"items": [{"id": 7}, {"id": 8}], "a/b": 1, "m~n": 2, "": 3},
    "@odata.next": "x",
    "data.flat": "literal",
    "inner": {"x.y": {"z": 5}, "x": {"y": {"z": 6}}},
    "null": None,
}
# RFC 6901, 5
RFC = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", BODY),
        (".", BODY),
        ("data.items.1.id", 8),
        ("/data/items/1/id", 8),
        ("/data/a~1b", 1),
        ("/data/m~0n", 2),
        ("/data/", 3),
        ("data.items.2", None),
        ("data.items.-1", None),
        ("data.items.01", None),
        ("data.items.\u0661", None),
        ("/data/items/-", None),
        ("data.items.id", None),
        ("data.items.0.id.x", None),
        ("@odata.next", "x"),
        ("data.flat", "literal"),
        ("/data/flat", None),
        ("inner.x.y", {"z": 5}),
        ("inner.x.y.z", 6),
        ("/inner/x.y/z", 5),
        ("null", None),
        ("null.x", None),
    ],
)
def test_a_path_leads_to_what_it_says(path: str, found: object) -> None:
    assert dig(BODY, path) == found


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_pointers_of_the_rfc_lead_where_it_says(pointer: str, found: object) -> None:
    assert dig(RFC, pointer) == found


@given(st.lists(st.text(), min_size=1, max_size=4), st.integers())
def test_every_key_can_be_reached_by_a_pointer(keys: list[str], value: int) -> None:
    body: Any = value
    for key in reversed(keys):
        body = {key: body}
    assert dig(body, "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)) == value


@given(
    st.lists(st.text(st.characters(exclude_characters="./"), min_size=1), min_size=1, max_size=4),
    st.integers(),
    st.dictionaries(st.text(), st.integers()),
)
def test_what_was_planted_is_found_and_the_rest_stays(keys: list[str], value: int, rest: dict[str, Any]) -> None:
    for path in (".".join(keys), "/" + "/".join(key.replace("~", "~0") for key in keys)):
        body = {name: other for name, other in rest.items() if name not in (keys[0], ".".join(keys))}
        before = dict(body)
        plant(body, path, value)
        assert dig(body, path) == value
        assert {name: other for name, other in body.items() if name != keys[0]} == before


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)),
    st.text(),
)
def test_no_path_breaks_anything(body: Any, path: str) -> None:
    dig(body, path)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (7, 7),
        (0, 0),
        ("a/b", "a/b"),
        ("6f1c", "6f1c"),
        ("http://api/things/7", "7"),
        ("https://api/v1/things/a%2Fb/?x=1#y", "a/b"),
        ("/api/things/7/", "7"),
        ("/things/7.json", "7.json"),
        ("things/7", "things/7"),
        ("httpthing", "httpthing"),
        ("", None),
        (".", None),
        ("..", None),
        ("/things/%2E%2E", None),
        ("/", "/"),
        (True, None),
        (7.0, None),
        (None, None),
        ([7], None),
        ({"id": 7}, None),
    ],
)
def test_an_id_is_a_number_or_a_text_and_of_a_url_the_last_segment(found: object, told: object) -> None:
    assert identity(found) == told
    assert id_of({"id": found}, "id") == (None if told is None else str(told))
