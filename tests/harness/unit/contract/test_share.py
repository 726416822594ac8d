from __future__ import annotations

import json
from typing import Any

import pytest

from tidegate.contract.document import Document
from tidegate.contract.share import Described, Share, joined
from tidegate.errors import UsageError
from tidegate.records import Exchange, Finding, Message

PLAIN: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "paths": {"/things": {"get": {"description": "all", "responses": {"200": {"description": ""}}}}},
}
FIELD = Finding("undocumented-field", "GET /things", "200 body /extra")


def test_a_finding_that_one_worker_skipped_and_another_failed_for_has_failed_a_test() -> None:
    skipped, failed = Share(unclaimed={FIELD.key}), Share(told={FIELD.key})
    assert joined([skipped, failed]).unclaimed == joined([failed, skipped]).unclaimed == set()
    assert joined([skipped, skipped]).unclaimed == {FIELD.key}


def test_documents_that_bind_to_the_same_are_one_whatever_their_words() -> None:
    reworded = json.loads(json.dumps(PLAIN).replace('"all"', '"every thing"'))
    shares = [Share(document=Described.of(Document.of(plain)), exchanges=2) for plain in (PLAIN, reworded)]
    assert joined(shares).exchanges == 4


def test_runs_against_different_documents_are_refused() -> None:
    other = json.loads(json.dumps(PLAIN).replace('"200"', '"202"'))
    shares = [Share(document=Described.of(Document.of(plain))) for plain in (PLAIN, other)]
    with pytest.raises(UsageError, match="different documents"):
        joined(shares)


def test_a_share_that_saw_no_document_joins_one_that_did() -> None:
    named = Share(document=Described.of(Document.of(PLAIN)))
    assert str(joined([Share(), named]).document) == "Things 1 (openapi 3.0)"


def sent(ended: float, error: str = "", test: str = "t") -> Exchange:
    status = None if error else 200
    return Exchange(1, test, "call", "", "GET", "http://h/", Message(), status, started=ended, error=error)


def silent(*exchanges: Exchange) -> Share:
    share = Share()
    for exchange in exchanges:
        share.silence.note(exchange)
    return share


REFUSED = "ConnectError: refused"


def test_an_api_that_answers_nobody_any_more_is_told_with_who_noticed_first() -> None:
    one = silent(sent(1), sent(5, REFUSED, "b"), sent(6, REFUSED, "c"))
    other = silent(sent(1), sent(2, "ReadTimeout: "), sent(3), sent(4, REFUSED, "a"))
    told = "the API no longer answers since a (3 exchanges got no answer: ConnectError: refused)"
    assert str(joined([one, other]).silence) == str(joined([other, one]).silence) == told
    assert str(Share.from_json(joined([one, other]).to_json()).silence) == told


@pytest.mark.parametrize(
    "share",
    [
        silent(),
        silent(sent(1), sent(2, "ReadTimeout: ")),
        silent(sent(1, REFUSED), sent(2, REFUSED), sent(3)),
        silent(sent(1, "LocalProtocolError: "), sent(2, "LocalProtocolError: ")),
        joined([silent(sent(1, REFUSED), sent(2, REFUSED)), silent(sent(3))]),
    ],
)
def test_an_api_that_answers_again_or_was_not_asked_is_not_silent(share: Share) -> None:
    assert str(share.silence) == ""


def test_a_share_survives_its_way_through_json() -> None:
    share = Share(exchanges=3, unchecked=1, unclaimed={FIELD.key}, told={FIELD.key}, shapes_locked=True)
    share.findings.add(FIELD, "t")
    share.troubles["odd"] += 2
    share.shapes.learn("GET /things", 200, [1])
    again = Share.from_json(json.loads(json.dumps(share.to_json())), share.shapes.to_text())
    assert (again.to_json(), again.shapes.to_text()) == (share.to_json(), share.shapes.to_text())
