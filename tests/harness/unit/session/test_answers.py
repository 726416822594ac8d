from __future__ import annotations

from typing import Any

import httpx
import pytest

from tidegate.session.answers import good, is_gone, is_missing, made_id, record_in, records_in, sent_record
from tidegate.settings import Resource

ROW = {"id": 7, "name": "x"}


@pytest.mark.parametrize(
    ("settings", "body", "record"),
    [
        ({}, ROW, ROW),
        ({}, {"data": ROW}, ROW),
        ({}, {"id": 1, "data": ROW}, {"id": 1, "data": ROW}),
        ({}, {"data": [ROW]}, {"data": [ROW]}),
        ({"id": "uuid"}, {"data": ROW}, ROW),
        ({"record": "thing"}, {"thing": ROW}, ROW),
        ({"record": "/a/thing"}, {"a": {"thing": ROW}}, ROW),
        ({"record": "0"}, [ROW], ROW),
        ({"record": "thing"}, ROW, None),
        ({}, [ROW], None),
        ({}, "text", None),
        ({}, None, None),
    ],
)
def test_a_record_is_where_the_settings_say_or_bare_or_under_data(
    settings: dict[str, Any], body: object, record: object
) -> None:
    assert record_in(body, Resource(name="things", **settings)) == record


@pytest.mark.parametrize(
    ("settings", "body", "records"),
    [
        ({}, [ROW], [ROW]),
        *(({}, {"other": [], name: [ROW], "total": 1}, [ROW]) for name in ("items", "data", "results", "things")),
        ({"items": "a.b"}, {"a": {"b": [ROW]}, "items": []}, [ROW]),
        ({"items": "a.b"}, {"items": [ROW]}, None),
        ({}, [ROW, "x", None], [ROW]),
        ({}, {"rows": [ROW]}, None),
        ({}, None, None),
    ],
)
def test_the_records_of_a_list_are_where_the_settings_say_or_in_a_usual_envelope(
    settings: dict[str, Any], body: object, records: object
) -> None:
    assert records_in(body, Resource(name="things", **settings)) == records


@pytest.mark.parametrize(
    ("answered", "sent", "location", "found"),
    [
        (ROW, {"id": 8}, "/things/9", 7),
        ({"id": 0}, None, "/things/9", 0),
        ({}, {"id": 8}, "/things/9", "9"),
        (None, {"id": 8}, None, 8),
        (None, {"id": 8}, "nowhere", 8),
        (None, None, "/things/a%2Fb/?x=1#y", "a/b"),
        (None, None, "/things/..", None),
        (None, None, None, None),
    ],
)
def test_the_id_of_what_was_made_is_from_the_answer_or_location_or_what_was_sent(
    answered: object, sent: object, location: str | None, found: object
) -> None:
    response = httpx.Response(201, headers={"Location": location} if location else {})
    assert made_id(answered, sent, Resource(name="things"), response) == found


def test_what_is_sent_may_have_the_envelope_of_the_answers() -> None:
    resource = Resource(name="things", record="thing")
    assert sent_record({"thing": ROW}, resource) == sent_record(ROW, resource) == ROW


@pytest.mark.parametrize(
    ("gone", "record", "is_so"),
    [
        ("", {"deleted_at": "now"}, False),
        ("deleted_at", {"deleted_at": "now"}, True),
        ("deleted_at", {"deleted_at": None}, False),
        ("deleted_at", {}, False),
        ("deleted", {"deleted": False}, False),
        ("deleted", {"deleted": True}, True),
        ("meta.state=archived", {"meta": {"state": "archived"}}, True),
        ("meta.state=archived", {"meta": {"state": "active"}}, False),
        ("state=3", {"state": 3}, True),
        ("state=3", {}, False),
        ("deleted=true", {"deleted": True}, True),
        ("deleted=true", {"deleted": False}, False),
    ],
)
def test_a_record_says_that_it_is_gone(gone: str, record: dict[str, Any], is_so: bool) -> None:
    assert is_gone(record, Resource(name="things", gone=gone)) is is_so


@pytest.mark.parametrize(
    ("missing", "status", "is_so"),
    [(("404", "410"), 404, True), (("404", "410"), 403, False), (("4xx",), 403, True), (("4xx",), 500, False)],
)
def test_a_status_says_that_there_is_nothing(missing: tuple[str, ...], status: int, is_so: bool) -> None:
    assert is_missing(httpx.Response(status), Resource(name="things", missing=missing)) is is_so


@pytest.mark.parametrize("status", [100, 302, 404, 500])
def test_what_is_no_success_is_raised_with_what_was_asked_and_answered_but_no_query(status: int) -> None:
    request = httpx.Request("PUT", "http://api/things/a%2Fb?api_key=secret")
    with pytest.raises(httpx.HTTPStatusError, match=rf"^PUT /things/a%2Fb answered {status} some text$"):
        good(httpx.Response(status, text="some\n  text", request=request))
