from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.contract.coverage.documented import DELETE, DOCUMENT, HEALTH, LIST, MAKE, OLD, PING, READ, Made, sent

from tidegate.contract.coverage import Coverage, failures
from tidegate.contract.coverage.shares import Share, shown
from tidegate.contract.model import Bound, Operation
from tidegate.errors import SettingsError, UsageError
from tidegate.records import Exchange

Seen = tuple[Exchange, Bound]
PROBLEM = "application/problem+json"
EXCHANGES = st.builds(
    sent,
    st.sampled_from([LIST, MAKE, READ, DELETE, HEALTH, PING, OLD]),
    st.sampled_from([200, 201, 204, 401, 404, 409, 422, 500, None]),
    query=st.sampled_from(["", "limit=1", "color=red&limit=2", "old="]),
    media=st.sampled_from(["application/json", PROBLEM, "text/csv", None]),
    body=st.sampled_from([b"", b"{}"]),
    headers=st.just((("Content-Type", "application/json"),)),
)


def covered_by(exchanges: Sequence[Seen], document: Made = DOCUMENT) -> Coverage:
    coverage = Coverage(document)
    for each in exchanges:
        coverage.add(*each)
    return coverage


def told(coverage: Coverage) -> str:
    return json.dumps(coverage.to_json())


@given(
    exchanges=st.lists(EXCHANGES, max_size=30),
    parts=st.integers(1, 6),
    again=st.integers(0, 3),
    random=st.randoms(use_true_random=False),
)
def test_any_split_over_any_number_of_parts_gives_the_same_to_the_last_digit(
    exchanges: list[Seen], parts: int, again: int, random: Random
) -> None:
    split: list[list[Seen]] = [[] for _ in range(parts)]
    for each in exchanges:
        random.choice(split).append(each)
    for part in split:  # logins and fixtures of a session, which every process has for itself
        part += exchanges[:again]
        random.shuffle(part)
    told_by_parts = [json.loads(told(covered_by(part))) for part in split]
    random.shuffle(told_by_parts)
    merged = Coverage.of_json(told_by_parts[0])
    for each_told in told_by_parts[1:]:
        merged.merge(each_told)
    assert told(merged) == told(covered_by(exchanges))


@given(order=st.permutations(DOCUMENT.operations), exchanges=st.lists(EXCHANGES, max_size=5))
def test_the_order_of_a_document_has_no_say(order: list[Operation], exchanges: list[Seen]) -> None:
    turned = tuple(replace(each, answers=each.answers[::-1]) for each in order)
    assert told(covered_by(exchanges, Made(turned))) == told(covered_by(exchanges))


def test_positive_and_negative_are_counted_apart_and_by_resource() -> None:
    coverage = covered_by([sent(LIST, 200, query="limit=1"), sent(READ, 404, media=PROBLEM), sent(HEALTH, 200)])
    things = coverage.by_resource()["things"]
    assert (things.operations, things.positive, things.negative, things.input) == (
        Share(2, 4),
        Share(1, 5),
        Share(1, 9),
        Share(2, 5),
    )
    assert coverage.by_resource()["health"].overall.complete
    assert coverage.tally.overall == Share(5, 21)
    assert coverage.percent == Fraction(500, 21)
    assert coverage.never_called() == ["GET /ping", "POST /things", "DELETE /things/{id}"]


def test_the_same_exchange_again_changes_nothing() -> None:
    assert told(covered_by([sent(LIST, 200)] * 3)) == told(covered_by([sent(LIST, 200)]))


def test_the_plain_data_says_the_number_as_it_is_shown() -> None:
    plain = covered_by([sent(LIST, 200), sent(HEALTH, 200)]).to_json()
    assert (plain["percent"], plain["covered"], plain["points"]) == (19.0, 4, 21)
    assert plain["resources"]["health"] == {
        "percent": 100.0,
        "covered": 1,
        "points": 1,
        "called": [1, 1],
        "positive": [1, 1],
        "negative": [0, 0],
        "input": [0, 0],
    }


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Share(0, 3), "0.0"),
        (Share(1, 3), "33.3"),
        (Share(2, 3), "66.6"),
        (Share(9999, 10000), "99.9"),
        (Share(3, 3), "100.0"),
        (Share(0, 0), "100.0"),
    ],
)
def test_a_share_is_never_rounded_up(share: Share, text: str) -> None:
    assert shown(share.percent) == text


@pytest.mark.parametrize(
    ("other", "seen"),
    [
        (Made((LIST, HEALTH)), "only some have"),
        (Made((replace(LIST, answers=()), *DOCUMENT.operations[1:])), "GET /things has other answers"),
    ],
)
def test_coverage_of_another_document_is_not_merged(other: Made, seen: str) -> None:
    with pytest.raises(UsageError, match=seen):
        Coverage(DOCUMENT).merge(Coverage(other).to_json())
    with pytest.raises(UsageError, match="cannot be merged"):
        Coverage(other).merge(Coverage(DOCUMENT).to_json())


def test_a_threshold_is_compared_exactly() -> None:
    coverage = covered_by([sent(LIST, 200, query="limit=1"), sent(HEALTH, 200)], Made((LIST, HEALTH)))
    assert coverage.tally.overall == Share(4, 8)
    assert failures(coverage, {"": 50, "health": 100}) == []
    [overall, things] = failures(coverage, {"": 50.01, "things": 42.86})
    assert str(overall) == "the contract is covered to 50.0 % (4 of 8), and contract.fail_under wants 50.01 %"
    assert (things.resource, things.wanted, things.got) == ("things", 42.86, Share(3, 7))
    assert failures(coverage, {"things": 42.85}) == []


def test_a_threshold_of_an_unknown_resource_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"(?s)'thing'.*it has health, old, ping, things"):
        failures(Coverage(DOCUMENT), {"thing": 90})


def test_a_document_without_operations_passes_no_threshold() -> None:
    assert [each.resource for each in failures(Coverage(Made(())), {"": 1})] == [""]
