from __future__ import annotations

from typing import Any

import pytest

from tidegate.contract.coverage import Coverage
from tidegate.contract.document import Document
from tidegate.contract.drift import Change
from tidegate.contract.model import Bound
from tidegate.contract.outcome import Outcome
from tidegate.contract.page import page
from tidegate.contract.share import Described, Share
from tidegate.contract.summary import WIDTH, summary
from tidegate.records import Exchange, Finding, Message

PLAIN: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1.0.0"},
    "paths": {
        "/things": {
            "get": {"responses": {"200": {"description": ""}, "401": {"description": ""}}},
            "post": {"responses": {"201": {"description": ""}}},
        }
    },
}


@pytest.fixture
def outcome() -> Outcome:
    """A run that saw one of three answers, and nothing wrong."""
    document = Document.of(PLAIN)
    coverage = Coverage(document)
    operation = document.bind("GET", "http://h/things").operation
    coverage.add(Exchange(1, "t", "call", "", "GET", "http://h/things", Message(), 200, Message()), Bound(operation))
    share = Share(document=Described.of(document), exchanges=412, coverage=coverage)
    return Outcome("6b04", "strict", share, lock="same", whole=True)


def found(outcome: Outcome, kind: str, operation: str, where: str, **rest: Any) -> None:
    texts = {name: rest.pop(name, "") for name in ("promised", "came")}
    outcome.share.findings.add(Finding(kind, operation, where, **texts), rest.pop("test", "t.py::test_a"), **rest)


def test_a_green_run_says_one_line(outcome: Outcome) -> None:
    found(outcome, "undocumented-field", "GET /things", "200 body /extra", known="agreed")
    found(outcome, "undocumented-field", "GET /things", "200 body /more", known="agreed")
    assert summary(outcome) == [
        "412 exchanges checked against Things 1.0.0 (openapi 3.1), nothing new, 2 known; coverage 33.3 %"
    ]


def test_bodies_that_nobody_could_check_are_counted(outcome: Outcome) -> None:
    outcome.share.unchecked = 2
    [line] = summary(outcome)
    assert line.endswith("coverage 33.3 %; 2 bodies too large or not read")


def test_without_document_and_lock_nothing_is_said() -> None:
    assert summary(Outcome("6b04", share=Share(exchanges=12))) == []


def test_with_shapes_alone_they_are_named() -> None:
    share = Share(exchanges=1, shapes_locked=True)
    assert summary(Outcome("6b04", share=share)) == ["1 exchange held to the learned shapes, nothing new"]


RED = """\
412 exchanges checked against Things 1.0.0 (openapi 3.1), 4 new findings; coverage 33.3 %
  unenforced-security: GET /things, request (1 test): promised 401, came 200
  invalid-body: GET /things and 1 more, 200 body /name (2 tests): promised string, came 7
  (report) undocumented-field: GET /things, 200 body /extra (1 test)
CHANGED since it was accepted, and clients may break: 1 change
  GET /things 200 body /old: field removed
changed since it was accepted, no client breaks: 1 change; tidegate contract show
coverage: 33.3 % of the contract (1 of 3), 1 of 2 operations called
never called: POST /things
cheapest to add:
  GET /things 401: call it without a token
known, but without owner or reason: undocumented-status: GET /things, 418
known, but no longer occurs (--contract-update takes it out): missing-header: GET /things, 200 header ETag
lost with gw1, which crashed: what it saw, and so some of the coverage
FAILED: 1 change of the contract may break clients
FAILED: the contract is covered to 33.3 % (1 of 3), and contract.fail_under wants 90 %
next: mend the API or its document; `tidegate contract show` has all of it
  or take over findings with --contract-update, changes with `tidegate contract accept`
"""


def test_a_red_run_says_the_worst_first_and_what_to_do(outcome: Outcome) -> None:
    found(outcome, "undocumented-field", "GET /things", "200 body /extra", level="report")
    found(outcome, "invalid-body", "GET /things", "200 body /name", promised="string", came="7")
    found(outcome, "invalid-body", "POST /things", "200 body /name", promised="string", came="8", test="b")
    found(outcome, "unenforced-security", "GET /things", "request", promised="401", came="200")
    outcome.changes = [
        Change("GET /things", "200 body /old", "field removed", True),
        Change("POST /things", "", "new operation", False),
    ]
    outcome.incomplete = ["undocumented-status: GET /things, 418"]
    outcome.gone = ["missing-header: GET /things, 200 header ETag"]
    outcome.lost = ["gw1"]
    outcome.judge({"": 90.0})
    assert summary(outcome) == RED.splitlines()


