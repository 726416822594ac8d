"""What a test hears of the departures from the contract that it saw."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import pytest
from plugin.conftest import Project
from plugin.promised import EXTRA, Promised, contract_lines
from projects import Answer, Call


@pytest.fixture
def promised(project: Project, monkeypatch: pytest.MonkeyPatch) -> Promised:
    monkeypatch.chdir(project.path)
    return Promised(project)


GET = "assert client.get('/things').status_code == 200"
MIXED = """
@pytest.fixture
def before(client):
    client.get('/things')

@pytest.fixture
def after(client):
    yield
    client.get('/things')

@pytest.fixture
def after_that_fails(client):
    yield
    client.get('/things'); assert 3 == 4

@pytest.fixture(scope="module")
def shared(client):
    client.get('/things')

def test_sees_it(client): client.get('/things')
def test_sees_nothing(client): client.get('/parts')
def test_fails_by_itself(client): client.get('/things'); assert 1 == 2
def test_saw_it_in_setup(before): pass
def test_sees_it_in_teardown(after): pass
def test_fails_in_teardown(after_that_fails): pass
def test_made_the_shared_one(shared): pass
def test_uses_the_shared_one(shared): pass
@pytest.mark.xfail
def test_is_known_to_fail(client): client.get('/things')
@pytest.mark.xfail(strict=True)
def test_is_known_to_fail_by_itself(client): client.get('/things'); assert 1 == 2
def test_skips(client): client.get('/things'); pytest.skip("why not")
@pytest.mark.parametrize("n", [1, 2])
def test_many(client, n): assert client.get('/parts').is_success

