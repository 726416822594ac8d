from __future__ import annotations

import json

from tidegate.contract import findings
from tidegate.contract.findings import SEVERITY, Findings
from tidegate.records import Finding
from tidegate.settings.contract_forms import KINDS

FIELD = Finding("undocumented-field", "GET /things", "200 body /items/*/extra", "no such field", '"x"')
OPEN = Finding("unenforced-security", "GET /things", "request", "401 or 403", "200")


def test_a_finding_is_kept_once_with_all_who_saw_it() -> None:
    found = Findings()
    asked: list[str] = []
    for test in ("a", "b", "a"):
        found.add(FIELD, test, lambda: asked.append("curl") or "curl /things")  # type: ignore[func-returns-value]
    [sighting] = found
    assert (sighting.count, sighting.tests, sighting.curl, asked) == (3, ["a", "b"], "curl /things", ["curl"])


def test_what_hurts_most_comes_first_and_what_is_only_reported_last() -> None:
    found = Findings()
    worse = Finding("unenforced-security", "A", "request")
    found.add(worse, "t", level="report")
    found.add(FIELD, "t")
    found.add(OPEN, "t")
    assert [sighting.finding for sighting in found] == [OPEN, FIELD, worse]


def test_every_kind_has_its_place_among_the_severities() -> None:
    assert sorted(SEVERITY) == sorted(KINDS)


def test_findings_of_two_processes_are_the_same_as_of_one() -> None:
    one, two, whole = Findings(), Findings(), Findings()
    for part, finding, test in ((one, FIELD, "a"), (one, OPEN, "b"), (two, FIELD, "c")):
        part.add(finding, test)
        whole.add(finding, test)
    one.merge(two)
    assert one.to_json() == whole.to_json()


def test_merging_leaves_the_other_side_as_it_was() -> None:
    one, two = Findings(), Findings()
    two.add(FIELD, "a")
    one.merge(two)
    one.add(FIELD, "b")
    assert [sighting.tests for sighting in two] == [["a"]]


def test_findings_survive_their_way_through_json() -> None:
    found = Findings()
    found.add(FIELD, "a", lambda: "curl /things", known="agreed", level="report")
    assert Findings.from_json(json.loads(json.dumps(found.to_json()))).to_json() == found.to_json()


def test_an_api_that_departs_everywhere_does_not_grow_a_run_without_end() -> None:
    found = Findings()
    for number in range(findings.DIFFERENT + 3):
        found.add(Finding("invalid-body", f"GET /{number}", "200 body"), "t")
    for number in range(findings.TESTS + 5):
        last = found.add(Finding("invalid-body", "GET /0", "200 body"), f"t{number}")
    assert (len(found), found.more, len(last.tests)) == (findings.DIFFERENT, 3, findings.TESTS)


def test_a_finding_beyond_the_bound_is_still_handed_to_the_test_that_saw_it() -> None:
    found = Findings()
    for number in range(findings.DIFFERENT + 1):
        last = found.add(Finding("invalid-body", f"GET /{number}", "200 body"), "t")
    assert last.finding.operation == f"GET /{findings.DIFFERENT}"


def test_names_that_an_api_gives_its_fields_cannot_break_a_line_nor_a_terminal() -> None:
    found = Findings()
    odd = found.add(
        Finding("undocumented-field", "GET /a\nb", "200 body /\x1b[31m\ud800", came="x" * 9_000), "t"
    ).finding
    assert odd.operation == "GET /a\\nb"
    assert odd.where == "200 body /\\x1b[31m\\ud800"
    assert len(odd.came) == findings.LONGEST