def test_a_summary_is_short_whatever_happened(outcome: Outcome) -> None:
    for number in range(300):
        found(outcome, "invalid-body", f"GET /{number}", f"200 body /{number}", came="x" * 300)
    outcome.changes = [Change(f"GET /{number}", "", "operation removed", number % 2 == 0) for number in range(300)]
    outcome.gone = outcome.incomplete = [f"GET /{number}" for number in range(300)]
    outcome.share.troubles.update(f"trouble {number}" for number in range(300))
    outcome.judge({"": 90.0})
    lines = summary(outcome)
    assert len(lines) <= 27
    assert max(map(len, lines)) <= WIDTH
    assert "  … and 295 more: tidegate contract show" in lines


def test_of_more_tests_than_are_kept_it_says_how_many_at_least(outcome: Outcome) -> None:
    for number in range(35):
        found(outcome, "invalid-body", "GET /things", "200 body", test=f"t.py::test_{number}")
    assert "  invalid-body: GET /things, 200 body (20 tests or more)" in summary(outcome)
    assert any(line.endswith("test_2 and at least 17 more") for line in page(outcome))


def test_coverage_that_is_cut_says_how_many_resources_it_leaves_out() -> None:
    paths = {f"/{name}": {"get": {"responses": {"200": {"description": ""}}}} for name in "abcde"}
    coverage = Coverage(Document.of({**PLAIN, "paths": paths}))
    outcome = Outcome("6b04", "strict", Share(coverage=coverage))
    outcome.judge({"": 90.0})
    lines = summary(outcome)
    assert [line.split()[0] for line in lines[:4]] == ["coverage:", "operations", "a", "b"]
    assert lines[4] == "  … and 3 more below 100 %"


def test_what_was_not_failed_for_is_named_with_the_tests_that_saw_it(outcome: Outcome) -> None:
    for number in range(3):
        found(outcome, "invalid-body", "GET /things", "200 body", test=f"t.py::test_{number}")
    outcome.share.unclaimed = {("invalid-body", "GET /things", "200 body")}
    outcome.judge({})
    assert outcome.failures == ["1 new finding that no test has failed for, seen by t.py::test_0 and 2 others"]


def test_a_shape_that_was_meant_to_change_is_accepted_and_not_made_a_known_departure(outcome: Outcome) -> None:
    found(outcome, "changed-shape", "GET /things", "200 body /name")
    assert summary(outcome)[-1] == "  or take over changes with `tidegate contract accept`"
    found(outcome, "invalid-body", "GET /things", "200 body /name")
    both = "  or take over findings with --contract-update, changes with `tidegate contract accept`"
    assert summary(outcome)[-1] == both


def test_a_run_that_only_covers_too_little_says_what_to_do(outcome: Outcome) -> None:
    outcome.judge({"": 90.0})
    assert summary(outcome)[-1] == (
        "next: `tidegate contract show` has all that is not covered, and the tests that are cheapest to add"
    )


def test_show_names_three_of_the_tests_and_counts_the_others(outcome: Outcome) -> None:
    for number in range(5):
        found(outcome, "invalid-body", "GET /things", "200 body", test=f"t.py::test_{number}")
    assert "    seen 5 times, by t.py::test_0, t.py::test_1, t.py::test_2 and 2 more" in [*page(outcome)]


def test_show_has_all_of_it_with_a_command_for_each(outcome: Outcome) -> None:
    for number in range(30):
        curl = f"curl http://h/{number}"
        found(outcome, "invalid-body", f"GET /{number}", "200 body", curl=lambda curl=curl: curl, came="7")
    found(outcome, "undocumented-status", "GET /things", "418", known="a teapot")
    lines = [*page(outcome)]
    assert all(f"    curl: curl http://h/{number}" in lines for number in range(30))
    assert "    known: a teapot" in lines
    assert any(line.startswith("coverage: 33.3 %") for line in lines)


def test_an_outcome_survives_its_way_through_json(outcome: Outcome) -> None:
    found(outcome, "invalid-body", "GET /things", "200 body /name", promised="string", came="7")
    outcome.changes = [Change("GET /things", "200 body /old", "field removed", True, ("POST /things",))]
    outcome.share.shapes.learn("GET /things", 200, {"id": 1})
    again = Outcome.from_json(outcome.to_json(), outcome.share.shapes.to_text())
    assert again.to_json() == outcome.to_json()
    assert summary(again) == summary(outcome)
    assert again.share.shapes.to_text() == outcome.share.shapes.to_text()


def test_breaking_changes_fail_a_strict_run_and_no_other(outcome: Outcome) -> None:
    outcome.changes = [Change("GET /things", "", "operation removed", True)]
    outcome.judge({})
    assert outcome.failures == ["1 change of the contract may break clients"]
    outcome.mode = "report"
    outcome.judge({})
    assert outcome.failures == []
