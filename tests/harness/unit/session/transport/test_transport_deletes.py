"""What a delete takes out of the ledger, and what stays in it to be looked at; and changes of a marker."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from unit.session.transport.ledgered import OURS, answer, entered

from tidegate.session.ledger import Ledger


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_delete_that_was_answered_so_takes_the_record_out(
    ledger: Ledger, against: Callable[..., httpx.Client], status: int
) -> None:
    client = against(answer(201, {"id": "a/b"}), answer(status, b""))
    client.post("/things")
    client.delete("/things/a%2Fb?force=1")
    assert entered(ledger) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 500, 302])
def test_a_delete_that_failed_keeps_the_record(
    ledger: Ledger, against: Callable[..., httpx.Client], status: int
) -> None:
    client = against(answer(201, {"id": 7}), answer(status, b""))
    client.post("/things")
    client.delete("/things/7")
    assert [entry[1] for entry in entered(ledger)] == ["7"]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_change_of_the_marker_is_noted_when_it_was_made(
    ledger: Ledger, against: Callable[..., httpx.Client], method: str
) -> None:
    client = against(answer(201, {"id": 7}), answer(422, b""), answer(200, b""), answer(204, b""))
    client.post("/things", json={"email": OURS})
    client.request(method, "/things/7", json={"email": "refused"})
    assert entered(ledger)[0][2] == OURS
    client.request(method, "/things/7", json={"name": "other field"})
    assert entered(ledger)[0][2] == OURS
    client.request(method, "/things/7", json={"email": "new"})
    assert entered(ledger)[0][2] == "new"


def test_a_delete_that_is_not_the_declared_one_leaves_the_record_in(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    client = against(answer(201, {"id": 7, "email": OURS}), answer(204, b""))
    client.post("/kept")
    client.delete("/kept/7")
    assert [entry[1] for entry in entered(ledger)] == ["7"]
    assert ledger.has_made("kept", "7")


def test_where_no_list_would_show_a_lie_clean_up_looks_at_what_was_said_to_be_deleted(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    """Only where a look tells whose the record is: an id may be given again, and `plain` says nothing of that."""
    for path, query in (("/kept", "?force=true"), ("/plain", ""), ("/things", "")):
        client = against(answer(201, {"id": 7, "email": OURS}), answer(204, b""))
        client.post(path)
        client.delete(f"{path}/7{query}")
    assert [entry[0] for entry in entered(ledger)] == ["kept"]
    assert not ledger.has_made("kept", "7"), "the guard must take it for deleted"


def test_not_more_than_some_deleted_records_are_looked_at(
    ledger: Ledger, against: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidegate.session.transport.LOOKED_AT", 2)
    client = against(*(reply for n in range(4) for reply in (answer(201, {"id": n}), answer(204, b""))))
    for number in range(4):
        client.post("/kept")
        client.delete(f"/kept/{number}?force=true")
    assert [entry[1] for entry in entered(ledger)] == ["0", "1"]


def test_what_belongs_to_a_deleted_record_is_not_taken_for_ours_any_more_and_looked_at_by_clean_up(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    """To the last generation: a server may delete all of them, and give their ids again."""
    client = against(*(answer(201, {"id": number}) for number in (7, 7, 8)), answer(204, b""))
    client.post("/parts", json={"thing": {"id": 7}})
    client.post("/pieces", json={"part": 7})
    client.post("/parts", json={"thing": {"id": 1}})
    assert ledger.has_made("parts", "7")
    client.delete("/things/7")
    assert [entry[:2] for entry in entered(ledger)] == [("parts", "7"), ("pieces", "7"), ("parts", "8")]
    assert [ledger.has_made(*entry[:2]) for entry in entered(ledger)] == [False, False, True]


def test_a_record_that_was_made_anew_below_another_does_not_go_with_its_first_parent(
    ledger: Ledger, against: Callable[..., httpx.Client]
) -> None:
    client = against(answer(201, {"id": 1}), answer(204, b""), answer(201, {"id": 1}), answer(204, b""))
    client.post("/parts", json={"thing": {"id": 7}})
    client.delete("/parts/1")
    client.post("/parts", json={"thing": {"id": 8}})
    client.delete("/things/7")
    assert ledger.has_made("parts", "1")


def test_the_same_id_below_two_parents_is_two_records(ledger: Ledger, against: Callable[..., httpx.Client]) -> None:
    client = against(answer(201, {"id": 8}), answer(201, {"id": 8}), answer(204, b""))
    client.post("/things/1/below")
    client.post("/things/2/below")
    client.delete("/things/1/below/8")
    assert [(made.id, made.parent, made.gone) for made in ledger.outstanding()] == [("8", "1", True), ("8", "2", False)]
    assert [ledger.has_made("below", "8", parent) for parent in "12"] == [False, True]
