from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from unit.contract.coverage.documented import DELETE, DOCUMENT, HEALTH, JSON, LIST, MAKE, OLD, READ, Made, refused, sent

from tidegate.contract.coverage import Coverage, suggestions, summary, table
from tidegate.contract.model import Answer, Operation, Parameter

PROBLEM = "application/problem+json"
WIDTH = 100


def seen(document: Made = DOCUMENT) -> Coverage:
    """Coverage by a suite that reads lists, asks once for what is not there, and never deletes."""
    coverage = Coverage(document)
    for each in (
        sent(LIST, 200, query="limit=1"),
        sent(LIST, 401, media=PROBLEM),
        sent(READ, 200),
        sent(HEALTH, 200),
        sent(MAKE, 422, media=PROBLEM),
    ):
        coverage.add(*each)
    return coverage


def text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def test_the_summary_says_the_number_and_what_to_do_about_it() -> None:
    assert text(summary(seen())) == dedent("""\
    coverage: 33.3 % of the contract (7 of 21), 4 of 6 operations called
                                    operations     answers    refusals      inputs     covered
      ping                                 0/1         0/1           -           -       0.0 %
      things                               3/4         2/5         2/9         2/5      31.5 %
    never called: GET /ping, DELETE /things/{id}
    cheapest to add:
      POST /things, GET /things/{id} 401: call it without a token
      GET /ping: call it
      GET /things: give query color once
      6 refusals that are missing are among what tidegate.cases.negative_cases() provokes
    """)


def test_the_table_says_of_each_resource_what_was_not_seen() -> None:
    assert text(table(seen())) == dedent("""\
    coverage: 33.3 % of the contract (7 of 21), 4 of 6 operations called
                                    operations     answers    refusals      inputs     covered
      health                               1/1         1/1           -           -     100.0 %
      old                                    -           -           -           -           -
      ping                                 0/1         0/1           -           -       0.0 %
      things                               3/4         2/5         2/9         2/5      31.5 %

    never called:
      GET /ping
      DELETE /things/{id}

    never seen:
      GET /things: 422; without query limit, query color
      POST /things: 201, 401, 409; body application/json
      GET /things/{id}: 200 text/csv, 401, 404

    cheapest to add:
      POST /things, GET /things/{id} 401: call it without a token
      GET /ping: call it
      GET /things: give query color once
      GET /things: leave out query limit once
      GET /things 422: give a parameter a malformed value, with no body to write
      6 refusals that are missing are among what tidegate.cases.negative_cases() provokes

    not counted: 6 that are deprecated or named in contract.skip_coverage
    """)


def test_what_is_covered_is_said_in_one_line() -> None:
    document = Made((HEALTH,))
    assert text(summary(seen(document))) == dedent("""\
    coverage: 100.0 % of the contract (1 of 1), 1 of 1 operations called
    """)


def test_nothing_is_wider_than_a_log() -> None:
    long = [
        replace(
            LIST,
            path=f"/things/{number}/" + "part-of-a-long-path/" * 8,
            tags=(f"a resource with a long name {number:02}",),
            answers=(Answer("200", JSON), *refused(*map(str, range(400, 430)))),
            parameters=tuple(Parameter(f"parameter-{place}", "query") for place in range(30)),
        )
        for number in range(40)
    ]
    coverage = Coverage(Made(tuple(long)))
    assert max(map(len, summary(coverage))) <= WIDTH
    for each in long:
        coverage.add(*sent(each, 200))
    assert max(map(len, table(coverage)[1:])) <= WIDTH + len(long[0].path)
    assert len(summary(coverage)) <= 15


def advice(operation: Operation, *statuses: int) -> list[str]:
    coverage = Coverage(Made((operation,)))
    for status in statuses:
        coverage.add(*sent(operation, status, media=PROBLEM if status >= 400 else "application/json"))
    return [str(each) for each in suggestions(coverage)]


UNKNOWN = "ask for an unknown id, with no body to write"


@pytest.mark.parametrize(
    ("operation", "statuses", "first"),
    [
        (LIST, (), "GET /things 200: call it"),
        (READ, (), "GET /things/{id} 200: call it with the id of a record that a test has made"),
        (DELETE, (), "DELETE /things/{id} 204: call it on a record of the test's own"),
        (MAKE, (), "POST /things 201: send it what it takes"),
        (MAKE, (401, 409, 422), "POST /things 201: send it what it takes, so far it was only refused"),
        (READ, (200,), "GET /things/{id} 200: ask with Accept: text/csv"),
        (DELETE, (204,), "DELETE /things/{id} 401: call it without a token"),
        (DELETE, (204, 401), f"DELETE /things/{{id}} 404: {UNKNOWN}"),
        (LIST, (200,), "GET /things: give query color, query limit once"),
        (LIST, (401, 422), "GET /things 200: call it, so far it was only refused"),
        (
            replace(MAKE, answers=(Answer("201", JSON), *refused("422"))),
            (201,),
            "POST /things: send application/json once",
        ),
    ],
)
def test_the_cheapest_test_is_the_first_one(operation: Operation, statuses: tuple[int, ...], first: str) -> None:
    assert advice(operation, *statuses)[0] == first


@pytest.mark.parametrize(
    ("operation", "statuses"), [(HEALTH, (200,)), (DELETE, (204, 401, 404)), (OLD, ()), (replace(LIST, answers=()), ())]
)
def test_where_nothing_is_missing_nothing_is_advised(operation: Operation, statuses: tuple[int, ...]) -> None:
    coverage = Coverage(Made((operation,)))
    for status in statuses:
        media = PROBLEM if status >= 400 else "application/json"
        coverage.add(*sent(operation, status, media=media))
    assert suggestions(coverage) == []
    assert "cheapest to add:" not in table(coverage)


def test_alike_tests_are_advised_as_one_and_the_one_that_covers_more_comes_first() -> None:
    operations = tuple(replace(READ, path=f"/{name}/{{id}}") for name in "abc")
    coverage = Coverage(Made((*operations, LIST)))
    for each in (*operations, LIST):
        coverage.add(*sent(each, 200))
    first, *others = map(str, suggestions(coverage))
    assert first == "GET /a/{id}, GET /b/{id} and 2 more 401: call it without a token"
    assert others[:2] == [
        "GET /a/{id}, GET /b/{id} and 1 more 200: ask with Accept: text/csv",
        f"GET /a/{{id}}, GET /b/{{id}} and 1 more 404: {UNKNOWN}",
    ]


@pytest.mark.parametrize("status", ["400", "402", "403", "406", "410", "412", "413", "415", "418", "422", "428", "429"])
def test_every_refusal_comes_with_a_way_to_provoke_it(status: str) -> None:
    [found] = advice(replace(DELETE, answers=(Answer("204"), *refused(status))), 204)
    assert found.startswith(f"DELETE /things/{{id}} {status}: ")
    assert found.rpartition(": ")[2]