import unittest
class TestOld(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _client(self, client): self.client = client
    def test_old(self): self.client.get('/things')
    def test_old_fails(self): self.client.get('/things'); self.fail("by itself")

def test_with_subtests(client, subtests):
    with subtests.test("one"): client.get('/things')
    with subtests.test("two"): client.get('/parts')
"""
OUTCOMES = {
    "test_sees_it": "FAILED",
    "test_sees_nothing": "PASSED",
    "test_fails_by_itself": "FAILED",
    "test_saw_it_in_setup": "FAILED",
    "test_sees_it_in_teardown": "ERROR",
    "test_fails_in_teardown": "ERROR",
    "test_made_the_shared_one": "FAILED",
    "test_uses_the_shared_one": "PASSED",
    "test_is_known_to_fail": "XFAIL",
    "test_is_known_to_fail_by_itself": "XFAIL",
    "test_many[1]": "PASSED",
    "test_many[2]": "PASSED",
    "TestOld::test_old": "FAILED",
    "TestOld::test_old_fails": "FAILED",
    "test_with_subtests": "FAILED",
}


def test_every_test_that_saw_it_fails_for_it_and_no_other_does_also_with_workers(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.project.test("import pytest\n" + MIXED)
    promised.project.test("def test_a(client): client.get('/things'), client.get('/things/1')", "test_other")
    one = promised.run("-rA")
    assert outcomes(one) == OUTCOMES
    one.stdout.fnmatch_lines(["*assert 3 == 4*", "*- Captured contract teardown -*"])
    alone, shapes = promised.kept(), (promised.path / "artifacts/contract/shapes.json").read_text()
    assert outcomes(promised.run("-rA", "-n", "2", "--dist=loadfile")) == OUTCOMES
    together = promised.kept()
    assert promised.found() == ["undocumented-field GET /things 200 body /*/extra"]
    assert (promised.path / "artifacts/contract/shapes.json").read_text() == shapes
    names = ("exchanges", "coverage", "told", "unclaimed", "drift", "failures")
    assert [together[name] for name in names] == [alone[name] for name in names]
    assert [each["count"] for each in (*alone["findings"], *together["findings"])] == [13, 13]


def outcomes(result: pytest.RunResult) -> dict[str, str]:
    """How each test ended; an error wins, as that of a teardown after a call that passed."""
    ended: dict[str, str] = {}
    for line in result.stdout.lines:
        word, _, rest = line.partition(" ")
        name = rest.partition("test_it.py::")[2].partition(" - ")[0]
        if word in ("PASSED", "FAILED", "ERROR", "XFAIL", "XPASS") and name and ended.get(name) != "ERROR":
            ended[name] = word
    return ended


def test_the_message_says_what_where_and_how_to_see_it_and_shows_no_traceback(promised: Promised) -> None:
    promised.answers["/things"] = [{"id": "x", "name": "a"}]
    promised.test(GET, GET)
    result = promised.run()
    assert result.ret == 1
    text = result.stdout.str()
    assert "\ndeparts from the contract, Things 1.0.0 (openapi 3.1)\n" in text
    assert "\ninvalid-body: GET /things, 200 body /*/id" in text
    assert "promised: " in text
    assert 'came: "x"' in text
    assert "curl: curl " in text
    assert "FAILED test_it.py::test_1 - Failed: invalid-body: GET /things, 200 body /*/id" in text
    assert "Traceback" not in text
    assert "contract.py" not in text


def test_a_test_that_fails_by_itself_shows_what_it_saw_beside_its_own_failure(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.test("client.get('/things'); assert 1 == 2")
    result = promised.run()
    result.stdout.fnmatch_lines(["*assert 1 == 2", "*- Captured contract call -*", "*undocumented-field: GET /things*"])
    result.assert_outcomes(failed=1)


def test_a_departure_that_only_skipped_tests_saw_fails_the_run(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.test("client.get('/things'); pytest.skip('why not')")
    result = promised.run()
    assert result.ret == 79
    seen = "FAILED: 1 new finding that no test has failed for, seen by test_it.py::test_0"
    result.stdout.fnmatch_lines([f"*{seen}"])


def test_x_ends_the_run_at_the_first_and_last_failed_repeats_it(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.test("client.get('/parts')", GET, "client.get('/parts')")
    keeping = ("-o", "addopts=-p no:anyio -p no:randomly")
    promised.run("-x", *keeping).assert_outcomes(passed=1, failed=1)
    promised.run("--lf", *keeping).assert_outcomes(failed=1)


def test_report_lists_what_was_seen_and_fails_nothing(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.test(GET)
    result = promised.run("--contract=report")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["*contract: 1 exchange checked against Things 1.0.0 (openapi 3.1), 1 new finding; coverage 25.0 %",
         "tidegate:   (report) undocumented-field: GET /things, 200 body /*/extra (1 test)*"]
    )  # fmt: skip


def test_a_kind_can_have_a_mode_of_its_own(promised: Promised) -> None:
    promised.settings(levels='{ undocumented-field = "off", invalid-body = "report" }')
    promised.answers["/things"] = [{"id": "x", "name": "a", "extra": 1}]
    promised.test(GET)
    assert promised.run().ret == 0
    assert promised.found() == ["invalid-body GET /things 200 body /*/id"]


def test_a_body_that_is_too_large_to_be_checked_is_counted(promised: Promised) -> None:
    promised.settings(body_limit="40")
    promised.answers["/things"] = [{"id": "x", "name": "a" * 40}]
    promised.test(GET, "client.head('/parts')", "client.get('/parts')")
    assert any(line.endswith("%; 1 body too large or not read") for line in promised.told())


def test_a_flaw_of_the_checks_fails_no_request_and_never_passes_for_a_contract_that_was_kept(
    promised: Promised, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("ours")

    # Loaded by name: an earlier run in this process may have left another one at the package.
    monkeypatch.setattr(import_module("tidegate.contract.check"), "check", broken)
    promised.test(GET)
    result = promised.run()
    assert result.ret == 79
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*note: GET 200 not checked: RuntimeError: ours*", "*1 exchange could not be checked"])
    assert promised.run("--contract=report").ret == 0


def test_off_asks_for_no_document_and_says_nothing(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.test(GET)
    assert promised.told("--contract=off") == []
    assert "GET /openapi.json" not in promised.project.stub.requests


@pytest.mark.parametrize(
    ("shown", "seen"),
    [
        (Answer(404, {"error": "no such path"}), "answered 404"),
        (Answer(200, ["no document"]), "/openapi.json holds"),
        (Answer(200, {"openapi": "3.1.0", "info": {}, "paths": []}), "an object at #/paths"),
    ],
)
def test_a_document_that_is_no_use_ends_the_run_with_one_message(promised: Promised, shown: Answer, seen: str) -> None:
    promised.shown = shown
    promised.test(GET, GET)
    result = promised.run()
    assert result.ret == 65
    text = result.stdout.str()
    assert text.count(seen) == 1
    assert "next: " in text
    assert "Traceback" not in text
    assert "passed" not in text


FIELD = "undocumented-field: GET /things, 200 body /*/extra"


def test_the_first_test_that_opens_a_client_while_it_runs_fails_as_any_other(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.project.test("def test_a(request): request.getfixturevalue('client').get('/things')")
    result = promised.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"{FIELD}*"])
    result.stdout.no_fnmatch_line("*no test has failed for*")


def test_a_finding_is_shown_in_full_once_and_afterwards_in_two_lines(promised: Promised) -> None:
    promised.answers["/things"] = [{"id": "x", "name": "a"}]
    promised.test(GET, GET, "client.get('/things'); assert 1 == 2")
    text = promised.run().stdout.str()
    assert text.count("\ninvalid-body: GET /things, 200 body /*/id") == 3
    assert len(re.findall(r'\ninvalid-body: [^\n]*: "x"[^\n]*\n  in full at test_it.py::test_0\n', text)) == 2
    for once in ("  promised: ", "  came: ", "  curl: ", "departs from the contract, ", "next: mend the API or its"):
        assert text.count(f"\n{once}") == 1, once


KNOWN_TO_FAIL = """
import pytest
@pytest.mark.xfail
def test_a(client): client.get('/things')
def test_b(client): client.get('/things'); pytest.xfail('by itself')
def test_c(client): client.get('/things')
def test_d(client): client.get('/things')
"""


def test_what_a_test_hides_that_is_known_to_fail_is_in_full_at_the_next(promised: Promised) -> None:
    promised.answers["/things"] = EXTRA
    promised.project.test(KNOWN_TO_FAIL)
    result = promised.run()
    result.assert_outcomes(xfailed=2, failed=2)
    assert result.stdout.str().count("\n  in full at test_it.py::test_c\n") == 1
    assert result.stdout.str().count("\n  curl: ") == 1


def test_an_api_that_stops_answering_is_told_once_with_the_test_since_when(promised: Promised) -> None:
    stub, usual = promised.project.stub, promised.project.stub.bend

    def stops(call: Call, way: Callable[[Call], Answer]) -> Answer:
        assert usual
        if call.path != "/things/7":
            return usual(call, way)
        stub.__exit__(None, None, None)
        return Answer(404, {"error": "none"}, {"Connection": "close"})

    stub.bend = stops
    promised.test(GET, "client.get('/things/7')", *["client.get('/things')"] * 3)
    lines = contract_lines(promised.project.run())  # in this one, the transport's errors may be loaded twice
    told = "the API no longer answers since test_it.py::test_2 (3 exchanges got no answer: ConnectError: "
    assert [line.startswith(told) for line in lines].count(True) == 1
    assert sum("no answer" in line for line in lines) == 1
