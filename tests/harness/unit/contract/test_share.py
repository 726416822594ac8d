from __future__ import annotations

import json
from typing import Any

import pytest

from tidegate.contract.document import Document
from tidegate.contract.share import Described, Share, joined
from tidegate.errors import UsageError
from tidegate.records import Finding

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


def test_a_share_survives_its_way_through_json() -> None:
    share = Share(exchanges=3, unchecked=1, unclaimed={FIELD.key}, told={FIELD.key}, shapes_locked=True)
    share.findings.add(FIELD, "t")
    share.troubles["odd"] += 2
    share.shapes.learn("GET /things", 200, [1])
    again = Share.from_json(json.loads(json.dumps(share.to_json())), share.shapes.to_text())
    assert (again.to_json(), again.shapes.to_text()) == (share.to_json(), share.shapes.to_text())
