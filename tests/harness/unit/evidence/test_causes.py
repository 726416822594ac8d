"""Why a run is red: the groups, their order, and the line of a service that says most."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bundled_failures as failures
import pytest
from bundles import Bundled, service, stamp

from tidegate.evidence.bundle import Bundle
from tidegate.evidence.causes import Cause, causes, signature
from tidegate.evidence.loglines import LogLine
from tidegate.evidence.logscores import telling, weight
from tidegate.records import Phase, TestRun


def found(folder: Path, *plants: Callable[[Bundled], None]) -> list[Cause]:
    run = Bundled(folder)
    for plant in plants:
        plant(run)
    return causes(Bundle(run.write()))


def test_a_green_run_has_no_causes(tmp_path: Path) -> None:
    assert found(tmp_path, failures.passed) == []


def test_failures_of_one_cause_are_one_and_the_likeliest_comes_first(tmp_path: Path) -> None:
    seen = found(tmp_path, *reversed(failures.EVERY))
    kinds = [(cause.kind, len(cause.tests)) for cause in seen]
    assert kinds[:3] == [("server-error", 3), ("contract", 2), ("assertion", 2)]
    assert kinds[3:] == [("test", 1), ("test", 1), ("slow", 1), ("clean-up", 1)]


def test_a_server_error_names_the_end_of_its_traceback(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.server_error)
    assert (cause.title, cause.service, cause.line) == ("POST /orders answered 500", "api", "KeyError: 'amount'")


def test_other_assertions_are_other_causes_although_pytest_tells_them_alike(tmp_path: Path) -> None:
    def another(run: Bundled) -> None:
        text = '>   assert order["count"] == 4, order\nE   AssertionError: {...}\nE   assert 3 == 4'
        run.test("tests/test_orders.py::test_b", "failed", kind="AssertionError", message="{...}", text=text)

    first, second = found(tmp_path, failures.assertion, another)
    assert (len(first.tests), first.title) == (2, "assert 3700 == 3750")
    assert (len(second.tests), second.title) == (1, "assert 3 == 4")


def test_an_assertion_of_other_values_is_one_cause(tmp_path: Path) -> None:
    def compared(run: Bundled) -> None:
        for index, value in enumerate(("'a'", "'it\\'s'", '"b c"')):
            text = f">   assert user['role'] in allowed\nE   assert {value} in ('x', \"y\")"
            run.exchange(f"tests/test_users.py::test_role[{index}]", "GET", f"/users/{index}", 200)
            run.test(f"tests/test_users.py::test_role[{index}]", "failed", kind="AssertionError", text=text)

    [cause] = found(tmp_path, compared)
    assert len(cause.tests) == 3


def test_a_fixture_that_fails_for_all_is_one_cause(tmp_path: Path) -> None:
    def fixture(run: Bundled) -> None:
        told = {"kind": "AssertionError", "message": "assert 500 == 201", "text": ">   assert made == 201\nE   assert"}
        run.exchange("tests/test_a.py::test_first", "POST", "/things", 409, phase="setup")
        for name in ("first", "second", "third"):
            run.test(f"tests/test_a.py::test_{name}", "error", "setup", **told)

    [cause] = found(tmp_path, fixture)
    assert len(cause.tests) == 3


def test_a_departure_says_what_was_promised_and_what_came(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.departure)
    assert cause.title.endswith('200 body /items/*/sku: promised an integer, came a string, "ROPE-10"')
    assert cause.exchange
    assert cause.exchange.operation == "GET /orders"


def test_a_mistake_of_the_test_accuses_no_service(tmp_path: Path) -> None:
    assert {(cause.kind, cause.line) for cause in found(tmp_path, failures.own_mistake)} == {("test", "")}


def test_a_service_that_was_killed_explains_what_came_after_and_nothing_before(tmp_path: Path) -> None:
    first, second = found(tmp_path, failures.assertion, failures.killed_api)
    assert (first.kind, len(first.tests), first.title) == ("service", 4, "api was killed: it had no memory left")
    assert (first.service, first.line) == ("api", "MemoryError while building the page of 90000 rows")
    assert (second.kind, len(second.tests)) == ("assertion", 2)


def test_a_service_that_was_shut_down_while_tests_ran_explains_their_errors(tmp_path: Path) -> None:
    def shut_down(run: Bundled) -> None:
        failures.passed(run)
        for line in (
            "received fast shutdown request",
            "worker exited with exit code 1",
            "database system is shut down",
        ):
            run.log(f"LOG:  {line}", "db", run.at)
        assert run.stack
        run.stack["services"]["db"] = service("postgres:17-trixie", state="exited", finished=stamp(run.at))
        name = "tests/test_later.py::test_after"
        run.exchange(name, "GET", "/users/1", 503, body='{"detail": "no database"}')
        run.test(name, "failed", kind="AssertionError", message="assert 503 == 200")

    [cause] = found(tmp_path, shut_down)
    assert (cause.kind, cause.service) == ("service", "db")
    assert cause.title == "db ended with exit code 0 while it was needed"
    assert cause.line == "LOG:  received fast shutdown request"


def test_a_service_that_hung_before_it_was_killed_explains_the_time_out(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.hung_api)
    assert (cause.kind, cause.tests) == ("service", ("tests/test_later.py::test_of_much",))


def test_a_time_out_before_others_passed_is_not_blamed_on_a_later_death(tmp_path: Path) -> None:
    def later(run: Bundled) -> None:
        run.at += 5
        failures.passed(run)
        failures.killed_api(run)

    first, second = found(tmp_path, failures.too_slow, later)
    assert [first.kind, second.kind] == ["service", "slow"]


def test_a_stack_that_did_not_start_names_the_service_and_its_line(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.not_started)
    assert (cause.kind, cause.service) == ("not-started", "migrate")
    assert cause.line == 'UndefinedTable: relation "customer" does not exist'
    assert "migrate ended with code 1" in cause.title


def test_what_ended_a_run_early_is_its_cause(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.refused_login)
    assert (cause.kind, cause.title) == ("stopped", "the API refused the login of admin@example.com")


def test_the_test_in_whose_midst_a_run_was_ended_is_no_cause_of_its_own(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.refused_in_a_test)
    assert (cause.kind, len(cause.tests), cause.answer) == ("stopped", 1, '{"detail": "Wrong password."}')
    assert (cause.service, "/auth/login" in cause.line) == ("api", True)


def test_a_record_that_stayed_is_a_cause_although_every_test_passed(tmp_path: Path) -> None:
    [cause] = found(tmp_path, failures.left_over)
    assert (cause.kind, cause.title) == ("clean-up", "clean-up left /users/7: 409: This user stays.")
    assert (cause.service, cause.line) == ("", "")


@pytest.mark.parametrize("said", ["DELETE /users/7 409", "ERROR: users_7 is referenced"])
def test_of_a_record_that_stayed_the_line_of_its_refusal_is_named(tmp_path: Path, said: str) -> None:
    def logged(run: Bundled) -> None:
        run.log("DELETE /users/70 204")
        run.log(said)
        run.log("GET /users/7 200")

    [cause] = found(tmp_path, failures.left_over, logged)
    assert (cause.service, cause.line) == ("api", said)


def test_of_a_service_that_was_killed_without_a_word_the_last_line_is_told(tmp_path: Path) -> None:
    def without_a_word(run: Bundled) -> None:
        failures.killed_api(run)
        run.logs["api"] = [line for line in run.logs["api"] if "Error" not in line[1]]

    cause, *_ = found(tmp_path, without_a_word)
    assert (cause.kind, cause.line) == ("service", "")
    assert "api logged no reason; its last line: INFO: tick 11" in cause.said


def test_a_changed_contract_is_named_by_what_breaks(tmp_path: Path) -> None:
    def changed(run: Bundled) -> None:
        failures.passed(run)
        run.run |= {"verdict": "failed", "exit_code": 79}
        breaks = {"operation": "DELETE /orders/{id}", "where": "204", "text": "no longer answered", "breaking": True}
        harmless = breaks | {"where": "200", "text": "new", "breaking": False}
        drift = {"lock": "changed", "changes": [harmless, breaks]}
        run.contract |= {"failures": ["1 change of the contract may break clients"], "drift": drift}

    [cause] = found(tmp_path, changed)
    assert (cause.kind, cause.title) == (
        "contract",
        "the contract changed: DELETE /orders/{id} 204: no longer answered",
    )


def test_a_run_that_ended_badly_for_no_known_reason_is_not_left_without_a_word(tmp_path: Path) -> None:
    def ended(run: Bundled) -> None:
        failures.passed(run)
        run.run |= {"verdict": "failed", "exit_code": 79}

    assert [cause.kind for cause in found(tmp_path, ended)] == ["stopped"]


def test_the_database_is_heard_beside_the_api_that_it_failed(tmp_path: Path) -> None:
    def refused(run: Bundled) -> None:
        run.log('ERROR:  duplicate key value violates unique constraint "users_name_key"', "db", at=run.at + 0.001)
        failures.server_error(run, 1)

    [cause] = found(tmp_path, refused)
    assert (cause.service, [service for service, _ in cause.also]) == ("api", ["db"])
    assert "users_name_key" in cause.also[0][1]
    assert cause.answer == '{"detail": "Internal error."}'


def test_a_service_that_never_started_is_heard_in_plain_words_too(tmp_path: Path) -> None:
    def no_module(run: Bundled) -> None:
        failures.not_started(run)
        run.logs["migrate"] = [(1.0, "python: No module named shopp"), (2.0, "bye")]

    [cause] = found(tmp_path, no_module)
    assert cause.line == "python: No module named shopp"


def test_causes_are_found_without_anything_but_the_tests(tmp_path: Path) -> None:
    run = Bundled(tmp_path)
    failures.server_error(run)
    run.write("run.json", "stack.json", "contract.json", "exchanges.jsonl", "logs/api.log", "logs/db.log")
    [cause] = causes(Bundle(tmp_path))
    assert (cause.kind, len(cause.tests), cause.line) == ("assertion", 3, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("assert 17 == 18", "assert 3 == 4"),
        ("assert 5170 == 4180", "assert 4171 == 2000"),
        ("assert 700.25 == 100.5", "assert 1.25 == 0.5"),
        ("no row 0b5a2c1e-3d9f-4c5b-8a6e-1f2d3c4b5a69", "no row 7c9e6679-7425-40de-944b-e07fc1f90ae7"),
        ("at 2026-11-23T17:00:00.123Z", "at 2026-11-24T08:00:01+00:00"),
        ("GET http://127.0.0.1:4711/a failed", "GET http://127.0.0.1:9/b failed"),
        ("test-6b04-ab@x.example is taken", "test-77-q@x.example is taken"),
        ("assert '' == 'tes...f-ba6b4d033f'", "assert '' == 'tes...8-bc4ca35ea2'"),
        ("{'id': 15, 'em...'viewer', ...}", "{'id': 7, 'ema...'viewer', ...}"),
    ],
)
def test_a_signature_is_the_same_in_another_run(one: str, other: str) -> None:
    def made(text: str) -> TestRun:
        return TestRun("a", phases=(Phase("call", "failed", kind="AssertionError", message=text),))

    assert signature(made(one)) == signature(made(other)) != signature(made("another"))


@pytest.mark.parametrize("other", ["assert 404 == 201", "assert 500 == 200", "assert 500 != 201", "assert 17 == 201"])
def test_another_status_is_another_failure(other: str) -> None:
    def made(text: str) -> TestRun:
        return TestRun("a", phases=(Phase("call", "failed", kind="AssertionError", message=text),))

    where = "\n +  where 500 = <Response [500 Internal Server Error]>.status_code"
    assert signature(made("assert 500 == 201" + where)) != signature(made(other + where))


@pytest.mark.parametrize(
    ("graver", "milder"),
    [
        ("FATAL:  the database system is out of disk", "ERROR:  duplicate key"),
        ('{"level": "error", "msg": "no"}', '{"level": "info", "msg": "ERROR in words"}'),
        ('{"status": 500, "error": "KeyError", "at": ["a.py:4"]}', '{"status": 500, "error": null}'),
        ('1.2.3.4 - "GET / HTTP/1.1" 502 -', '1.2.3.4 - "GET / HTTP/1.1" 200 502'),
        ("could not extend file: No space left on device", "WARNING: low"),
        ("Error: boom", "FATAL:  terminating connection due to administrator command"),
    ],
)
def test_the_graver_line_weighs_more(graver: str, milder: str) -> None:
    assert weight(graver) > weight(milder)


def test_a_harmless_log_tells_nothing() -> None:
    assert telling({"api": [LogLine(0, "INFO: started"), LogLine(1, "bye")]}) == []


def test_of_equal_lines_of_one_trace_the_one_of_the_same_span_is_told() -> None:
    trace = f"00-{5:032x}-{1:016x}-01"
    lines = [f"POST /users 201 {trace.replace('1-01', '2-01')}", f"POST /orders 201 {trace}"]
    [(service, line)] = telling({"api": [LogLine(at, text) for at, text in enumerate(lines)]}, trace)
    assert (service, line) == ("api", "POST /orders 201 00000000…")
