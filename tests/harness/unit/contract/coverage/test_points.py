from __future__ import annotations

from dataclasses import replace

import pytest
from unit.contract.coverage.documented import (
    DELETE,
    HEALTH,
    LIST,
    MAKE,
    OLD,
    PING,
    READ,
    Made,
    object_parameter,
    refused,
    sent,
)

from tidegate.contract.coverage.coverage import Coverage
from tidegate.contract.coverage.points import SKIPPED, rows_of
from tidegate.contract.model import Answer, Bound, Media, Operation, Parameter, RequestBody

FORM = Media("application/x-www-form-urlencoded")


def sides(operation: Operation, *skip: str) -> dict[str, list[str]]:
    [row] = rows_of([operation], skip or SKIPPED).values()
    return {side: list(row.of(side)) for side in ("positive", "negative", "input", "uncounted")}


def covered(operation: Operation, *exchanges: dict[str, object], skip: tuple[str, ...] = SKIPPED) -> set[str]:
    """The points that were seen after exchanges with the operation."""
    coverage = Coverage(Made((operation,)), skip)
    for each in exchanges:
        coverage.add(*sent(operation, **each))  # type: ignore[arg-type]
    [told] = coverage.to_json()["operations"]
    return {point for side in sides(operation) for point, was_seen in told[side].items() if was_seen}


def test_answers_are_positive_or_negative_and_failures_of_the_server_are_not_asked_for() -> None:
    assert sides(MAKE) == {
        "positive": ["201 application/json"],
        "negative": ["401 application/problem+json", "409 application/problem+json", "422 application/problem+json"],
        "input": ["body application/json"],
        "uncounted": ["default application/problem+json"],
    }
    assert sides(HEALTH)["uncounted"] == ["503 application/json"]


def test_an_optional_parameter_is_to_be_given_and_left_out_and_a_deprecated_one_is_not_asked_for() -> None:
    assert sides(LIST)["input"] == ["no query color", "no query limit", "query color", "query limit"]
    assert "query old" in sides(LIST)["uncounted"]


def test_a_required_parameter_is_only_to_be_given_and_one_of_the_path_always_is() -> None:
    operation = replace(READ, parameters=(*READ.parameters, Parameter("tenant", "header", required=True)))
    assert sides(operation)["input"] == ["header tenant"]


@pytest.mark.parametrize("name", ["Accept", "content-type", "Authorization"])
def test_headers_whose_documentation_means_nothing_are_no_parameters(name: str) -> None:
    assert sides(replace(READ, parameters=(Parameter(name, "header"),)))["input"] == []


def test_an_optional_body_is_to_be_left_out_as_well() -> None:
    body = RequestBody(False, (Media("application/json"), FORM))
    points = sides(replace(MAKE, body=body))["input"]
    assert points == ["body application/json", "body application/x-www-form-urlencoded", "no body"]


def test_default_is_asked_for_where_nothing_else_says_what_success_is() -> None:
    assert sides(PING)["positive"] == ["default application/json"]
    assert covered(PING, {"status": 200}) == {"default application/json"}
    assert covered(PING, {"status": 404}) == set()


def test_a_deprecated_operation_is_not_asked_for() -> None:
    assert sides(OLD) == {"positive": [], "negative": [], "input": [], "uncounted": ["200 application/json"]}


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("401", ["404"]),
        ("4XX", []),
        ("/things/*", []),
        ("GET /things/{id}", []),
        ("DELETE /things/{id}", ["401", "404"]),
        ("GET /things/{id} 404", ["401"]),
        ("/things 404", ["401", "404"]),
        ("GET /*", []),
    ],
)
def test_what_is_named_in_skip_coverage_is_not_asked_for(pattern: str, left: list[str]) -> None:
    assert [point[:3] for point in sides(READ, pattern)["negative"]] == left


def test_failures_of_the_server_are_asked_for_where_nothing_is_skipped() -> None:
    assert sides(HEALTH, "429")["negative"] == ["503 application/json"]
    assert covered(HEALTH, {"status": 503}, skip=()) == {"503 application/json"}


@pytest.mark.parametrize(
    ("documented", "came", "point"),
    [
        (("application/json",), "application/json; charset=utf-8", "200 application/json"),
        (("application/json",), "Application/JSON", "200 application/json"),
        (("application/json; v=1", "application/json; v=2"), "application/json;v=2", "200 application/json; v=2"),
        (("application/json; charset=utf-8",), "application/json", "200 application/json; charset=utf-8"),
        (("*/*", "text/*", "text/csv"), "text/csv", "200 text/csv"),
        (("*/*", "text/*"), "text/csv", "200 text/*"),
        (("*/*", "text/*"), "image/png", "200 */*"),
        (("application/json",), "text/html", None),
        (("application/json",), None, None),
    ],
)
def test_an_answer_covers_the_documented_media_type_that_says_most_about_it(
    documented: tuple[str, ...], came: str | None, point: str | None
) -> None:
    operation = replace(HEALTH, answers=(Answer("200", tuple(map(Media, documented))),))
    assert covered(operation, {"status": 200, "media": came}) == ({point} if point else set())


def test_a_status_covers_its_own_promise_before_that_of_its_class() -> None:
    operation = replace(DELETE, answers=(Answer("2xx"), Answer("204"), *refused("4XX")))
    assert covered(operation, {"status": 204}) == {"204"}
    assert covered(operation, {"status": 202}) == {"2XX"}
    assert covered(operation, {"status": 404, "media": "application/problem+json"}) == {"4XX application/problem+json"}
    assert covered(operation, {"status": 500}) == set()


def test_parameters_count_where_the_request_succeeded() -> None:
    assert covered(LIST, {"status": 422, "query": "limit=0", "media": "application/problem+json"}) == {
        "422 application/problem+json"
    }
    assert covered(LIST, {"status": 200, "query": "limit=5&old=1"}) == {
        "200 application/json",
        "query limit",
        "no query color",
        "query old",
    }


@pytest.mark.parametrize("query", ["filter[name]=a", "filter%5Bname%5D=a", "filter=name,a", "name=a", "filter="])
def test_an_object_is_given_in_whatever_style_its_fields_are_sent(query: str) -> None:
    operation = replace(LIST, parameters=(object_parameter("name"),))
    assert "query filter" in covered(operation, {"status": 200, "query": query})


def test_headers_and_cookies_are_given_by_their_names() -> None:
    operation = replace(LIST, parameters=(Parameter("X-Tenant", "header"), Parameter("seen", "cookie")))
    given = covered(operation, {"status": 200, "headers": (("x-tenant", "a"), ("Cookie", "a=b; seen=1"))})
    assert {"header X-Tenant", "cookie seen"} <= given
    assert {"no header X-Tenant", "no cookie seen"} <= covered(operation, {"status": 200})


def test_a_body_counts_by_its_media_type() -> None:
    operation = replace(MAKE, body=RequestBody(False, (Media("application/json"), FORM)))
    as_json = {"status": 201, "headers": (("Content-Type", "application/json"),), "body": b"{}"}
    assert covered(operation, as_json) == {"201 application/json", "body application/json"}
    assert covered(operation, {"status": 201}) == {"201 application/json", "no body"}
    streamed = {"status": 201, "headers": (("Content-Type", FORM.range), ("Transfer-Encoding", "chunked"))}
    assert covered(operation, streamed) == {"201 application/json", f"body {FORM.range}"}


def test_neither_a_head_nor_a_lost_answer_covers_anything() -> None:
    assert covered(HEALTH, {"status": 200, "method": "HEAD"}, {"status": None}) == set()


def test_what_is_bound_to_no_operation_is_passed_over() -> None:
    coverage = Coverage(Made((HEALTH,)))
    exchange, _ = sent(HEALTH, 200)
    coverage.add(exchange, Bound())
    coverage.add(exchange, Bound(READ, "/things/{id}"))
    assert coverage.tally.overall.covered == 0
